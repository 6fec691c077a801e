# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Someone builds a bond and asks what its members share, or who could be a member."""

import json
import pathlib
import shutil
import tempfile
import unittest

import jsonschema

from tool_case import FAILED, LPAR, OK, QEMU, SOURCE, USAGE, ToolCase, run

SHARED, UNKNOWN = FAILED, USAGE


class Host(ToolCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.root = pathlib.Path(holder.name, 'host')
        shutil.copytree(LPAR, self.root, symlinks=True)
        self.port2 = self.root / 'sys/devices/pci0001:00/0001:00:00.0'

    def judge(self, *words):
        """The exit status and the lines; nothing is complained of."""
        result = run('paths', '-R', self.root, *words)
        self.assertEqual(result.stderr, '')
        return result.returncode, result.stdout.splitlines()

    def move_to_another_card(self):
        (self.port2 / 'pchid').write_text('0x01c4\n')
        for number, text in enumerate(('0x13', '0x01', '0x02', '0x03')):
            (self.port2 / 'pfip' / f'segment{number}').write_text(text + '\n')


class Verdict(Host):
    def test_is_as_reviewed(self):
        text = ''.join(run('paths', '-R', LPAR, *names).stdout for names in (
            ('fid=0x100', 'fid=0x200'), ('fid=0x100', 'fid=0x101', '0005:00:00.0'), ('fid=0x200', 'zpci_00000202')))
        self.assert_golden(text, 'paths-lpar-roce.txt')

    def test_shared_card_is_status_1(self):
        status, lines = self.judge('fid=0x100', 'fid=0x200')
        self.assertEqual((status, lines[-1].split(':')[1]), (SHARED, ' shared'))

    def test_nothing_shared_is_status_0(self):
        self.move_to_another_card()
        status, lines = self.judge('fid=0x100', 'fid=0x200')
        self.assertEqual((status, lines[-1].split(':')[1]), (OK, ' separate'))
        self.assertIn('  card: not shared: the PCHIDs are 0x01c0 and 0x01c4.', lines)

    def test_two_of_three_are_enough_to_share(self):
        self.move_to_another_card()
        status, lines = self.judge('fid=0x100', 'fid=0x200', 'fid=0x101')
        self.assertEqual(status, SHARED)
        self.assertEqual(sum(line.endswith(':') for line in lines), 3)

    def test_what_is_not_known_is_status_2_and_never_guessed(self):
        self.move_to_another_card()
        (self.port2 / 'pchid').write_text('none\n')
        status, lines = self.judge('fid=0x100', 'fid=0x200')
        self.assertEqual((status, lines[-1].split(':')[1]), (UNKNOWN, ' unknown'))
        self.assertIn('  card: not known whether it is shared: the PCHIDs are 0x01c0 and not known.', lines)

    def test_zeros_of_qemu_are_no_card(self):
        result = run('paths', '-R', QEMU, 'uid=5', 'uid=0x7a')
        self.assertEqual((result.returncode, result.stderr), (UNKNOWN, ''))
        self.assertIn('card: not known', result.stdout)

    def test_card_is_named_as_a_whole(self):
        status, lines = self.judge('pchid=0x1c0')
        self.assertEqual(status, SHARED)
        self.assertEqual(sum(line.endswith(':') for line in lines), 7 * 6 // 2)

    def test_function_named_twice_is_one(self):
        self.assertIn('Nothing is compared', self.fail_with(USAGE, 'paths', '-R', LPAR, 'fid=0x100', '0000:00:00.0'))

    def test_what_is_not_there_is_not_judged(self):
        self.assertIn('nix', self.fail_with(USAGE, 'paths', '-R', LPAR, 'fid=0x100', 'nix'))
        self.assertIn('not a zPCI function', self.fail_with(USAGE, 'paths', '-R', LPAR, 'fid=0x100', 'computer'))


class Suggest(Host):
    def names(self, name):
        status, lines = self.judge('--suggest', name)
        self.assertEqual(status, OK)
        return [line.split(':')[0] for line in lines]

    def test_other_port_before_the_same(self):
        self.assertEqual(self.names('fid=0x102'),
                         ['pci_0001_00_00_0', 'pci_0002_00_00_0', 'pci_0003_00_00_0',
                          'pci_0000_00_00_0', 'pci_0000_00_00_2', 'pci_0000_00_00_4'])

    def test_other_card_first(self):
        self.move_to_another_card()
        self.assertEqual(self.names('fid=0x201')[0], 'pci_0001_00_00_0')

    def test_only_what_could_stand_in(self):
        result = run('paths', '--suggest', '-R', LPAR, '0005:00:00.0')
        self.assertEqual((result.returncode, result.stdout), (FAILED, ''))
        self.assertIn('nothing that could stand in for pci_0005_00_00_0', result.stderr)
        self.assertIn('not known to be a network interface or a disk',
                      self.fail_with(USAGE, 'paths', '-s', '-R', LPAR, '0004:00:00.0'))

    def test_one_function_only(self):
        self.assertIn('--suggest takes one function', self.fail_with(USAGE, 'paths', '-s', '-R', LPAR, 'fid=0x100', 'fid=0x101'))


class Program(Host):
    def setUp(self):
        super().setUp()
        schema = json.loads((SOURCE / 'schemas' / 'virt-zpci-paths.json').read_text())
        jsonschema.Draft7Validator.check_schema(schema)
        self.validator = jsonschema.Draft7Validator(schema)

    def read(self, root, *words):
        document = json.loads(run('paths', '--json', '-R', root, *words).stdout)
        self.validator.validate(document)
        return document

    def test_reads_what_a_person_sees(self):
        document = self.read(LPAR, 'fid=0x100', 'fid=0x200', 'zpci_00000202')
        self.assertEqual((document['verdict'], len(document['functions']), len(document['pairs'])), ('shared', 3, 3))
        first, second, _ = document['pairs']
        self.assertEqual(first, {'first': 'pci_0000_00_00_0', 'second': 'pci_0001_00_00_0', 'card': 'shared',
                                 'port': 'separate', 'path': 'partly', 'same_segments': [0, 1, 2], 'verdict': 'shared'})
        self.assertEqual((second['card'], second['port'], second['path'], second['same_segments'], second['verdict']),
                         ('unknown', 'unknown', 'unknown', None, 'unknown'))

    def test_gets_partners(self):
        document = self.read(LPAR, '--suggest', 'fid=0x102')
        self.assertEqual(document['function']['name'], 'pci_0000_00_00_3')
        self.assertEqual([(partner['name'], partner['port']) for partner in document['partners']][0],
                         ('pci_0001_00_00_0', 'separate'))
        self.assertEqual(self.read(LPAR, '-s', '0005:00:00.0')['partners'], [])

    def test_schema_refuses_what_is_wrong(self):
        document = self.read(QEMU, 'uid=5', 'uid=0x7a')
        self.assertFalse(self.validator.is_valid(dict(document, verdict='maybe')))
        document['pairs'][0]['card'] = None
        self.assertFalse(self.validator.is_valid(document))


if __name__ == '__main__':
    unittest.main()
