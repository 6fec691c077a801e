# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Someone asks what has changed on a host, for the eye and for a program."""

import json
import pathlib
import shutil
import tempfile
import unittest

import jsonschema

from tool_case import HOSTS, LPAR, QEMU, STATES, USAGE, ToolCase, read_json, run

SAME, DIFFERENT = 0, 1


class DiffCase(ToolCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.root = pathlib.Path(holder.name, 'host')
        shutil.copytree(QEMU, self.root, symlinks=True)
        self.function = self.root / 'sys/devices/pci0005:00/0005:00:00.0'

    def differ(self, *arguments):
        """What it prints of hosts that are not the same."""
        result = run('diff', *arguments)
        self.assertEqual((result.returncode, result.stderr), (DIFFERENT, ''))
        return result.stdout


class Shipped(DiffCase):
    def test_is_as_reviewed(self):
        self.assert_golden(self.differ(STATES, LPAR), 'diff-states-lpar.txt')
        self.assert_golden(self.differ('-j', QEMU, STATES), 'diff-qemu-states.json')

    def test_a_program_gets_what_the_schema_says(self):
        """Functions that came, went and changed, with values of all kinds."""
        for words in ((QEMU, STATES), (STATES, LPAR), ('-u', LPAR, STATES), ('-u', QEMU, STATES)):
            read_json(self.differ('--json', *words), 'diff')
        events = {difference['event'] for difference in
                  read_json(self.differ('-j', QEMU, STATES), 'diff')['differences']}
        document = read_json(self.differ('-j', STATES, LPAR), 'diff')
        self.assertEqual(events | {difference['event'] for difference in document['differences']}, {'came', 'went', 'changed'})
        for wrong in ({'event': 'left'}, {'event': 'changed', 'function': {}}, {'fid': '12'}):
            document['differences'] = [{**document['differences'][0], **wrong}]
            with self.assertRaises(jsonschema.ValidationError):
                read_json(json.dumps(document), 'diff')

    def test_the_same_host_has_no_difference(self):
        for host in (QEMU, STATES, LPAR):
            self.assertEqual(self.succeed('diff', host, host), '')
            self.assertEqual(json.loads(self.succeed('diff', '--json', host, host)), {'version': 1, 'differences': []})

    def test_the_other_host_may_be_the_root(self):
        expected = self.differ(QEMU, STATES)
        for words in (('-R', STATES, 'diff', QEMU), ('diff', QEMU, '--root', STATES)):
            result = run(*words)
            self.assertEqual((result.returncode, result.stdout), (DIFFERENT, expected))
        self.assertEqual(self.fail_with(USAGE, '-R', QEMU, 'diff', QEMU, STATES),
                         'virt-zpci: --root and a second directory exclude each other.\n')

    def test_this_machine_can_be_the_other_host(self):
        """It has none of the functions of the RoCE card."""
        went = self.differ(LPAR)
        names = self.succeed('list', '-a', '-n', '-R', LPAR).split()
        self.assertEqual([line.split()[1:] for line in went.splitlines() if not line.startswith(' ')][:len(names)],
                         [[name, 'went'] for name in names])

    def test_trouble_is_no_difference(self):
        for hosts in ((HOSTS, QEMU), (QEMU, HOSTS), ('/nonexistent', QEMU)):
            self.fail_with(USAGE, 'diff', *hosts)


class Matching(DiffCase):
    def test_what_moved_to_another_address_is_the_same_function(self):
        (self.root / 'sys/bus/pci/devices/0005:00:00.0').unlink()
        moved = self.root / 'sys/devices/pci0006:00/0006:00:00.0'
        moved.parent.mkdir()
        self.function.rename(moved)
        (self.root / 'sys/bus/pci/devices/0006:00:00.0').symlink_to('../../../devices/pci0006:00/0006:00:00.0')
        first, *columns = self.differ('-o', 'name,address,uid', QEMU, self.root).splitlines()
        self.assertEqual(first, '0x0000000c pci_0006_00_00_0 changed')
        self.assertEqual(columns, ['  name          pci_0005_00_00_0 -> pci_0006_00_00_0',
                                   '  address       0005:00:00.0 -> 0006:00:00.0'])

    def test_another_function_at_the_same_address_is_another(self):
        (self.function / 'function_id').write_text('0x00000042\n')
        self.assertEqual(self.differ('-o', 'uid', QEMU, self.root).splitlines(),
                         ['0x0000000c pci_0005_00_00_0 went', '0x00000042 pci_0005_00_00_0 came'])

    def test_a_number_that_two_functions_have_hides_neither(self):
        other = self.root / 'sys/devices/pci007a:00/007a:00:00.0'
        (other / 'function_id').write_text('0x0000000c\n')
        self.assertEqual(self.succeed('diff', self.root, self.root), '')
        self.assertEqual(self.differ('-o', 'uid', QEMU, self.root).splitlines(),
                         ['0x00000100 pci_007a_00_00_0 went', '0x0000000c pci_007a_00_00_0 came'])


class Columns(DiffCase):
    def test_only_those_that_are_asked_for(self):
        (self.function / 'uid').write_text('0x0006\n')
        (self.function / 'port').write_text('1\n')
        self.assertEqual(self.differ('-o', 'PORT', QEMU, self.root),
                         '0x0000000c pci_0005_00_00_0 changed\n  port          0 -> 1\n')
        self.assertEqual(self.succeed('diff', '-o', 'pchid,vfn', QEMU, self.root), '')
        self.assertIn('did you mean PCHID?', self.fail_with(USAGE, 'diff', '-o', 'pchdi', QEMU, QEMU))

    def test_what_only_one_tells_is_a_difference_on_demand(self):
        (self.function / 'mio_enabled').unlink()
        self.assertEqual(self.succeed('diff', QEMU, self.root), '')
        self.assertEqual(self.differ('--unknown', QEMU, self.root),
                         '0x0000000c pci_0005_00_00_0 changed\n  mio           no -> -\n')
        (difference,) = json.loads(self.differ('-uj', QEMU, self.root))['differences']
        self.assertEqual(difference['columns'], {'mio': {'before': False, 'after': None}})

    def test_a_driver_that_is_lost_is_known(self):
        (self.function / 'driver').unlink()
        self.assertEqual(self.differ(QEMU, self.root),
                         '0x0000000c pci_0005_00_00_0 changed\n  driver        virtio-pci -> -\n')

    def test_names_of_the_host_do_no_harm_to_a_terminal(self):
        (self.function / 'driver').unlink()
        (self.function / 'driver').symlink_to('../../../bus/pci/drivers/\x1b[31mred')
        for words in ((), ('--json',)):
            text = self.differ(*words, QEMU, self.root)
            self.assertNotIn('\x1b', text)
            self.assertIn('[31mred', text)


if __name__ == '__main__':
    unittest.main()
