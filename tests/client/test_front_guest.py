#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""A guest that runs, on the stock libvirtd with virtzpcid in front of it and without: stock virsh does the same to
it, and says the same, and its console and disks are the same."""

import os
import pty
import random
import re
import select
import sys
import termios
import unittest

import libvirt
from client_case import SECONDS
from echo_guest import UUID, describe
from guest_case import GUEST, GuestCase, virsh, without_chance_of_guests

sys.path.append(os.path.join(os.environ['ZPCI_SOURCE_DIR'], 'tests/wire'))
from serving_daemon import wait_for  # noqa: E402

MIB = 1 << 20

# What a command has to be given, by the name that virsh's help has for it.
GIVEN = {
    'domain': GUEST, 'pool': 'pool', 'network': 'net', 'vol': 'vol --pool pool', 'secret': UUID, 'device': 'computer',
    'interface': 'lo', 'nwfilter': 'filter', 'snapshotname': 'one', 'path': 'vda', 'target': 'vda', 'source': '/nowhere', 'state': 'up',
    'file': '{directory}/guest.xml', 'xml': '{directory}/guest.xml', 'config': '{directory}/guest.xml',
    'format': 'qemu-argv', 'arch': 'x86_64', 'uri': 'urn:x', 'desturi': 'test:///default', 'type': 'dir',
    'user': 'root', 'signame': 'TERM', 'command': 'add', 'section': 'bridge',
}
WHATEVER = '1'
# What that would not be enough for, or would be too much.
OTHERWISE = {
    'allocpages': '4 1 --cellno 0', 'attach-interface': f'{GUEST} network net', 'blkdeviotune': f'{GUEST} vda',
    'change-media': f'{GUEST} sda --eject', 'domblkinfo': f'{GUEST} vda', 'domblkstat': f'{GUEST} vda',
    'domblkthreshold': f'{GUEST} vda 1', 'domxml-to-native': f'qemu-argv --domain {GUEST}', 'nodesuspend': 'mem 60',
    'domname': UUID, 'qemu-monitor-command': f'{GUEST} --hmp info', 'save-image-dumpxml': '{directory}/guest.qcow2',
    'snapshot-current': f'{GUEST} --name', 'snapshot-delete': f'{GUEST} one', 'snapshot-info': f'{GUEST} one',
    'snapshot-parent': f'{GUEST} one', 'snapshot-revert': f'{GUEST} one', 'secret-define': '{directory}/secret.xml',
    'screenshot': f'{GUEST} {{directory}}/screenshot', 'vol-download': 'vol {directory}/downloaded --pool pool',
}
# Those that do not end by themselves, which others judge; what is for a terminal, for containers here, or for virsh
# alone; numbers that the machine has others of each time; and what virsh 9.0 waits for in vain when it is refused at
# once, in a thread of its own.
LEFT_OUT = {'console', 'event', 'net-event', 'nodedev-event', 'pool-event', 'secret-event', 'qemu-monitor-event',
            'lxc-enter-namespace', 'cd', 'connect', 'exit', 'quit', 'help',
            'freecell', 'freepages', 'nodecpustats', 'nodememstats', 'dump', 'managedsave', 'migrate', 'save'}


def commands_of_virsh():
    """Each command that virsh knows, with what it has to be given."""
    names = re.findall(r'^    ([a-z][a-z-]*) ', virsh('test:///default', 'help\n'), re.MULTILINE)
    described = virsh('test:///default', ''.join(f'help {name}\n' for name in names))
    commands = {}
    for synopsis in re.findall(r'^  SYNOPSIS\n    (.*)', described, re.MULTILINE):
        while '[' in synopsis:
            synopsis, before = re.sub(r'\[[^][]*\]', '', synopsis), synopsis
            assert synopsis != before, synopsis
        name, *wanted = re.findall(r'^[a-z-]+|(?<=<)[a-z-]+(?=>)', synopsis)
        commands[name] = OTHERWISE.get(name, ' '.join(GIVEN.get(each, WHATEVER) for each in wanted))
    return commands


class Commands(GuestCase):
    PREPARE = """
        define {directory}/guest.xml
        start guest --paused
        snapshot-create-as guest one
        pool-create {directory}/pool.xml
        vol-create-as pool vol 1M
        secret-define {directory}/secret.xml
        nwfilter-define {directory}/filter.xml
        net-define {directory}/net.xml
    """

    def test_each_that_virsh_knows_for_reading(self):
        """What changes something is refused there."""
        said = virsh(self.place.uri('directly'), self.fill(self.PREPARE))
        self.assertNotIn('error: ', said)
        commands = {name: given for name, given in commands_of_virsh().items() if name not in LEFT_OUT}
        script = self.fill(''.join(f'echo = {name}\n{name} {given}\n' for name, given in commands.items()))
        answers = {}
        for way, path in self.place.ways.items():
            parts = without_chance_of_guests(virsh(f'qemu:///system?socket={path}-ro', script, '-r')).split('\n= ')[1:]
            answers[way] = dict(part.split('\n', 1) for part in parts)
            self.assertEqual(list(answers[way]), list(commands))
        for name, answer in answers['directly'].items():
            with self.subTest(name):
                self.assertEqual(answers['through the front'][name], answer)
        good = [name for name, answer in answers['directly'].items() if 'error: ' not in answer]
        refused = [name for name, answer in answers['directly'].items() if 'read only access prevents' in answer]
        self.assertGreater(len(good), 70, good)
        self.assertGreater(len(refused), 70, refused)

    def test_a_life(self):
        self.assert_same(self.each_way("""
            define {directory}/guest.xml
            start guest
            domstate guest --reason
            suspend guest
            dominfo guest
            resume guest
            reset guest
            attach-device guest {directory}/tablet.xml --live
            dumpxml guest
            detach-device guest {directory}/tablet.xml --live
            qemu-monitor-command guest --hmp info status
            domrename guest other
            destroy guest
            domrename guest other
            start other
            destroy other
            undefine other
            list --all
        """), "Domain 'guest' started", 'running (booted)', 'Device attached successfully', "<input type='tablet'",
            'VM status: running', 'Domain successfully renamed', "Domain 'other' has been undefined")

    def test_snapshots(self):
        self.assert_same(self.each_way("""
            define {directory}/guest.xml
            start guest
            snapshot-create-as guest one a-description
            snapshot-create-as guest two
            snapshot-list guest --tree
            snapshot-info guest one
            snapshot-revert guest one
            snapshot-current guest --name
            domstate guest --reason
            snapshot-delete guest one --children
            snapshot-list guest
        """), 'Domain snapshot two created', 'Domain snapshot one reverted', 'running (from snapshot)',
            'Domain snapshot one deleted')

    def save_and_restore(self, way):
        uri = self.place.uri(way)
        said = virsh(uri, self.fill("""
            define {directory}/guest.xml
            start guest
        """))
        connection = libvirt.open(uri)
        domain = connection.lookupByName(GUEST)
        domain.save(self.place.path('saved'))
        said += virsh(uri, self.fill("""
            list --all
            save-image-dumpxml {directory}/saved
            restore {directory}/saved
            domstate guest --reason
        """))
        domain.managedSave()
        said += virsh(uri, self.fill("""
            list --all --managed-save
            managedsave-dumpxml guest
            start guest
            domstate guest --reason
        """))
        domain.coreDump(self.place.path('core'))
        self.assertGreater(os.path.getsize(self.place.path('core')), 0)
        connection.close()
        self.forget_guest()
        return without_chance_of_guests(said)

    def test_saved_and_restored(self):
        """Migration to a file, to one of libvirtd's own choice, and for whoever looks for faults."""
        said = {way: self.save_and_restore(way) for way in self.place.ways}
        self.assert_same(said, 'Domain restored from', 'saved', 'running (restored)')

    def test_copied_disks(self):
        self.assert_same(self.each_way("""
            define {directory}/guest.xml
            start guest
            blockcopy guest vda --dest {directory}/copy.1 --transient-job --wait --finish
            domblklist guest
            blockcopy guest vda --dest {directory}/copy.2 --transient-job --wait --pivot
            domblklist guest
            blockjob guest vda
            blockcopy guest vda --dest /nowhere/copy --transient-job --wait --finish
        """), 'Successfully copied', 'Successfully pivoted', '/copy.2', 'No current block job')


class Bytes(GuestCase):
    def volume(self, way, data):
        """What comes back of what is written into a volume, by virsh."""
        with open(self.place.path('data'), 'wb') as stream:
            stream.write(data)
        said = virsh(self.place.uri(way), self.fill(f"""
            pool-create {{directory}}/pool.xml
            vol-create-as pool {way.split()[0]} {len(data)}
            vol-upload {way.split()[0]} {{directory}}/data --pool pool
            vol-download {way.split()[0]} {{directory}}/got --pool pool
            vol-delete {way.split()[0]} --pool pool
            pool-destroy pool
        """))
        self.assertNotIn('error: ', said)
        with open(self.place.path('got'), 'rb') as stream:
            return stream.read()

    def test_volumes(self):
        data = random.Random(8).randbytes(8 * MIB)
        for way in self.place.ways:
            self.assertTrue(self.volume(way, data) == data, way)

    def start(self, way):
        connection = libvirt.open(self.place.uri(way))
        self.addCleanup(connection.close)
        domain = connection.defineXML(describe(self.directory, GUEST))
        domain.create()
        return connection, domain

    def test_a_console(self):
        data = random.Random(4).randbytes(4096)
        connection, domain = self.start('through the front')
        stream = connection.newStream()
        domain.openConsole(None, stream)
        for begin in range(0, len(data), 64):
            piece = data[begin:begin + 64]
            self.assertEqual(stream.send(piece), len(piece))
            got = b''
            while len(got) < len(piece):
                got += stream.recv(len(piece) - len(got))
            self.assertEqual(got, piece)
        # libvirtd's answers arrive, too.
        second = connection.newStream()
        self.assertRaisesRegex(libvirt.libvirtError, 'Active console session exists', domain.openConsole, None, second)
        stream.abort()

    def console(self, way):
        """What a person sees at the terminal of "virsh console"."""
        pid, terminal = pty.fork()
        if pid == 0:
            os.environ['LC_ALL'] = 'C'
            os.execvp('virsh', ['virsh', '-c', self.place.uri(way), 'console', GUEST])
        self.addCleanup(os.close, terminal)
        seen = self.read_until(terminal, b'Escape character is ^]')
        # What comes before that is dropped, and echoed by the terminal.
        wait_for(lambda: not termios.tcgetattr(terminal)[3] & termios.ECHO, 'virsh does not take the terminal')
        os.write(terminal, b'hello')
        seen += self.read_until(terminal, b'hello')
        os.write(terminal, b'\x1d')
        seen += self.read_until(terminal, None)
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), 0, seen)
        return seen

    def read_until(self, terminal, text):
        """None is the end, which is an error for a terminal."""
        seen = b''
        while text is None or text not in seen:
            self.assertTrue(select.select([terminal], [], [], SECONDS)[0], seen)
            try:
                seen += os.read(terminal, 4096)
            except OSError:
                self.assertIsNone(text, seen)
                break
        return seen

    def test_a_console_at_a_terminal(self):
        self.start('directly')
        seen = [self.console(way) for way in self.place.ways]
        self.assertIn(b'Connected to domain', seen[0])
        self.assertEqual(seen[0], seen[1])


if __name__ == '__main__':
    unittest.main()
