# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Someone wants to know all of one function, and why some of it is not there."""

import json
import os
import pathlib
import shutil
import tempfile
import unittest

from tool_case import FAILED, LPAR, MODERN, QEMU, STATES, ToolCase

# Of the first host every fact but one comes from the kernel; the second has a function without a chain.
SHOWN = ((QEMU, 'uid=5', 'show-qemu-s390x'), (LPAR, '00:00.3', 'show-lpar-roce-chain'),
         (LPAR, '00:00.2', 'show-lpar-roce-sysfs'))


class Shipped(ToolCase):
    def test_text_is_as_reviewed(self):
        for root, name, golden in SHOWN:
            with self.subTest(host=root.name, name=name):
                self.assert_golden(self.succeed('show', '--root', root, name), f'{golden}.txt')

    def test_json_is_as_reviewed(self):
        for root, name, golden in SHOWN:
            with self.subTest(host=root.name, name=name):
                self.assert_golden(self.succeed('show', '--json', '-R', root, name), f'{golden}.json')

    def test_json_is_that_of_the_list(self):
        for root in (QEMU, LPAR):
            for function in json.loads(self.succeed('list', '--json', '-R', root))['functions']:
                with self.subTest(host=root.name, name=function['name']):
                    self.assertEqual(json.loads(self.succeed('show', '-j', '-R', root, function['name'])),
                                     {'version': 1, 'functions': [function]})

    def test_person_sees_what_a_program_sees(self):
        """Each value and each source of the JSON stands in the text, in one line with its name."""
        for root, name, _ in SHOWN:
            function, = json.loads(self.succeed('show', '--json', '-R', root, name))['functions']
            head, *rows = self.succeed('show', '-R', root, name).splitlines()
            self.assertEqual(head, function['name'])
            shown = {row.split()[0]: row.split()[1:] for row in rows}
            for path, source in function['provenance'].items():
                with self.subTest(name=name, path=path):
                    value = function[path]
                    text = {True: 'yes', False: 'no'}[value] if isinstance(value, bool) else str(value)
                    if value in (None, []):
                        text = '-'
                    elif isinstance(value, list):
                        text = ','.join(value)
                    self.assertEqual(' '.join(shown[path]), f'{text} {source}')

    def test_every_form_of_a_name_finds_the_function(self):
        text = self.succeed('show', '-R', QEMU, 'pci_0005_00_00_0')
        for name in ('0005:00:00.0', 'fid=0xc', 'uid=5'):
            self.assertEqual(self.succeed('show', '-R', QEMU, name), text)


class Standby(ToolCase):
    def test_a_function_in_standby_is_found_by_what_it_has(self):
        text = self.succeed('show', '-R', STATES, 'zpci_00000101')
        self.assertEqual(text.splitlines()[2].split(), ['state', 'standby', 'sysfs'])
        self.assertIn('  uid           0x007b               clp\n', text)
        for name in ('fid=0x101', 'uid=0x7b'):
            self.assertEqual(self.succeed('show', '-R', STATES, name), text)

    def test_a_modern_kernel_tells_everybody_its_uid(self):
        """CLP is for root."""
        with tempfile.TemporaryDirectory() as directory:
            root = pathlib.Path(directory, 'host')
            shutil.copytree(MODERN, root, symlinks=True)
            shutil.rmtree(root / 'clp')
            function, = json.loads(self.succeed('show', '--json', '-R', root, 'uid=0x7b'))['functions']
        self.assertEqual((function['name'], function['uid'], function['uid_unique'], function['pfgid']),
                         ('zpci_00000101', '0x007b', True, None))
        self.assertEqual({function['provenance'][name] for name in ('uid', 'fid', 'uid_unique')}, {'sysfs'})

    def test_it_has_no_pci_address_yet(self):
        self.fail_with(FAILED, 'show', '-R', STATES, '007b:00:00.0')

    def test_it_has_no_chain(self):
        self.assertIn('zpci_00000101 is not a PCI function',
                      self.fail_with(FAILED, 'probe', '-R', STATES, 'zpci_00000101'))


class Missing(ToolCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.root = pathlib.Path(holder.name, 'host')
        shutil.copytree(QEMU, self.root, symlinks=True)
        self.function = self.root / 'sys/devices/pci0005:00/0005:00:00.0'
        self.chain = self.root / 'chain/0005:00:00.0'

    def show(self):
        """The rows by their paths, and what is warned of."""
        rows = self.succeed('show', '--root', self.root, 'uid=5').splitlines()[1:]
        warnings = [row for row in rows if row.startswith('  warning: ')]
        return {row.split()[0]: row.split(maxsplit=1)[1] for row in rows[:len(rows) - len(warnings)]}, \
            warnings

    def test_what_this_host_does_not_tell(self):
        rows, warnings = self.show()
        self.assertEqual(rows['fidparm'], '-                    This host does not tell it.')
        self.assertEqual(warnings, [])

    def test_damaged_attribute_shows_its_reason(self):
        (self.function / 'port').write_text('first\n')
        rows, _ = self.show()
        self.assertRegex(rows['port'], r"\A- +[A-Z].*port.*'first'.*\.\Z")
        self.assertRegex(rows['uid'], r'\A0x0005 +sysfs\Z')

    def test_control_characters_do_not_reach_the_terminal(self):
        (self.function / 'port').write_text('\x1b[31m\n')
        self.assertNotIn('\x1b', self.succeed('show', '--root', self.root, 'uid=5'))

    def test_damaged_chain_is_a_warning_and_sysfs_answers(self):
        self.chain.write_text('00 00 00 7c\n')
        rows, (warning,) = self.show()
        self.assertRegex(warning, r'chain of 0005:00:00\.0 is damaged and is not used: .* offset \d+')
        self.assertRegex(rows['pfgid'], r'\A0xff +sysfs\Z')
        self.assertEqual(rows['noi'].split(), ['128', 'vfio', 'of', 'pci_007a_00_00_0'])

    def test_chain_that_is_no_hexadecimal_text_is_a_warning(self):
        self.chain.write_text('none\n')
        _, (warning,) = self.show()
        self.assertIn('chain/0005:00:00.0', warning)

    def test_sources_that_disagree_are_both_named(self):
        (self.function / 'pchid').write_text('0x01c0\n')
        rows, (warning,) = self.show()
        self.assertRegex(rows['pchid'], r'\A0x0000 +vfio\Z')
        self.assertRegex(warning, 'pchid.*0x0000 according to vfio.*0x01c0 according to sysfs')

    def test_warnings_are_for_programs_too(self):
        os.remove(self.chain)
        self.chain.mkdir()
        function, = json.loads(self.succeed('show', '--json', '-R', self.root, 'uid=5'))['functions']
        self.assertEqual(len(function['warnings']), 1)


class Refused(ToolCase):
    def test_device_that_is_no_zpci_function(self):
        self.assertEqual(self.fail_with(FAILED, 'show', '-R', QEMU, 'computer'),
                         'virt-zpci: computer is not a zPCI function; "virt-zpci list" shows those of '
                         'this host.\n')

    def test_pci_function_that_is_no_zpci_function(self):
        with tempfile.TemporaryDirectory() as directory:
            root = pathlib.Path(directory, 'host')
            shutil.copytree(QEMU, root, symlinks=True)
            os.remove(root / 'sys/devices/pci0005:00/0005:00:00.0/function_id')
            for words in ((), ('--json',)):
                self.assertIn('pci_0005_00_00_0 is not a zPCI function',
                              self.fail_with(FAILED, 'show', *words, '-R', root, '0005:00:00.0'))

    def test_device_that_there_is_not(self):
        self.assertEqual(self.fail_with(FAILED, 'show', '-R', QEMU, 'nix'),
                         "virt-zpci: There is no node device 'nix'.\n")


if __name__ == '__main__':
    unittest.main()
