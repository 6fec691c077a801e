#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Stock clients and the stock libvirtd, with virtzpcid in front of it and without: but for zPCI they cannot tell."""

import os
import random
import re
import subprocess
import sys
import unittest

import libvirt
from client_case import SECONDS, without_zpci
from front_place import FrontPlace, without_chance
from stock_daemon import require_namespaces, require_qemu
from upstream_case import names_of

sys.path.append(os.path.join(os.environ['ZPCI_SOURCE_DIR'], 'tests/wire'))
from polkit_double import PolkitDouble  # noqa: E402
from serving_daemon import SOMEBODY, STRANGER, Stranger, require_root, wait_for  # noqa: E402
from wire import AUTH_LIST, ERROR, LOOKUP, OPEN, REPLY, RemoteError, packet, optional, string, u32  # noqa: E402

TEST, SYSTEM = 'test:///default', 'qemu:///system'
FUNCTION, STANDBY = 'pci_0005_00_00_0', 'zpci_00000101'
MIB = 1 << 20
ALL_OPEN = 'unix_sock_rw_perms = "0777"\nauth_unix_ro = "none"\nauth_unix_rw = "none"\n'

# What virsh can ask the test driver without changing anything.
READING = '''
list --all|dominfo test|domstate test|domid test|domuuid test|dumpxml test|vcpucount test|vcpuinfo test|dommemstat test
domblklist test|domiflist test|domstats|schedinfo test|domhostname test|snapshot-list test|checkpoint-list test
nodeinfo|nodecpumap|nodememstats|freecell --all|capabilities|domcapabilities|sysinfo|hostname|uri|maxvcpus|version
net-list --all|net-dumpxml default|net-info default|net-dhcp-leases default|iface-list|iface-dumpxml eth1
pool-list --all|pool-dumpxml default-pool|pool-info default-pool|vol-list default-pool|secret-list|nwfilter-list
nodedev-list|nodedev-list --tree|nodedev-dumpxml computer|nodedev-info computer|dominfo nobody|nodedev-dumpxml nobody
'''
# What changes it, one after the other, and what can be seen of that.
CHANGING = '''
suspend test|domstate test --reason|resume test|setmem test 4194304|dominfo test|desc test a-title --title|desc test
snapshot-create-as test one|snapshot-list test|snapshot-dumpxml test one|snapshot-revert test one|snapshot-delete test one
autostart test|dominfo test|setvcpus test 1|metadata test urn:x --key k --set "<a/>"|dumpxml test
net-autostart default|net-destroy default|net-list --all|net-start default|pool-create-as new dir --target /nowhere
vol-create-as new vol 1M|vol-list new|vol-dumpxml vol new|vol-delete vol new|pool-destroy new|destroy test|list --all
start test|undefine test|shutdown test|list --all|define /nowhere
'''


def lines(commands):
    return [command for command in re.split(r'[|\n]', commands) if command]


def virsh(uri, *arguments, script=None):
    result = subprocess.run(['virsh', '-c', uri, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                            input=script, encoding='utf-8', check=False, timeout=SECONDS,
                            env=dict(os.environ, LC_ALL='C'))
    return result.returncode, result.stdout


class Virsh(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        require_namespaces()
        self.place = self.enterContext(FrontPlace())

    def both(self, name, command):
        return [without_chance('\n'.join(map(str, virsh(self.place.uri(way, name), *command.split()))))
                for way in self.place.ways]

    def test_reading(self):
        for command in lines(READING):
            with self.subTest(command):
                directly, through = self.both(TEST, command)
                self.assertEqual(through, directly)

    def test_the_machine(self):
        for command in ('list --all', 'version', 'capabilities', 'nodeinfo', 'net-list --all', 'pool-list --all',
                        'secret-list', 'nwfilter-list', 'domcapabilities', 'nodedev-list', 'nodedev-list --cap net',
                        'nodedev-dumpxml computer', 'nodedev-dumpxml pci_ffff_00_00_0', 'start nobody'):
            with self.subTest(command):
                directly, through = self.both(SYSTEM, command)
                self.assertEqual(through, directly)

    def test_zpci_is_added(self):
        for name in (SYSTEM, 'nodedev:///system'):
            directly, through = self.both(name, f'nodedev-dumpxml {FUNCTION}')
            self.assertIn("<zpci uid='0x0005' fid='0x0000000c'", through)
            self.assertEqual(without_zpci(through), directly)

    def test_changing(self):
        """In a shell of virsh: the test driver forgets everything when its last client has gone."""
        script = '\n'.join(lines(CHANGING)) + '\n'
        directly, through = (without_chance(virsh(self.place.uri(way, TEST), script=script)[1])
                             for way in self.place.ways)
        self.assertEqual(through, directly)
        for text in ('Domain snapshot one reverted', 'Vol vol created', "Domain 'test' has been undefined"):
            self.assertIn(text, directly)

    def test_reading_only(self):
        for command in ('list', 'suspend test', 'capabilities', 'destroy test', 'domstats'):
            outputs = []
            for way in self.place.ways.values():
                uri = f'test+unix:///default?socket={way}-ro'
                outputs.append(without_chance(str(virsh(uri, *command.split()))))
            self.assertEqual(*outputs)


class Connections(unittest.TestCase):
    def setUp(self):
        require_namespaces()
        self.place = self.enterContext(FrontPlace())

    def open(self, name=SYSTEM, way='through the front'):
        connection = libvirt.open(self.place.uri(way, name))
        self.addCleanup(connection.close)
        return connection

    def pump(self, done, what):
        wait_for(lambda: libvirt.virEventRunDefaultImpl() or done(), what)

    def test_node_devices(self):
        ours, direct = self.open(), self.open(way='directly')
        self.assertEqual(names_of(ours.listAllDevices()), names_of(direct.listAllDevices()))
        self.assertEqual(ours.listDevices('zpci'), [FUNCTION, 'pci_007a_00_00_0'])
        self.assertEqual(ours.numOfDevices('zpci'), 2)
        function = ours.nodeDeviceLookupByName(FUNCTION)
        self.assertEqual(function.listCaps(), ['pci', 'zpci'])
        self.assertEqual(function.numOfCaps(), 2)
        self.assertEqual(function.parent(), 'computer')

    def test_events_of_guests(self):
        told = []
        connection = self.open(TEST)
        number = connection.domainEventRegisterAny(
            None, libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE, lambda *seen: told.append(seen[2]), None)
        connection.lookupByName('test').suspend()
        connection.lookupByName('test').resume()
        self.pump(lambda: len(told) == 2, 'events')
        self.assertEqual(told, [libvirt.VIR_DOMAIN_EVENT_SUSPENDED, libvirt.VIR_DOMAIN_EVENT_RESUMED])
        connection.domainEventDeregisterAny(number)

    def test_registrations_of_node_devices(self):
        connection = self.open()
        numbers = [connection.nodeDeviceEventRegisterAny(None, event, lambda *_: None, None)
                   for event in (libvirt.VIR_NODE_DEVICE_EVENT_ID_LIFECYCLE, libvirt.VIR_NODE_DEVICE_EVENT_ID_UPDATE)]
        for number in numbers:
            connection.nodeDeviceEventDeregisterAny(number)

    def test_keepalive(self):
        connection = self.open()
        self.assertEqual(connection.setKeepAlive(1, 3), 0)
        self.assertEqual(connection.isAlive(), 1)

    def test_streams(self):
        """Up and down, and both are whole."""
        target = self.place.path('pool')
        os.mkdir(target)
        connection = self.open()
        pool = connection.storagePoolCreateXML(
            f"<pool type='dir'><name>p</name><target><path>{target}</path></target></pool>")
        data = random.Random(8).randbytes(8 * MIB)
        volume = pool.createXML(f"<volume><name>v</name><capacity>{len(data)}</capacity></volume>")
        stream = connection.newStream()
        volume.upload(stream, 0, len(data))
        stream.sendAll(lambda _stream, size, at: (data[at[0]:at[0] + size], at.__setitem__(0, at[0] + size))[0], [0])
        stream.finish()
        got = bytearray()
        stream = connection.newStream()
        volume.download(stream, 0, len(data))
        stream.recvAll(lambda _stream, more, _opaque: got.extend(more), None)
        stream.finish()
        self.assertEqual(bytes(got), data)
        stream = connection.newStream()
        volume.download(stream, 0, len(data))
        stream.recv(1000)
        stream.abort()
        self.assertEqual(connection.numOfStoragePools(), 1)
        pool.destroy()

    def test_descriptors(self):
        """They arrive at QEMU's driver, which keeps them for a guest that is started later."""
        require_qemu()
        connection = libvirt.open(self.place.uri('through the front'))
        domain = connection.defineXML("<domain type='qemu'><name>guest</name><memory>65536</memory>"
                                      "<os><type arch='s390x'>hvm</type></os></domain>")
        read, write = os.pipe()
        self.addCleanup(os.close, read)
        domain.FDAssociate('group', [write], 0)
        os.close(write)
        os.set_blocking(read, False)
        # Somebody else holds the other end, until the connection goes.
        self.assertRaises(BlockingIOError, os.read, read, 1)
        domain.undefine()
        del domain
        connection.close()
        wait_for(lambda: self.is_at_end(read), 'the descriptor goes with its connection')

    @staticmethod
    def is_at_end(fd):
        try:
            return os.read(fd, 1) == b''
        except BlockingIOError:
            return False

    def test_libvirtd_dies_and_comes_back(self):
        reasons = []
        connection = self.open()
        connection.registerCloseCallback(lambda _connection, reason, _opaque: reasons.append(reason), None)
        self.place.stock.kill()
        self.pump(lambda: reasons, 'the end')
        self.assertEqual(reasons, [libvirt.VIR_CONNECT_CLOSE_REASON_EOF])
        with self.assertRaisesRegex(libvirt.libvirtError, 'Failed to connect socket to .*: Connection refused'):
            libvirt.open(self.place.uri('through the front'))
        self.place.complaint = "virtzpcid: warning: client [0-9]+: Failed to connect socket to '.*': Connection refused\n"
        self.place.stock.launch()
        self.assertEqual(self.open().listDevices('zpci'), [FUNCTION, 'pci_007a_00_00_0'])

    def test_many_clients(self):
        connections = [self.open(TEST) for _ in range(200)]
        for connection in connections:
            self.assertEqual(connection.lookupByName('test').name(), 'test')


class SameRights(unittest.TestCase):
    """Each procedure, tried by each user over each socket, has the same answer through the front."""

    # Not asked: what ends the connection, authenticates, or says for whom it is; what would put the machine to
    # sleep; what counts node devices, of which the front may know more, and registrations, of all clients together.
    LEFT_OUT = {1, 2, 66, 67, 68, 69, 70, 111, 112, 217, 285, 313, 316, 368, 374, 419}
    # It decodes as empty texts and zeros for nearly all.
    ARGUMENTS = bytes(128)

    def table(self, place, name, numbers):
        """What each way answers, by user, socket and procedure."""
        for uid in (0, SOMEBODY):
            for suffix in ('', '-ro'):
                clients = {}
                for way, path in place.ways.items():
                    client = Stranger(path + suffix, uid)
                    self.addCleanup(client.__exit__)
                    clients[way] = client
                answers = {way: self.answers(client, name, numbers) for way, client in clients.items()}
                different = {number: (answer, answers['through the front'][number])
                             for number, answer in answers['directly'].items()
                             if answers['through the front'][number] != answer}
                self.assertEqual(different, {}, (uid, suffix))
                yield uid, suffix, answers['directly']

    @staticmethod
    def answer(client, number, arguments):
        """Streams that a call begins are nothing to it."""
        client.serial += 1
        client.send(packet(number, arguments, serial=client.serial))
        while True:
            reply = client.receive()
            if (reply.kind, reply.serial) == (REPLY, client.serial):
                break
        if reply.status != ERROR:
            return reply.payload
        error = RemoteError(reply.payload)
        return error.code, error.domain, error.message, *error.texts, *error.numbers

    def answers(self, client, name, numbers):
        found = {0: self.answer(client, AUTH_LIST, b''), 1: self.answer(client, OPEN, optional(name) + u32(0))}
        for number in numbers:
            if number not in self.LEFT_OUT:
                found[number] = self.answer(client, number, self.ARGUMENTS)
        return found

    def setUp(self):
        require_root()
        require_namespaces()

    def test_everything_on_the_test_driver(self):
        place = self.enterContext(FrontPlace(settings=ALL_OPEN))
        for uid, suffix, answers in self.table(place, TEST, range(3, 450)):
            denied = sum(answer[:1] == (29,) for answer in answers.values() if isinstance(answer, tuple))
            # A table of nothing would prove nothing.
            self.assertEqual(denied > 50, suffix == '-ro', (uid, suffix, denied))

    def test_what_reads_on_the_machine_with_access_control(self):
        rules = {f'org.libvirt.api.{action}': 'deny' for action in
                 ('connect.read', 'node-device.read', 'connect.search-domains')}
        polkit = self.enterContext(PolkitDouble({**rules, '*': 'allow'}))
        place = self.enterContext(FrontPlace(bus=polkit.address, settings=ALL_OPEN))
        for uid, _, answers in self.table(place, SYSTEM, (3, 4, 6, 7, 37, 51, 59, 110, 113, 114, 157, 273)):
            denied = [number for number, answer in answers.items() if answer[:1] == (88,)]
            self.assertEqual(denied != [], uid == SOMEBODY, answers)

    def test_who_may_not_connect(self):
        polkit = self.enterContext(PolkitDouble({'org.libvirt.api.connect.getattr': 'deny', '*': 'allow'}))
        place = self.enterContext(FrontPlace(bus=polkit.address, settings=ALL_OPEN))
        answers = []
        for path in place.ways.values():
            with Stranger(path, SOMEBODY) as client:
                client.call(AUTH_LIST)
                answers.append(self.answer(client, OPEN, optional(SYSTEM) + u32(0)))
        self.assertEqual(answers[0][:2], (88, 55), answers)
        self.assertEqual(*answers)

    def test_documents_that_are_kept_from_somebody(self):
        polkit = self.enterContext(PolkitDouble({f'org.libvirt.api.node-device.read {FUNCTION}': 'deny',
                                                 '*': 'allow'}))
        place = self.enterContext(FrontPlace(bus=polkit.address, settings=ALL_OPEN))
        arguments = string(FUNCTION) + u32(0)
        answers = []
        for path in place.ways.values():
            with Stranger(path, SOMEBODY) as client:
                client.open_name(SYSTEM)
                answers.append([self.answer(client, number, arguments) for number in (114, 116, 117)])
        self.assertEqual(answers[0][0][:2], (88, 55))
        self.assertEqual(*answers)

    def test_what_a_rule_can_go_by(self):
        """A device of ours is told to polkit in the words that libvirtd has for its own."""
        polkit = self.enterContext(PolkitDouble('allow'))
        place = self.enterContext(FrontPlace('qemu-s390x-states', bus=polkit.address, settings=ALL_OPEN))
        for name in (SYSTEM, 'nodedev:///system'):
            asked = []
            for way, device in (('directly', FUNCTION), ('through the front', STANDBY)):
                before = len(polkit.calls())
                with Stranger(place.ways[way], SOMEBODY) as client:
                    client.open_name(name)
                    self.assertEqual(client.call(LOOKUP, string(device)).string(), device)
                asked.append([(call['action'], call['details']['connect_driver']) for call in polkit.calls()[before:]
                              if call['details'].get('node_device_name') == device])
            self.assertTrue(asked[0], name)
            self.assertEqual(*asked, name)

    def test_who_is_nobody(self):
        """libvirtd does nothing for a user whom the machine has no name for."""
        place = self.enterContext(FrontPlace(settings=ALL_OPEN))
        place.complaint = "virtzpcid: warning: client [0-9]+: Failed to find user record for uid '54321'\n"
        answers = []
        for path in place.ways.values():
            with Stranger(path, STRANGER) as client:
                answers.append(self.answer(client, AUTH_LIST, b''))
                self.assertEqual(self.answer(client, OPEN, optional(TEST) + u32(0))[0] in (38, 39), True)
        self.assertEqual(answers[0][:3], (38, 0, "Failed to find user record for uid '54321'"))
        self.assertEqual(answers[1][:3], answers[0][:3])

    def test_with_polkit_at_the_door(self):
        polkit = self.enterContext(PolkitDouble('deny'))
        place = self.enterContext(FrontPlace(
            bus=polkit.address, settings='unix_sock_rw_perms = "0777"\nauth_unix_ro = "none"\n'))
        subjects, answers = [], []
        for path in place.ways.values():
            with Stranger(path, SOMEBODY) as client:
                self.assertEqual(client.call(AUTH_LIST).data, u32(1) + u32(2))
                said = []
                for rule in ('deny', 'challenge', 'dismiss'):
                    polkit.answer(rule)
                    said.append(self.answer(client, 70, b''))
                answers.append(said)
                self.assertEqual(self.answer(client, OPEN, optional(TEST) + u32(0))[:2], (39, 7))
                subjects.append({(call['action'], call['subject']['uid']) for call in polkit.calls()
                                 if call['subject']['pid'] == client.pid})
        self.assertEqual([answer[:2] for answer in answers[0]], [(45, 60), (94, 60), (79, 60)])
        # Newer releases of libvirt number what their formats take.
        self.assertEqual(*([[field.replace('%1$s', '%s') if isinstance(field, str) else field for field in answer]
                            for answer in said] for said in answers))
        self.assertEqual(subjects, [{('org.libvirt.unix.manage', SOMEBODY)}] * 2)


if __name__ == '__main__':
    unittest.main()
