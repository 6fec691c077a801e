# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Someone captures a host, and the capture shows the same as the host did."""

import os
import pathlib
import pty
import re
import shutil
import subprocess
import tempfile
import unittest

from tool_case import FAILED, HOSTS, LPAR, OK, PATIENCE, PROGRAM, QEMU, SOURCE, ToolCase, run

CLP = SOURCE / 'tests' / 'data' / 'clp-linux-6.1-s390x.txt'


class CaptureCase(ToolCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.directory = pathlib.Path(holder.name)
        self.copy = self.directory / 'copy'

    def capture(self, root, copy=None):
        """Captures it; returns the notes."""
        result = run('capture', '--root', root, copy or self.copy)
        self.assertEqual((result.returncode, result.stdout),
                         (OK, f'This host was captured in {copy or self.copy}.\n'), result.stderr)
        for line in result.stderr.splitlines():
            self.assertTrue(line.startswith('virt-zpci: note: '), line)
        return [line.removeprefix('virt-zpci: note: ') for line in result.stderr.splitlines()]

    def devices(self, root):
        """All PCI functions, those too that are no zPCI functions."""
        addresses = sorted(os.listdir(root / 'sys/bus/pci/devices'))
        return ['computer', *('pci_' + address.replace(':', '_').replace('.', '_')
                              for address in addresses)]

    def assert_shows_the_same(self, root, copy):
        names = self.devices(root)
        self.assertGreater(len(names), 1)
        self.assertEqual(self.devices(copy), names)
        for name in names:
            with self.subTest(host=root.name, name=name):
                self.assertEqual(self.succeed('dumpxml', '-R', copy, name),
                                 self.succeed('dumpxml', '-R', root, name))
        self.assertEqual(self.succeed('list', '--json', '-R', copy),
                         self.succeed('list', '--json', '-R', root))


class Copy(CaptureCase):
    def test_of_each_shipped_host_shows_the_same(self):
        for root in sorted(path.parent for path in HOSTS.glob('*/capture.ini')):
            copy = self.directory / root.name
            self.capture(root, copy)
            self.assert_shows_the_same(root, copy)

    def test_of_a_copy_is_the_copy(self):
        self.capture(LPAR)
        self.capture(self.copy, self.directory / 'second')
        result = subprocess.run(['diff', '-r', '--no-dereference', self.copy, self.directory / 'second'],
                                stdout=subprocess.PIPE, encoding='utf-8', check=False)
        self.assertEqual((result.returncode, result.stdout), (0, ''))

    def test_keeps_where_the_host_came_from(self):
        self.capture(QEMU)
        self.assertEqual((self.copy / 'capture.ini').read_bytes(), (QEMU / 'capture.ini').read_bytes())

    def test_keeps_the_slots_of_functions_in_standby(self):
        self.capture(LPAR)
        slots = sorted(os.listdir(LPAR / 'sys/bus/pci/slots'))
        self.assertEqual(sorted(os.listdir(self.copy / 'sys/bus/pci/slots')), slots)
        self.assertIn('0', {(self.copy / 'sys/bus/pci/slots' / slot / 'power').read_text().strip()
                            for slot in slots})

    def test_has_the_interfaces_of_functions_and_no_others(self):
        host = self.directory / 'host'
        shutil.copytree(QEMU, host, symlinks=True)
        function = sorted(os.listdir(host / 'sys/bus/pci/devices'))[0]
        path = os.path.relpath((host / 'sys/bus/pci/devices' / function).resolve(), host / 'sys')
        self.add_interface(host, f'{path}/virtio1', 'eth0', '02:fc:00:00:00:01')
        self.add_interface(host, 'devices/virtual', 'dummy0', '02:fc:00:00:00:02')
        self.capture(host)
        name = 'net_eth0_02_fc_00_00_00_01'
        document = self.succeed('dumpxml', '-R', self.copy, name)
        self.assertEqual(document, self.succeed('dumpxml', '-R', host, name))
        self.assertIn("<link speed='10000' state='up'/>", document)
        self.assertEqual(os.listdir(self.copy / 'sys/class/net'), ['eth0'])

    def add_interface(self, host, above, name, address):
        directory = host / 'sys' / above / 'net' / name
        directory.mkdir(parents=True)
        for attribute, text in (('uevent', f'INTERFACE={name}\nIFINDEX=2'), ('address', address),
                                ('operstate', 'up'), ('speed', '10000')):
            (directory / attribute).write_text(text + '\n')
        (host / 'sys/class/net').mkdir(parents=True, exist_ok=True)
        (host / 'sys/class/net' / name).symlink_to(f'../../{above}/net/{name}')

    def test_of_a_damaged_host_is_as_damaged(self):
        host = self.directory / 'host'
        shutil.copytree(QEMU, host, symlinks=True)
        (host / 'chain/0005:00:00.0').write_text('00 00 00 7c\n')
        (host / 'sys/devices/pci007a:00/007a:00:00.0/port').write_text('first\n')
        self.capture(host)
        self.assert_shows_the_same(host, self.copy)

    def test_has_what_is_written_on_a_card_and_what_it_can_make(self):
        """The kernel's page is 4096 bytes; the name on this card is longer."""
        host = self.directory / 'host'
        shutil.copytree(QEMU, host, symlinks=True)
        function = host / 'sys/devices/pci0005:00/0005:00:00.0'
        data = b'\x82\x88\x13' + b'n' * 5000 + b'\x90\x0b\0PN\4part' + b'RV\1'
        (function / 'vpd').write_bytes(data + bytes([-sum(data) % 256]) + b'\x78')
        for name in ('one', 'two'):
            kind = function / 'mdev_supported_types' / name
            kind.mkdir(parents=True)
            (kind / 'device_api').write_text('vfio-pci\n')
            (kind / 'available_instances').write_text('4\n')
        (kind / 'name').write_text('The second\n')
        self.capture(host)
        self.assert_shows_the_same(host, self.copy)
        document = self.succeed('dumpxml', '-R', self.copy, 'uid=5')
        self.assertIn('<part_number>part</part_number>', document)
        self.assertIn("<type id='two'>\n        <name>The second</name>", document)

    def test_takes_the_host_from_either_side(self):
        result = run('--root', QEMU, 'capture', self.copy)
        self.assertEqual(result.returncode, OK, result.stderr)
        self.assert_shows_the_same(QEMU, self.copy)

    def test_has_the_replies_of_clp(self):
        """A host whose chains were not taken, and CLP was."""
        host = self.directory / 'host'
        shutil.copytree(QEMU, host, symlinks=True)
        shutil.rmtree(host / 'chain')
        (host / 'clp').mkdir()
        text = CLP.read_text(encoding='utf-8')
        names = {'list': 'list-0', 'function': 'function-0000000c', 'group': 'group-ff'}
        for heading, name in names.items():
            section = text.partition(f'[{heading}]')[2].partition('[')[0]
            reply = bytes.fromhex(re.sub('#.*', '', section))
            # The file has only the beginning of the longer ones.
            size = int.from_bytes(reply[:2], 'big')
            (host / 'clp' / name).write_text(reply.ljust(size, b'\0').hex())
        # The second function is in the list, but what CLP said of it was not kept.
        self.assertEqual(self.capture(host), ['CLP does not answer for the function 0x00000100: '
                                              'This capture has no reply of CLP.'])
        self.assertEqual(sorted(os.listdir(self.copy / 'clp')), sorted(names.values()))
        self.assertIn("function='clp' group='clp'", self.succeed('dumpxml', '-R', self.copy, 'uid=5'))
        self.assert_shows_the_same(host, self.copy)


class Notes(CaptureCase):
    def test_that_there_is_no_clp(self):
        self.assertEqual(self.capture(QEMU),
                         ['CLP was not captured: This capture has no reply of CLP.'])

    def test_name_what_cannot_be_read(self):
        host = self.directory / 'host'
        shutil.copytree(QEMU, host, symlinks=True)
        port = host / 'sys/devices/pci0005:00/0005:00:00.0/port'
        os.remove(port)
        port.mkdir()
        note, _ = self.capture(host)
        self.assertRegex(note, r'attribute .*0005:00:00\.0/port failed')


class Progress(CaptureCase):
    def test_is_not_shown_to_a_file(self):
        self.assertNotIn('\r', ''.join(self.capture(QEMU)))

    def test_is_shown_on_a_terminal(self):
        terminal, slave = pty.openpty()
        self.addCleanup(os.close, terminal)
        result = subprocess.run([PROGRAM, 'capture', '-R', QEMU, self.copy], stdout=subprocess.PIPE,
                                stderr=slave, timeout=PATIENCE, check=False)
        os.close(slave)
        shown = b''
        while not shown.endswith(b'no reply of CLP.\r\n'):
            shown += os.read(terminal, 4096)
        self.assertEqual(result.returncode, OK)
        self.assertTrue(shown.startswith(b'\r1/2 0005:00:00.0\r2/2 007a:00:00.0\r\nvirt-zpci: note: '),
                        shown)
        self.assertEqual(result.stdout.decode(), f'This host was captured in {self.copy}.\n')


class Refused(CaptureCase):
    def test_directory_that_exists(self):
        self.copy.mkdir()
        (self.copy / 'mine').touch()
        for existing in (self.copy, self.copy / 'mine'):
            self.assertEqual(self.fail_with(FAILED, 'capture', '-R', QEMU, existing),
                             f'virt-zpci: {existing} exists already; name a directory that does not.\n')
        self.assertEqual(os.listdir(self.copy), ['mine'])

    def test_place_that_cannot_be_written(self):
        for place in ('/proc/capture', '/nonexistent/capture', self.directory / 'a' / 'b'):
            with self.subTest(place=place):
                self.assertRegex(self.fail_with(FAILED, 'capture', '-R', QEMU, place),
                                 rf'\Avirt-zpci: Making the directory {place} failed: .+\.\n\Z')

    def test_disk_that_is_full(self):
        """That no file may grow stands for it."""
        result = subprocess.run(['bash', '-c', "trap '' XFSZ; ulimit -f 0; exec \"$@\"", 'bash', PROGRAM,
                                 'capture', '-R', QEMU, self.copy], stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, encoding='utf-8', timeout=PATIENCE, check=False)
        self.assertEqual((result.returncode, result.stdout), (FAILED, ''))
        self.assertRegex(result.stderr, r'\Avirt-zpci: Writing the capture failed: [^\n]+\n\Z')

    def test_host_that_is_none(self):
        self.assertIn('is not the directory of a captured host',
                      self.fail_with(FAILED, 'capture', '-R', HOSTS, self.copy))
        self.assertFalse(self.copy.exists())


if __name__ == '__main__':
    unittest.main()
