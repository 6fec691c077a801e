# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Someone asks what functions of one group may do, and a program does."""

import json
import pathlib
import shutil
import tempfile
import unittest

import jsonschema

from tool_case import LPAR, QEMU, SOURCE, STATES, ToolCase


class Shipped(ToolCase):
    def test_text_is_as_reviewed(self):
        for host in (LPAR, STATES):
            with self.subTest(host=host.name):
                self.assert_golden(self.succeed('groups', '-R', host), f'groups-{host.name}.txt')

    def test_each_function_is_a_member_of_one_group(self):
        for host in (LPAR, STATES):
            groups = json.loads(self.succeed('groups', '--json', '-R', host))['groups']
            members = [name for group in groups for name in group['functions']]
            self.assertEqual(sorted(members), sorted(self.succeed('list', '-a', '-n', '-R', host).split()))

    def test_program_reads_what_each_member_shows(self):
        groups = json.loads(self.succeed('groups', '--json', '-R', LPAR))['groups']
        for group in groups:
            for name in group['functions']:
                function, = json.loads(self.succeed('show', '-j', '-R', LPAR, name))['functions']
                for member in set(group) - {'functions', 'source'}:
                    self.assertEqual(group[member], function[member])
        self.assertEqual([(group['pfgid'], group['noi']) for group in groups],
                         [('0x06', 1024), ('0x0a', None), ('0x0b', None), (None, None)])

    def test_json_is_valid(self):
        schema = json.loads((SOURCE / 'schemas' / 'virt-zpci-groups.json').read_text())
        jsonschema.Draft7Validator.check_schema(schema)
        validator = jsonschema.Draft7Validator(schema)
        for host in (LPAR, QEMU, STATES):
            document = json.loads(self.succeed('groups', '-j', '-R', host))
            validator.validate(document)
        wrong = json.loads(json.dumps(document))
        wrong['groups'][0]['noi'] = '128'
        self.assertFalse(validator.is_valid(wrong))
        del document['groups'][0]['functions']
        self.assertFalse(validator.is_valid(document))


class Limits(ToolCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.root = pathlib.Path(holder.name, 'host')
        shutil.copytree(QEMU, self.root, symlinks=True)

    def text(self):
        return self.succeed('groups', '-R', self.root)

    def test_one_member_tells_them_for_all(self):
        (self.root / 'chain/0005:00:00.0').unlink()
        self.assertIn('  interrupts for each function: up to 128\n', self.text())
        self.assertIn('  told by: vfio of pci_007a_00_00_0\n', self.text())

    def test_that_nobody_tells_are_not_known(self):
        shutil.rmtree(self.root / 'chain')
        self.assertIn('function group 0xff, simulated by QEMU\n', self.text())
        self.assertNotIn('up to', self.text())
        self.assertRegex(self.text(), r'pci_007a_00_00_0\n  [A-Z][^\n]+\.\n')

    def test_intervals_are_in_units_that_people_use(self):
        for number, text in (('0fa0', '4 s'), ('05dc', '1.5 s'), ('01f4', '500 ms')):
            for chain in sorted((QEMU / 'chain').iterdir()):
                reply = ' '.join(line.split('#')[0] for line in chain.read_text().splitlines())
                digits = reply.replace(' ', '').lower()
                self.assertEqual(digits.count('0fa000800080'), 1)
                (self.root / 'chain' / chain.name).write_text(digits.replace('0fa000800080', f'{number}00800080') + '\n')
            self.assertIn(f'  measurements: every {text}\n', self.text())


if __name__ == '__main__':
    unittest.main()
