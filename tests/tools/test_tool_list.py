# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Someone asks which zPCI functions there are, for the eye and for a program."""

import json
import os
import pathlib
import re
import shutil
import tempfile
import unittest

import jsonschema

from tool_case import HOSTS, LPAR, QEMU, SOURCE, STATES, USAGE, ToolCase, run, run_on_terminal


def functions_of(text):
    """The functions in what is printed with --json."""
    document = json.loads(text)
    assert document['version'] == 1
    return document['functions']


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
        self.assertEqual(len(starts), 11)
        for row in rows:
            self.assertEqual(len(row.split()), 11)
            self.assertLessEqual(len(row), 100)
            for start in starts:
                self.assertEqual(row[start - 1:start].strip(), '')

    def test_program_reads_the_same_as_person(self):
        rows = [row.split() for row in self.succeed('list', '-R', LPAR).splitlines()[1:]]
        names = ('name', 'fid', 'uid', 'pchid', 'port', 'vfn', 'type', 'driver', 'iface', 'state', 'used_by')
        self.assertEqual(rows, [[str(function[name]) if function[name] is not None else '-' for name in names]
                                for function in functions_of(self.succeed('list', '--json', '-R', LPAR))])

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


class Columns(ToolCase):
    """Who wants to see something else than the usual."""

    def rows(self, *words):
        return [line.split() for line in self.succeed('list', '-R', LPAR, *words).splitlines()]

    def test_only_those_that_are_asked_for(self):
        header, first, *_ = self.rows('-o', 'uid,USED-BY,Iommu_Group')
        self.assertEqual((header, first), (['UID', 'USED-BY', 'IOMMU-GROUP'], ['0x0101', '-', '0']))

    def test_those_besides_the_usual(self):
        usual = self.rows()[0]
        self.assertEqual(self.rows('-o', '+pfgid,noi,fid')[0], usual + ['PFGID', 'NOI'])

    def test_all(self):
        schema = json.loads((SOURCE / 'schemas' / 'virt-zpci-functions.json').read_text())
        names = [name.replace('_', '-').upper() for name in schema['definitions']['function']['properties']]
        self.assertEqual(['HOST', *self.rows('--output-all')[0]], names[:-3])

    def test_the_manual_and_the_help_have_them_all(self):
        manual = (SOURCE / 'docs' / 'virt-zpci.rst').read_text()
        section = manual[manual.index('\nCOLUMNS\n'):manual.index('\nJSON OF FUNCTIONS\n')]
        terms = {word for line in re.findall(r'^([A-Z].*)$', section, re.MULTILINE) for word in line.split(', ')}
        shown = re.findall(r'^  ([A-Z-]+) ', self.succeed('list', '--help'), re.MULTILINE)
        self.assertEqual(shown, ['HOST', *self.rows('-O')[0]])
        self.assertEqual(set(shown) - terms, set())

    def test_json_has_those_that_are_asked_for(self):
        functions = functions_of(self.succeed('list', '--json', '-o', 'fid,iommu_group', '-R', LPAR))
        self.assertEqual(functions[0], {'fid': '0x00000100', 'iommu_group': 0})

    def test_a_wrong_one_is_named_with_the_one_that_is_meant(self):
        self.assertEqual(self.fail_with(USAGE, 'list', '-o', 'fid,pchdi', '-R', LPAR),
                         "virt-zpci: There is no column 'pchdi'; did you mean PCHID?\n")
        self.assertIn('"virt-zpci list --help" shows all', self.fail_with(USAGE, 'list', '-x', 'zzz', '-R', LPAR))

    def test_output_and_output_all_exclude_each_other(self):
        self.assertEqual(self.fail_with(USAGE, 'list', '-O', '-o', 'fid', '-R', QEMU),
                         'virt-zpci: --output and --output-all exclude each other.\n')

    def test_without_headings(self):
        self.assertEqual(self.rows('--noheadings', '-o', 'fid'), self.rows('-o', 'fid')[1:])

    def test_raw_has_a_blank_between_values_only(self):
        line = self.succeed('list', '--raw', '-o', 'fid,vendor_name,uid', '-R', LPAR).splitlines()[1]
        self.assertEqual(line.split(' ')[0::2], ['0x00000100', '0x0101'])
        self.assertRegex(line.split(' ')[1], r'\\x20')

    def test_sorted_by_numbers_and_what_is_not_known_last(self):
        def column(*words):
            return [row[0] for row in self.rows('-H', *words)]
        fids = column('-o', 'fid', '-x', 'FID')
        self.assertEqual(fids, sorted(fids))
        self.assertNotEqual(fids, column('-o', 'fid'))
        self.assertEqual(column('-a', '-o', 'name', '--sort', 'uid')[-1], 'zpci_00000202')

    def test_names_of_the_host_do_no_harm_to_a_terminal(self):
        with tempfile.TemporaryDirectory() as directory:
            root = pathlib.Path(directory, 'host')
            shutil.copytree(QEMU, root, symlinks=True)
            link = root / 'sys/devices/pci0005:00/0005:00:00.0/driver'
            link.unlink()
            link.symlink_to('../../../bus/pci/drivers/\x1b[31mred')
            for words in (('list',), ('list', '--raw'), ('list', '--json'), ('show', 'uid=5')):
                text = self.succeed(*words, '-R', root)
                self.assertNotIn('\x1b', text)
                self.assertIn('[31mred', text)


class Filter(ToolCase):
    def names(self, expression, *words):
        return self.succeed('list', '-n', '-Q', expression, *words, '-R', LPAR).split()

    def test_only_what_is_so_is_listed(self):
        self.assertEqual(self.names('type=roce and vfio'), ['pci_0000_00_00_3'])
        self.assertEqual(self.names('state=standby', '-a'), ['zpci_00000202'])
        self.assertEqual(self.names('state=standby'), [])
        header, *rows = self.succeed('list', '--filter', 'port = 2', '-o', 'fid', '-R', LPAR).split()
        self.assertEqual((header, rows), ('FID', ['0x00000200', '0x00000201', '0x00000203']))

    def test_what_it_needs_is_read_but_not_shown(self):
        functions = functions_of(self.succeed('list', '-j', '-o', 'fid', '-Q', 'noi=1024', '-x', 'iommu_group', '-R', LPAR))
        self.assertEqual(len(functions), 7)
        self.assertEqual({tuple(function) for function in functions}, {('fid',)})

    def test_each_column_can_be_asked_for(self):
        for name in self.succeed('list', '-O', '-R', LPAR).split('\n')[0].split():
            self.names(f'{name} =~ .')

    def test_what_is_wrong_is_the_command_lines_fault(self):
        self.assertIn("'kind=roce' where the name of a column is expected",
                      self.fail_with(USAGE, 'list', '-Q', 'port=1 and kind=roce', '-R', LPAR))


class Terminal(ToolCase):
    def show(self, width, **environment):
        """What a person sees on a terminal that is so wide."""
        environment.setdefault('LC_ALL', 'C.UTF-8')
        text, status = run_on_terminal('list', '-R', LPAR, '-o', 'name,product_name,fid', width=width, **environment)
        self.assertEqual(status, 0)
        return text.replace('\r\n', '\n')

    def test_what_is_too_long_is_cut_but_for_names(self):
        lines = self.show(50, NO_COLOR='1').splitlines()
        self.assertTrue(all(len(line) <= 50 for line in lines), lines)
        self.assertTrue(lines[1].startswith('pci_0000_00_00_0 MT27710 '))
        self.assertTrue(lines[1].endswith(' 0x00000100'))
        self.assertIn('[ConnectX-4 Lx]', self.show(200, NO_COLOR='1'))

    def test_headings_are_bold_unless_somebody_minds(self):
        self.assertIn('\x1b[1m', self.show(100, NO_COLOR=''))
        self.assertNotIn('\x1b', self.show(100, NO_COLOR='1'))
        self.assertNotIn('\x1b', self.succeed('list', '-R', LPAR))


class Schema(ToolCase):
    def setUp(self):
        schema = json.loads((SOURCE / 'schemas' / 'virt-zpci-functions.json').read_text())
        jsonschema.Draft7Validator.check_schema(schema)
        self.validator = jsonschema.Draft7Validator(schema)

    def test_all_that_is_printed_is_valid(self):
        for words in (('list', '-a'), ('list', '-i'), ('list', '-o', 'fid,disk'), ('show', 'uid=5'),
                      ('show', 'fid=0xc', 'uid=0x7a')):
            for root in (QEMU, STATES) if words[0] == 'show' else (QEMU, STATES, LPAR):
                with self.subTest(words=words, host=root.name):
                    document = json.loads(run(*words, '--json', '-R', root).stdout)
                    self.validator.validate(document)

    def test_the_schema_knows_each_member(self):
        known = set(self.validator.schema['definitions']['function']['properties'])
        for function in functions_of(self.succeed('list', '--json', '-R', LPAR)):
            self.assertEqual(set(function), known - {'host'})

    def test_what_is_wrong_is_invalid(self):
        document = json.loads(self.succeed('list', '--json', '-R', LPAR))
        for name, value in (('fid', '100'), ('fid', 256), ('port', '1'), ('state', 'off'), ('virtual', 'x'),
                            ('uid_unique', 'yes'), ('warnings', None)):
            with self.subTest(name=name, value=value):
                wrong = json.loads(json.dumps(document))
                wrong['functions'][0][name] = value
                self.assertFalse(self.validator.is_valid(wrong))
        self.assertFalse(self.validator.is_valid(dict(document, version=2)))
        self.assertFalse(self.validator.is_valid(document['functions']))


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

    def test_the_state_is_shown(self):
        self.assert_golden(self.succeed('list', '--all', '-R', STATES), f'list-all-{STATES.name}.txt')

    def test_program_reads_the_same_as_person(self):
        rows = [row.split() for row in self.succeed('list', '--all', '-R', STATES).splitlines()[1:]]
        functions = functions_of(self.succeed('list', '--all', '--json', '-R', STATES))
        self.assertEqual([(row[0], row[2], row[9]) for row in rows],
                         [(function['name'], function['uid'], function['state']) for function in functions])

    def test_facts_come_from_clp(self):
        function, = functions_of(self.succeed('list', '--inactive', '--json', '-R', STATES))
        self.assertEqual((function['state'], function['uid'], function['uid_unique']), ('standby', '0x007b', True))
        self.assertEqual({name for name, source in function['provenance'].items() if source == 'sysfs'},
                         {'name', 'state', 'fid'})

    def test_without_clp_the_id_is_left(self):
        function, = functions_of(self.succeed('list', '-i', '-j', '-R', LPAR))
        self.assertEqual(set(function['provenance']), {'name', 'state', 'fid', 'used_by', 'use', 'guest', 'pid'})
        self.assertEqual(self.succeed('list', '-i', '-R', LPAR).splitlines()[1].split(),
                         ['zpci_00000202', '0x00000202', *'-------', 'standby', 'nobody'])

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
        return functions_of(self.succeed('list', '--json', '--root', self.root))[0]

    def test_each_value_names_its_source(self):
        function = self.read()
        self.assertEqual(function['provenance']['uid'], 'sysfs')
        self.assertEqual(function['provenance']['noi'], 'vfio')
        self.assertEqual((set(function['missing']), function['warnings']), ({'used_by', 'use', 'guest', 'pid'}, []))

    def test_without_any_chain_sysfs_answers(self):
        shutil.rmtree(self.root / 'chain')
        function = self.read()
        self.assertEqual(function['provenance']['pfgid'], 'sysfs')
        self.assertEqual([function[name] for name in ('dma_start', 'noi', 'fmb_length', 'simulated')],
                         [None, None, None, True])

    def test_without_a_chain_another_of_the_group_tells_its_limits(self):
        os.remove(self.root / 'chain' / '0005:00:00.0')
        function = self.read()
        self.assertEqual(function['noi'], 128)
        self.assertEqual(function['provenance']['noi'], 'vfio of pci_007a_00_00_0')
        self.assertEqual((function['dma_start'], function['provenance']['pfgid']), (None, 'sysfs'))

    def test_fact_that_cannot_be_read_has_a_reason(self):
        (self.function / 'port').write_text('first\n')
        function = self.read()
        self.assertIsNone(function['port'])
        self.assertRegex(function['missing']['port'], r"port .*'first'")
        row = self.succeed('list', '-o', 'port,type', '--root', self.root).splitlines()[1]
        self.assertEqual(row.split(), ['-', 'unclassified'])

    def test_fact_that_the_host_does_not_offer_is_null(self):
        os.remove(self.function / 'mio_enabled')
        function = self.read()
        self.assertIsNone(function['mio'])
        self.assertNotIn('mio', function['missing'])

    def test_sources_that_disagree_are_both_named(self):
        (self.function / 'pchid').write_text('0x01c0\n')
        function = self.read()
        self.assertEqual(function['pchid'], '0x0000')
        self.assertEqual(len(function['warnings']), 1)
        self.assertRegex(function['warnings'][0], 'pchid.*0x0000 according to vfio.*0x01c0 according to sysfs')

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
            for words in ((), ('--json',)):
                result = run('list', *words, '-R', root)
                self.assertEqual((result.returncode, result.stderr),
                                 (0, 'virt-zpci: This host has no zPCI functions.\n'))
            self.assertEqual(functions_of(result.stdout), [])
            self.assertEqual(self.succeed('list', '--names', '-R', root), '')

    def test_this_machine_can_be_asked(self):
        """It may have zPCI functions or none, but the answer is well-formed."""
        result = run('list', '--json')
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIsInstance(functions_of(result.stdout), list)


if __name__ == '__main__':
    unittest.main()
