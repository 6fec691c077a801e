#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""The library through GObject Introspection, as a program in Python uses it."""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

from tool_case import HOSTS, SOURCE

EXAMPLE = SOURCE / 'docs' / 'examples' / 'plan_guest.py'
DOMAIN = SOURCE / 'tests' / 'data' / 'domains' / 'guest.xml'
TYPELIB = pathlib.Path('src') / 'Zpci-0.typelib'
OPTIONS = ('tests', 'man', 'nls')
BUILD_SECONDS = 1200
PATIENCE = 120


def build(directory):
    """Makes the typelib, without sanitizers; a warning of the scanner about a header ends it."""
    meson = ['meson', 'setup', directory, SOURCE, '-Dintrospection=enabled',
             *(f'-D{option}=disabled' for option in OPTIONS)]
    for command in (meson, ['ninja', '-C', directory, str(TYPELIB)]):
        result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                encoding='utf-8', check=False, timeout=BUILD_SECONDS)
        if result.returncode != 0:
            raise AssertionError(result.stdout)


class Introspection(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = pathlib.Path(os.environ['ZPCI_BUILD_DIR'])
        if not (cls.directory / TYPELIB).exists():
            place = tempfile.TemporaryDirectory(prefix='zpci-introspection-')
            cls.addClassCleanup(place.cleanup)
            cls.directory = pathlib.Path(place.name)
            build(place.name)

    def run_python(self, *arguments):
        place = str(self.directory / 'src')
        environment = dict(os.environ, GI_TYPELIB_PATH=place, LD_LIBRARY_PATH=place, LC_ALL='C.UTF-8')
        return subprocess.run([sys.executable, '-B', *arguments], env=environment, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, encoding='utf-8', check=False, timeout=PATIENCE)

    def test_example_lists_a_host_assigns_and_validates(self):
        result = self.run_python(EXAMPLE, DOMAIN, HOSTS / 'qemu-s390x')
        self.assertEqual((result.returncode, result.stderr), (0, ''))
        self.assertIn('pci_0005_00_00_0 uid=0x0005 fid=0x0000000c pfgid=0xff ', result.stdout)
        self.assertIn('pci_0005_00_00_0: uid=0x0005 fid=0x0000000c\n', result.stdout)
        self.assertIn('pci_007a_00_00_0: uid=0x007a fid=0x00000100\n', result.stdout)
        self.assertIn("<zpci uid='0x0005' fid='0x0000000c' pfgid='0xff'>", result.stdout)

    def test_what_is_not_valid_is_found(self):
        with tempfile.NamedTemporaryFile(suffix='.xml') as document:
            document.write(b"<hostdev mode='subsystem' type='pci'>\n<source/></hostdev>\n")
            document.flush()
            result = self.run_python(EXAMPLE, document.name, HOSTS / 'qemu-s390x')
        self.assertEqual((result.returncode, result.stderr), (1, ''))
        self.assertIn(': error: ', result.stdout)

    def test_errors_are_of_our_domain(self):
        result = self.run_python(EXAMPLE, DOMAIN, SOURCE / 'src')
        self.assertEqual(result.returncode, 1)
        self.assertRegex(result.stderr, r'\A[^\n]+\n\Z')

    def test_hostdevs_are_written_and_added(self):
        program = '''if True:
            import gi
            gi.require_version('Zpci', '0')
            from gi.repository import GLib, Zpci
            hostdev = Zpci.Hostdev.new('0005:00:00.0')
            hostdev.get_request().set_uid(0x1234)
            hostdev.set_managed(False)
            document = Zpci.DomainDocument.new(open(%r, 'rb').read())
            document.add([hostdev], Zpci.AddressPolicy.FIRST_FREE)
            print(document.format())
            try:
                Zpci.Host.open('/nowhere')
            except GLib.Error as error:
                print('NOT_FOUND', error.matches(Zpci.error_quark(), Zpci.Error.NOT_FOUND))
        ''' % str(DOMAIN)
        result = self.run_python('-c', program)
        self.assertEqual((result.returncode, result.stderr), (0, ''))
        self.assertIn("managed='no'", result.stdout)
        self.assertIn("uid='0x1234'", result.stdout)
        self.assertIn('NOT_FOUND True', result.stdout)

    def test_a_chain_is_read_field_by_field(self):
        program = '''if True:
            import gi
            gi.require_version('Zpci', '0')
            from gi.repository import GLib, Zpci
            text = open(%r, encoding='ascii').read().split('[', 2)[1].split(']')[1]
            reply = bytes.fromhex(''.join(line.split('#')[0] for line in text.splitlines()))
            chain = Zpci.Chain.decode(reply, GLib.BIG_ENDIAN)
            kept = [chain.get_capability(i) for i in range(chain.count_capabilities())]
            print(chain.get_argsz() == len(reply), chain.get_num_regions())
            del chain
            for capability in kept:
                print(capability.get_name(), capability.get_offset(), len(capability.get_data()))
                for i in range(capability.count_fields()):
                    known, number = capability.get_field_number(i)
                    print(capability.get_field_name(i), hex(number) if known else capability.get_field_bytes(i))
        ''' % str(SOURCE / 'tests' / 'data' / 'get-info-linux-6.1-s390x.txt')
        result = self.run_python('-c', program)
        self.assertEqual((result.returncode, result.stderr), (0, ''))
        self.assertIn('True 9\nBASE 20 40\nstart_dma 0x100000000\n', result.stdout)
        self.assertIn("\nPFIP 108 16\nsize 0x4\npfip b'\\x00\\x00\\x00\\x00'\n", result.stdout)


if __name__ == '__main__':
    unittest.main()
