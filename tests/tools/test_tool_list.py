# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Someone asks which zPCI functions there are, for the eye and for a program."""

import json
import os
import pathlib
import shutil
import tempfile
import unittest

from tool_case import HOSTS, LPAR, QEMU, STATES, USAGE, ToolCase, run


class Shipped(ToolCase):
    def test_table_is_as_reviewed(self):
        for host in (QEMU, LPAR):
            with self.subTest(host=host.name):
                text = self.succeed('list', '--root', host)
                self.assert_golden(text, f'list-{host.name}.txt')

    def test_json_is_as_reviewed(self):
        for host in (QEMU, LPAR):
            with self.subTest(host=host.name):
                text = self.succeed('list', '--json', '--root', host)
                self.assert_golden(text, f'list-{host.name}.json')

    def test_columns_stand_below_each_other(self):
        header, *rows = self.succeed('list', '-R', LPAR).splitlines()
        starts = [header.index(title) for title in header.split()]
        self.assertEqual(len(starts), 8)
        for row in rows:
            self.assertEqual(len(row.split()), 8)
            for start in starts:
                self.assertNotEqual(row[start], ' ')
                self.assertEqual(row[start - 1:start].strip(), '')

    def test_program_reads_the_same_as_person(self):
        rows = [row.split() for row in self.succeed('list', '-R', LPAR).splitlines()[1:]]
        functions = json.loads(self.succeed('list', '--json', '-R', LPAR))
        self.assertEqual(rows, [
            [function['name'], function['fid'], function['uid'], function['pfgid'],
             function['function']['pchid'], function['function']['vfn'],
             str(function['function']['port']), function['function']['type']]
            for function in functions])

    def test_script_gets_the_names_alone(self):
        for host in (QEMU, LPAR):
            rows = self.succeed('list', '-R', host).splitlines()[1:]
            for option in ('--names', '-n'):
                self.assertEqual(self.succeed('list', option, '-R', host).splitlines(),
                                 [row.split()[0] for row in rows])

    def test_names_and_json_exclude_each_other(self):
        self.assertEqual(self.fail_with(USAGE, 'list', '--json', '--names', '-R', QEMU),
                         'virt-zpci: --json and --names exclude each other.\n')

    def test_root_may_stand_on_either_side(self):
        self.assertEqual(self.succeed('--root', QEMU, 'list'), self.succeed('list', f'--root={QEMU}'))
        self.assertEqual(self.succeed('-R', LPAR, 'list', '-R', QEMU), self.succeed('list', '-R', QEMU))


class Standby(ToolCase):
    """One of this host's three functions is in standby."""

    def names(self, *options):
        return self.succeed('list', '-n', *options, '-R', STATES).splitlines()

    def test_it_is_listed_on_demand_only(self):
        active, standby = ['pci_0005_00_00_0', 'pci_007a_00_00_0'], ['zpci_00000101']
        self.assertEqual(self.names(), active)
        for option in ('--all', '-a'):
            self.assertEqual(self.names(option), active + standby)
        for option in ('--inactive', '-i'):
            self.assertEqual(self.names(option), standby)

    def test_only_who_asks_for_it_sees_the_state(self):
        self.assertNotIn('STATE', self.succeed('list', '-R', STATES))
        self.assert_golden(self.succeed('list', '--all', '-R', STATES), f'list-all-{STATES.name}.txt')

    def test_program_reads_the_same_as_person(self):
        rows = [row.split() for row in self.succeed('list', '--all', '-R', STATES).splitlines()[1:]]
        functions = json.loads(self.succeed('list', '--all', '--json', '-R', STATES))
        self.assertEqual([(row[0], row[2], row[7]) for row in rows],
                         [(function['name'], function['uid'], function['state']) for function in functions])

    def test_facts_come_from_clp(self):
        function, = json.loads(self.succeed('list', '--inactive', '--json', '-R', STATES))
        self.assertEqual((function['state'], function['uid'], function['function']['uidUnique']),
                         ('standby', '0x007b', True))
        self.assertEqual({path for path, source in function['provenance'].items() if source != 'clp'}, {'fid'})

    def test_without_clp_the_id_is_left(self):
        function, = json.loads(self.succeed('list', '-i', '-j', '-R', LPAR))
        self.assertEqual(function['provenance'], {'fid': 'sysfs'})
        self.assertEqual(self.succeed('list', '-i', '-R', LPAR).splitlines()[1].split(),
                         ['zpci_00000202', '0x00000202', '-', '-', '-', '-', '-', 'standby', '-'])

    def test_all_and_inactive_exclude_each_other(self):
        self.assertEqual(self.fail_with(USAGE, 'list', '--all', '--inactive', '-R', STATES),
                         'virt-zpci: --all and --inactive exclude each other.\n')


class Facts(ToolCase):
    """What only a program sees: sources, reasons and warnings."""

    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.root = pathlib.Path(holder.name, 'host')
        shutil.copytree(QEMU, self.root, symlinks=True)
        self.function = self.root / 'sys/devices/pci0005:00/0005:00:00.0'

    def read(self):
        return json.loads(self.succeed('list', '--json', '--root', self.root))[0]

    def test_each_value_names_its_source(self):
        function = self.read()
        self.assertEqual(function['provenance']['uid'], 'sysfs')
        self.assertEqual(function['provenance']['group.noi'], 'vfio')
        self.assertEqual((function['missing'], function['warnings']), ({}, []))

    def test_without_a_chain_sysfs_answers(self):
        os.remove(self.root / 'chain' / '0005:00:00.0')
        function = self.read()
        self.assertEqual(function['provenance']['pfgid'], 'sysfs')
        self.assertEqual((function['dma'], function['group']), ({}, {'simulated': True}))
        self.assertNotIn('fmbLength', function)

    def test_fact_that_cannot_be_read_has_a_reason(self):
        (self.function / 'port').write_text('first\n')
        function = self.read()
        self.assertNotIn('port', function['function'])
        self.assertRegex(function['missing']['function.port'], r"port .*'first'")
        row = self.succeed('list', '--root', self.root).splitlines()[1]
        self.assertEqual(row.split()[-2:], ['-', 'unclassified'])

    def test_fact_that_the_host_does_not_offer_is_left_out(self):
        os.remove(self.function / 'mio_enabled')
        function = self.read()
        self.assertNotIn('mio', function)
        self.assertEqual(function['missing'], {})

    def test_sources_that_disagree_are_both_named(self):
        (self.function / 'pchid').write_text('0x01c0\n')
        function = self.read()
        self.assertEqual(function['function']['pchid'], '0x0000')
        self.assertEqual(len(function['warnings']), 1)
        self.assertRegex(function['warnings'][0], 'pchid.*0x0000 by vfio.*0x01c0 by sysfs')

    def test_damaged_chain_is_a_warning(self):
        (self.root / 'chain' / '0005:00:00.0').write_text('00 00 00 7c\n')
        function = self.read()
        self.assertEqual(function['provenance']['pfgid'], 'sysfs')
        self.assertRegex(function['warnings'][0], 'chain of 0005:00:00.0 is damaged.*offset')


class Trouble(ToolCase):
    def test_directory_that_is_no_capture(self):
        self.assertIn('is not the directory of a captured host',
                      self.fail_with(1, 'list', '--root', HOSTS))

    def test_host_without_pci_is_an_empty_list(self):
        with tempfile.TemporaryDirectory() as root:
            shutil.copy(QEMU / 'capture.ini', root)
            os.mkdir(f'{root}/sys')
            self.assertEqual(self.succeed('list', '-R', root).split()[0], 'NAME')
            self.assertEqual(json.loads(self.succeed('list', '--json', '-R', root)), [])
            self.assertEqual(self.succeed('list', '--names', '-R', root), '')

    def test_this_machine_can_be_asked(self):
        """It may have zPCI functions or none, but the answer is well-formed."""
        result = run('list', '--json')
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIsInstance(json.loads(result.stdout), list)


if __name__ == '__main__':
    unittest.main()
