#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Calls about node devices through the front: what is added to libvirtd's answers, what is answered in its place,
and what is left alone."""

import os
import unittest

from libvirtd_double import QEMU_URI, LibvirtdDouble, ServingFront
from polkit_double import PolkitDouble
from serving_daemon import SOMEBODY, Stranger, require_root, wait_for
from upstream_double import error_payload
from wire import (
    CALL_WITH_FDS, COUNT, COUNT_CAPS, DEREGISTER_EVENT, ERROR, GET_AUTOSTART, IS_ACTIVE, IS_PERSISTENT, LIST_ALL,
    LIST_CAPS, LIST_NAMES, LOOKUP, LOOKUP_WWN, MESSAGE, OPEN, PARENT, REGISTER_EVENT, REPLY, SET_IDENTITY, XML, Reader,
    WireTest, optional, packet, string, u32,
)

DETACH, DESTROY = 118, 124
# What the capture has.
FUNCTION, STANDBY = 'pci_0005_00_00_0', 'zpci_00000101'
# libvirtd's own documents, which need not agree with the capture.
DOCUMENT = f'''<device>
  <name>{FUNCTION}</name>
  <capability type='pci'>
    <class>0x020000</class>
  </capability>
</device>
'''
ACTIVE, INACTIVE, TRANSIENT, PCI = 1 << 31, 1 << 30, 1 << 29, 1 << 1
NO_NODE_DEVICE, FROM_NODE_DEVICE = 53, 22


def names(*all_names):
    return u32(len(all_names)) + b''.join(map(string, all_names))


class DevicesTest(WireTest):
    def setUp(self):
        self.libvirtd = self.enterContext(LibvirtdDouble())

    def serve(self, **settings):
        front = self.enterContext(ServingFront(self.libvirtd, **settings))
        return front.start()

    def open(self, front=None, uri=QEMU_URI, **settings):
        """What libvirtd makes of a name that is no URI is another matter."""
        self.client, self.behind = (front or self.serve()).opened(uri=uri, **settings)
        self.addCleanup(self.client.socket.close)
        self.addCleanup(self.behind.socket.close)

    def ask(self, procedure, arguments, answer, **fields):
        """What the client gets when libvirtd answers so."""
        call = packet(procedure, arguments, serial=self.client.serial)
        self.client.send(call)
        self.assertEqual(self.behind.receive_bytes(len(call)), call)
        self.behind.send(packet(procedure, answer, kind=REPLY, serial=self.client.serial, **fields))
        reply = self.client.receive()
        self.assertEqual((reply.procedure, reply.kind, reply.serial), (procedure, REPLY, self.client.serial))
        self.client.serial += 1
        return reply

    def assert_unchanged(self, procedure, arguments, answer, **fields):
        self.assertEqual(self.ask(procedure, arguments, answer, **fields).payload, answer)

    def assert_untold(self):
        """libvirtd heard of none of that."""
        self.assert_unchanged(LOOKUP, string('scsi_host0'), string('scsi_host0'))


class Added(DevicesTest):
    def setUp(self):
        super().setUp()
        self.open()

    def test_documents(self):
        reply = self.ask(XML, string(FUNCTION) + u32(0), string(DOCUMENT))
        document = Reader(reply.payload).string()
        self.assertIn("<zpci uid='0x0005' fid='0x0000000c'", document)
        before, _, rest = document.partition('    <zpci ')
        self.assertEqual(before + rest.partition('</zpci>\n')[2], DOCUMENT)

    def test_documents_of_others(self):
        for name in ('pci_0000_00_00_0', 'computer', 'scsi_host0', 'net_eth0_52_54_00_00_00_01'):
            self.assert_unchanged(XML, string(name) + u32(0), string(DOCUMENT))
        for document in ('<device/>', 'no document', '', '<device>&foreign;</device>'):
            self.assert_unchanged(XML, string(FUNCTION) + u32(0), string(document))
        # What does not decode is not ours to mend.
        self.assert_unchanged(XML, string(FUNCTION) + u32(0), b'\xff\xff\xff\xff')

    def test_errors(self):
        error = error_payload(NO_NODE_DEVICE, FROM_NODE_DEVICE, 'Node device not found: as libvirtd says')
        for procedure, arguments in ((XML, string(FUNCTION) + u32(0)), (COUNT, optional(None) + u32(0)),
                                     (LIST_ALL, u32(1) + u32(0)), (LIST_CAPS, string(FUNCTION) + u32(9))):
            self.assert_unchanged(procedure, arguments, error, status=ERROR)

    def test_capabilities(self):
        self.assertEqual(self.ask(COUNT_CAPS, string(FUNCTION), u32(2)).payload, u32(3))
        self.assertEqual(self.ask(LIST_CAPS, string(FUNCTION) + u32(9), names('pci', 'vpd')).payload,
                         names('pci', 'vpd', 'zpci'))
        self.assert_unchanged(LIST_CAPS, string(FUNCTION) + u32(2), names('pci', 'vpd'))
        self.assert_unchanged(COUNT_CAPS, string('pci_0000_00_00_0'), u32(1))

    def test_lists(self):
        self.assertEqual(self.ask(COUNT, optional(None) + u32(0), u32(2)).payload, u32(3))
        self.assertEqual(self.ask(LIST_NAMES, optional(None) + u32(9) + u32(0), names('a', 'b')).payload,
                         names('a', 'b', STANDBY))
        self.assert_unchanged(LIST_NAMES, optional(None) + u32(2) + u32(0), names('a', 'b'))
        for flags in (0, INACTIVE, ACTIVE | INACTIVE):
            self.assertEqual(self.ask(LIST_ALL, u32(1) + u32(flags), names('a') + u32(1)).payload,
                             names('a', STANDBY) + u32(2))
            self.assertEqual(self.ask(LIST_ALL, u32(0) + u32(flags), names() + u32(7)).payload, names() + u32(8))
        for flags in (ACTIVE, PCI, INACTIVE | PCI, INACTIVE | TRANSIENT, 1 << 22):
            self.assert_unchanged(LIST_ALL, u32(1) + u32(flags), names('a') + u32(1))

    def test_lists_by_capability(self):
        self.assert_unchanged(COUNT, optional('pci') + u32(0), u32(2))
        self.assertEqual(sorted(self.client.call(LIST_NAMES, optional('zpci') + u32(9) + u32(0)).strings()),
                         [FUNCTION, 'pci_007a_00_00_0', STANDBY])
        self.assertEqual(self.client.call(COUNT, optional('zpci') + u32(0)).u32(), 3)
        self.assert_untold()

    def test_functions_in_standby_are_ours(self):
        self.assertEqual(self.client.call(LOOKUP, string(STANDBY)).string(), STANDBY)
        self.assertIn('<zpci ', self.client.call(XML, string(STANDBY) + u32(0)).string())
        self.assertEqual(self.client.call(PARENT, string(STANDBY)).optional(), 'computer')
        self.assertEqual(self.client.call(LIST_CAPS, string(STANDBY) + u32(9)).strings(), ['zpci'])
        self.assertEqual([self.client.call(number, string(STANDBY)).u32()
                          for number in (COUNT_CAPS, IS_ACTIVE, IS_PERSISTENT, GET_AUTOSTART)], [1, 0, 1, 0])
        self.assert_refused(self.client, LOOKUP, string('zpci_ffffffff'), NO_NODE_DEVICE, FROM_NODE_DEVICE)
        self.assert_untold()

    def test_all_else_is_libvirtds(self):
        for procedure, arguments in ((LOOKUP, string(FUNCTION)), (PARENT, string(FUNCTION)), (DETACH, string(FUNCTION)),
                                     (IS_ACTIVE, string('mdev_1')), (LOOKUP_WWN, string('1') + string('2') + u32(0)),
                                     (123, string('<device/>') + u32(0)), (428, string('<device/>') + u32(0)),
                                     (DESTROY, string('mdev_1')), (LOOKUP, string('x' * 70000)),
                                     (REGISTER_EVENT, u32(7) + optional(None))):
            self.assert_unchanged(procedure, arguments, b'as it is')

    def test_answers_of_others_pass_meanwhile(self):
        self.client.send(packet(XML, string(FUNCTION) + u32(0), serial=50) + packet(16, b'domain  ', serial=51))
        self.behind.expect(XML)
        self.behind.expect(16)
        answers = packet(16, b'answer  ', kind=REPLY, serial=51)
        self.behind.send(answers)
        self.assertEqual(self.client.receive_bytes(len(answers)), answers)
        self.behind.send(packet(XML, string(DOCUMENT), kind=REPLY, serial=50))
        self.assertIn('<zpci', self.client.answer(XML, 50).string())

    def test_an_answer_comes_between_two_pieces_of_nothing(self):
        """Ours waits for the end of a frame that is on its way."""
        frame = packet(107, bytes(100000), kind=MESSAGE)
        self.behind.send(frame[:50000])
        self.assertEqual(self.client.receive_bytes(50000), frame[:50000])
        self.client.send(packet(LOOKUP, string(STANDBY), serial=60))
        self.assertTrue(self.client.is_silent())
        self.behind.send(frame[50000:])
        self.assertEqual(self.client.receive_bytes(len(frame) - 50000), frame[50000:])
        self.assertEqual(self.client.answer(LOOKUP, 60).string(), STANDBY)

    def test_many_calls_at_once(self):
        call = string(FUNCTION) + u32(0)
        self.client.send(b''.join(
            packet(XML, call, serial=serial) + packet(LOOKUP, string(STANDBY), serial=1000 + serial)
            for serial in range(200)))
        got, asked = set(), 0
        while len(got) < 400:
            while asked < 200 and not self.behind.is_silent(0):
                self.behind.send(packet(XML, string(DOCUMENT), kind=REPLY, serial=self.behind.expect(XML).serial))
                asked += 1
            if not self.client.is_silent(0.01):
                got.add(self.client.receive().serial)
        self.assertEqual(got, {*range(200), *range(1000, 1200)})

    def test_registrations_have_libvirtds_numbers(self):
        self.assert_unchanged(REGISTER_EVENT, u32(0) + optional(None), u32(77))
        self.assert_unchanged(REGISTER_EVENT, u32(1) + optional(FUNCTION), u32(78))
        event = packet(376, u32(77) + string('scsi_host0') + u32(0) + u32(0), kind=MESSAGE)
        self.behind.send(event)
        self.assertEqual(self.client.receive_bytes(len(event)), event)
        self.assert_unchanged(DEREGISTER_EVENT, u32(77), b'')

    def test_an_event_does_not_come_before_the_answer_to_its_registration(self):
        """libvirtd sends both at once; making the answer takes its time, and the client has no number before."""
        for register, number, rest in ((u32(0) + optional(None), 376, u32(0) * 2), (u32(1) + optional(None), 377, b'')):
            self.client.send(packet(REGISTER_EVENT, register, serial=90))
            call = self.behind.expect(REGISTER_EVENT)
            events = [packet(number, u32(5) + string(name) + rest, kind=MESSAGE) for name in ('first', 'second')]
            other = packet(107, b'of a guest', kind=MESSAGE)
            self.behind.send(packet(REGISTER_EVENT, u32(5), kind=REPLY, serial=call.serial) + b''.join(events) + other)
            got = [self.client.receive() for _ in range(4)]
            # What is of no device may overtake.
            got = [(each.kind, each.procedure, each.payload) for each in got if each.procedure != 107]
            self.assertEqual(got, [(REPLY, REGISTER_EVENT, u32(5)),
                                   *((MESSAGE, number, u32(5) + string(name) + rest) for name in ('first', 'second'))])

    def test_a_call_with_descriptors_is_libvirtds(self):
        self.client.send(packet(LOOKUP, u32(0) + string(STANDBY), kind=CALL_WITH_FDS))
        self.assertEqual(self.behind.receive().kind, CALL_WITH_FDS)

    def test_a_second_opening(self):
        self.client.send(packet(OPEN, optional('test:///default') + u32(0), serial=9))
        self.behind.refuse(self.behind.expect(OPEN), 1, 7, 'internal error: connection already open')
        self.assertEqual(self.client.receive().status, ERROR)
        # Whose devices they are now, only libvirtd knows.
        self.assert_unchanged(LOOKUP, string(STANDBY), b'as it is')


class LeftAlone(DevicesTest):
    def test_devices_of_another_driver_or_host(self):
        front = self.serve()
        for uri in ('test:///default', 'qemu+tcp://elsewhere/system', 'qemu://elsewhere/system', 'vbox:///system',
                    'esx://elsewhere', 'storage:///system'):
            with self.subTest(uri=uri):
                self.open(front, uri=uri)
                self.assert_unchanged(LOOKUP, string(STANDBY), b'as it is')
                self.assert_unchanged(XML, string(FUNCTION) + u32(0), string(DOCUMENT))
                self.assert_unchanged(COUNT, optional(None) + u32(0), u32(2))

    def test_this_machine_by_other_names(self):
        front = self.serve()
        for uri in ('lxc:///system', 'nodedev:///system', 'xen:///system', 'qemu:///system?no_verify=1'):
            with self.subTest(uri=uri):
                self.open(front, uri=uri)
                self.assertEqual(self.client.call(LOOKUP, string(STANDBY)).string(), STANDBY)

    def test_what_libvirtd_makes_of_a_name(self):
        front = self.serve()
        for name in ('', None, 'our-alias'):
            for uri, ours in (('qemu:///system', True), ('test:///default', False)):
                with self.subTest(name=name, uri=uri):
                    client, behind = front.pair()
                    self.addCleanup(client.socket.close)
                    self.addCleanup(behind.socket.close)
                    client.send(packet(OPEN, optional(name) + u32(0), serial=1))
                    behind.open(uri=uri)
                    client.answer(OPEN, 1).end()
                    client.send(packet(LOOKUP, string(STANDBY), serial=2))
                    if ours:
                        self.assertEqual(client.answer(LOOKUP, 2).string(), STANDBY)
                    else:
                        behind.expect(LOOKUP)

    def test_without_standby(self):
        self.open(self.serve(standby='no'))
        self.assert_unchanged(COUNT, optional(None) + u32(0), u32(2))
        self.assert_unchanged(LIST_ALL, u32(1) + u32(0), names('a') + u32(1))
        self.assert_unchanged(DESTROY, string(FUNCTION), b'as it is')
        self.assertIn('<zpci', Reader(self.ask(XML, string(FUNCTION) + u32(0), string(DOCUMENT)).payload).string())

    def test_reading_only_reads(self):
        require_root()
        self.open(read_only=True)
        for procedure in (DESTROY, GET_AUTOSTART):
            self.assert_refused(self.client, procedure, string(STANDBY), 29, FROM_NODE_DEVICE)
        self.assertEqual(self.client.call(LOOKUP, string(STANDBY)).string(), STANDBY)

    def test_who_goes_in_the_middle(self):
        front = self.serve()
        self.open(front)
        before = front.descriptors()
        for _ in range(20):
            client, behind = front.opened()
            client.send(packet(XML, string(FUNCTION) + u32(0), serial=5) + packet(COUNT, optional('zpci') + u32(0)))
            behind.send(packet(XML, string(DOCUMENT), kind=REPLY, serial=behind.expect(XML).serial))
            client.socket.close()
            behind.socket.close()
        wait_for(lambda: front.descriptors() <= before, 'a descriptor leaks')
        self.assertEqual(self.client.call(LOOKUP, string(STANDBY)).string(), STANDBY)

    def test_one_who_asks_and_never_reads(self):
        front = self.serve()
        self.open(front)
        before = front.resident_kib()
        client, _ = front.opened()
        self.addCleanup(client.socket.close)
        client.socket.setblocking(False)
        sent = 0
        try:
            for serial in range(1000000):
                sent += client.socket.send(packet(XML, string(STANDBY) + u32(0), serial=serial))
        except BlockingIOError:
            pass
        self.assertLess(sent, 8 << 20)
        self.assertLess(front.resident_kib() - before, 16 * 1024)


class Rules(DevicesTest):
    """With libvirtd's access_drivers polkit is asked about what we answer, in libvirtd's words."""

    def test_access_drivers(self):
        require_root()
        denied = {f'org.libvirt.api.node-device.getattr {STANDBY}': 'deny',
                  f'org.libvirt.api.node-device.read {STANDBY}': 'deny', '*': 'allow'}
        polkit = self.enterContext(PolkitDouble(denied))
        front = self.enterContext(ServingFront(
            self.libvirtd, settings='auth_unix_rw = "none"\naccess_drivers = [ "polkit" ]\n', unix_sock_rw_perms='0777'))
        front.environment['DBUS_SYSTEM_BUS_ADDRESS'] = polkit.address
        front.start()
        client = Stranger(front.path, SOMEBODY)
        self.addCleanup(client.__exit__)
        self.client, self.behind = front.opened(client, controlled=True)
        self.addCleanup(self.behind.socket.close)
        for procedure, arguments in ((LOOKUP, b''), (XML, u32(0)), (PARENT, b'')):
            self.assert_refused(self.client, procedure, string(STANDBY) + arguments, 88, 55)
        self.assert_unchanged(COUNT, optional(None) + u32(0), u32(2))
        self.assertNotIn(STANDBY, self.client.call(LIST_NAMES, optional('zpci') + u32(9) + u32(0)).strings())
        self.assertEqual({call['details']['connect_driver'] for call in polkit.calls()}, {'QEMU'})

    def test_on_whose_behalf(self):
        require_root()
        polkit = self.enterContext(PolkitDouble('allow'))
        front = self.enterContext(ServingFront(
            self.libvirtd, settings='auth_unix_rw = "none"\naccess_drivers = [ "polkit" ]\n'))
        front.environment['DBUS_SYSTEM_BUS_ADDRESS'] = polkit.address
        front.start()
        self.client, self.behind = front.opened(controlled=True)
        self.addCleanup(self.client.socket.close)
        self.addCleanup(self.behind.socket.close)
        self.client.call(LOOKUP, string(STANDBY))
        self.assertEqual(polkit.calls(), [])
        named = (u32(3) + string('unix-user-id') + u32(4) + u32(0) + u32(SOMEBODY) + string('process-id') + u32(3) +
                 u32(0) + u32(os.getpid()) + string('process-time') + u32(4) + u32(0) + u32(12345) + u32(0))
        self.assert_unchanged(SET_IDENTITY, named, b'')
        self.client.call(LOOKUP, string(STANDBY))
        self.assertEqual({call['subject']['uid'] for call in polkit.calls()}, {SOMEBODY})


if __name__ == '__main__':
    unittest.main()
