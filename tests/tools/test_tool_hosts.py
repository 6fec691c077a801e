# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Someone looks at several hosts at once, through libvirt."""

import json
import os
import pathlib
import socket
import tempfile
import unittest

import jsonschema

from tool_case import FAILED, LPAR, OK, QEMU, SOURCE, STATES, USAGE, ToolCase, read_json, run

PARTLY = 3
DEAD = 'test+unix:///default?socket=/nonexistent/socket'
# What documents of node devices have of a function.
TOLD = ('name,state,address,fid,uid,pfgid,pchid,vfn,pft,type,port,uid_unique,dma_start,dma_end,simulated,group_version,'
        'dasm,msi_address,refresh,mui,noi,maxstbl,imaxstbl,pfip,util,util_hex,class,vendor,product,driver,vfio,iommu_group,'
        'numa_node,physical,virtual')


class Hosts(ToolCase):
    def uri(self, root):
        return self.succeed('uri', '--root', root).strip()

    def test_one_tells_what_it_tells_itself(self):
        for root in (QEMU, LPAR, STATES):
            with self.subTest(host=root.name):
                self.assertEqual(self.succeed('list', '--all', '-j', '-o', TOLD, '-c', self.uri(root)),
                                 self.succeed('list', '--all', '-j', '-o', TOLD, '-R', root))

    def test_only_the_states_that_are_asked_for(self):
        for option in ([], ['-a'], ['-i']):
            self.assertEqual(self.succeed('list', '-n', *option, '-c', self.uri(STATES)),
                             self.succeed('list', '-n', *option, '-R', STATES))

    def test_several_are_told_apart(self):
        text = self.succeed('list', '-r', '-c', self.uri(LPAR), '-c', self.uri(QEMU))
        header, *rows = [line.split(' ') for line in text.splitlines()]
        self.assertEqual(header[:2], ['HOST', 'NAME'])
        expected = [(self.uri(root), name) for root in (LPAR, QEMU)
                    for name in self.succeed('list', '-n', '-R', root).split()]
        self.assertEqual([tuple(row[:2]) for row in rows], expected)
        self.assertEqual(self.succeed('list', '-o', 'fid', '-c', self.uri(LPAR), '-c', self.uri(QEMU)).split()[0], 'FID')

    def test_one_group_has_nothing_to_do_with_that_of_another(self):
        """Both hosts have the group 0xff; only one of them has been asked for its limits."""
        with tempfile.TemporaryDirectory() as place:
            silent = pathlib.Path(place, 'silent')
            silent.mkdir()
            os.symlink(QEMU / 'sys', silent / 'sys')
            (silent / 'capture.ini').write_bytes((QEMU / 'capture.ini').read_bytes())
            text = self.succeed('list', '-j', '-o', 'noi,pfgid', '-c', self.uri(QEMU), '-c', self.uri(silent))
        self.assertEqual([function['noi'] for function in json.loads(text)['functions']], [128, 128, None, None])

    def test_json_is_valid_and_names_the_hosts(self):
        schema = json.loads((SOURCE / 'schemas' / 'virt-zpci-functions.json').read_text())
        for words in (['list', '-a'], ['show', 'uid=0x7a']):
            document = json.loads(self.succeed(*words, '-j', '-c', self.uri(QEMU), '-c', self.uri(STATES)))
            jsonschema.Draft7Validator(schema).validate(document)
            self.assertEqual({function['host'] for function in document['functions']},
                             {self.uri(QEMU), self.uri(STATES)})
            self.assertEqual(document['functions'][0]['provenance']['name'], 'libvirt')

    def test_tree_has_a_level_of_hosts(self):
        self.assertEqual(self.succeed('tree', '-c', self.uri(QEMU)).split('\n')[1], 'no PCHID')
        text = self.succeed('tree', '-c', self.uri(LPAR), '-c', self.uri(QEMU))
        tops = [line.rstrip() for line in text.splitlines()[1:] if line[0] not in '|` ']
        self.assertEqual(tops, [self.uri(LPAR), self.uri(QEMU)])
        self.assertEqual([line.rstrip() for line in text.splitlines() if 'PCHID' in line],
                         ['|-PCHID 0x0124', '|-PCHID 0x01c0', '|-PCHID 0x07c0', '`-PCHID not known', '`-no PCHID'])
        document = self.read_both('tree', 'tree')
        self.assertEqual([(card['host'], card['pchid']) for card in document['cards']],
                         [(self.uri(LPAR), pchid) for pchid in ('0x0124', '0x01c0', '0x07c0', None)] + [(self.uri(QEMU), '0x0000')])
        self.assertEqual(self.succeed('tree', '-d', '-c', self.uri(LPAR), '-c', self.uri(QEMU)).count('shape=folder'), 2)

    def test_groups_of_two_hosts_are_two(self):
        """Both have the group 0xff."""
        both = ('-c', self.uri(STATES), '-c', self.uri(QEMU))
        lines = self.succeed('groups', *both).splitlines()
        heads = [line for line in lines if not line.startswith('  ')]
        self.assertEqual(heads, [line for root in (STATES, QEMU) for line in
                                 (f'host {self.uri(root)}', 'function group 0xff, simulated by QEMU')])
        self.assertNotIn('host ', self.succeed('groups', '-c', self.uri(QEMU)))
        document = self.read_both('groups', 'groups', roots=(STATES, QEMU))
        self.assertEqual([(group['host'], group['pfgid']) for group in document['groups']],
                         [(self.uri(STATES), '0xff'), (self.uri(QEMU), '0xff')])

    def read_both(self, schema, *words, roots=(LPAR, QEMU), status=OK):
        """What it prints of both hosts; it has to be what the schema says."""
        result = run(*words, '--json', *(word for root in roots for word in ('-c', self.uri(root))))
        self.assertEqual((result.returncode, result.stderr), (status, ''))
        return read_json(result.stdout, schema)

    def test_paths_of_two_hosts(self):
        """The same function twice: whether that is one card, only the machine knows."""
        with tempfile.TemporaryDirectory() as place:
            twin = pathlib.Path(place, 'twin')
            os.symlink(LPAR, twin)
            both = ('-c', self.uri(LPAR), '-c', self.uri(twin))
            result = run('paths', 'fid=0x101', *both)
            self.assertEqual((result.returncode, result.stderr), (USAGE, ''))
            self.assertEqual(result.stdout.splitlines()[0],
                             f'pci_0000_00_00_2 of {self.uri(LPAR)} and pci_0000_00_00_2 of {self.uri(twin)}:')
            self.assertIn('card: not known whether it is shared', result.stdout)
            document = self.read_both('paths', 'paths', 'fid=0x101', roots=(LPAR, twin), status=USAGE)
            self.assertEqual((document['pairs'][0]['first_host'], document['pairs'][0]['second_host'], document['verdict']),
                             (self.uri(LPAR), self.uri(twin), 'unknown'))
            self.assertEqual([function['host'] for function in document['functions']], [self.uri(LPAR), self.uri(twin)])
            # 0x101 and 0x102 of one host share their card, whatever the other has.
            self.assertEqual(run('paths', 'fid=0x101', 'fid=0x102', *both).returncode, FAILED)
            self.assertIn('--suggest takes one function', self.fail_with(USAGE, 'paths', '-s', 'fid=0x101', *both))

    def test_partners_are_of_the_same_host(self):
        own = self.succeed('paths', '--suggest', 'fid=0x101', '-R', LPAR)
        with tempfile.TemporaryDirectory() as place:
            twin = pathlib.Path(place, 'twin')
            os.symlink(QEMU, twin)
            self.assertEqual(self.succeed('paths', '--suggest', 'fid=0x101', '-c', self.uri(LPAR), '-c', self.uri(twin)), own)

    def test_exports_are_the_same_as_there(self):
        for name in ('nova', 'kubevirt', 'nfd'):
            for words in ([name], [name, 'fid=0x102'], [name, '0003:00:00.0', 'fid=0']):
                with self.subTest(words=words):
                    there = run('export', *words, '-R', LPAR)
                    here = run('export', *words, '-c', self.uri(LPAR))
                    self.assertEqual((here.returncode, here.stdout), (there.returncode, there.stdout))

    def test_exports_of_several_hosts(self):
        both = ('-c', self.uri(LPAR), '-c', self.uri(STATES))
        for name in ('nova', 'nfd', 'ansible'):
            self.assertIn(f'The format {name} describes one host', self.fail_with(USAGE, 'export', name, *both))
        lines = [line for line in self.succeed('export', 'prometheus', *both).splitlines() if line[0] != '#']
        self.assertEqual(len({line.rpartition(' ')[0] for line in lines}), len(lines))
        self.assertTrue(all('{host="' in line for line in lines))
        kinds = self.succeed('export', 'kubevirt', 'fid=0', 'uid=0x7a', *both).count('pciVendorSelector')
        self.assertEqual(kinds, 2)

    def test_of_each_command_who_is_not_there_is_left_out(self):
        own = ('-c', self.uri(LPAR))
        for words in (['tree'], ['groups'], ['paths', '-s', 'fid=0x101'], ['export', 'prometheus']):
            with self.subTest(words=words):
                result = run(*words, '-c', DEAD, *own)
                self.assertEqual(result.returncode, PARTLY)
                self.assertRegex(result.stderr, r"\Avirt-zpci: The host '.*/nonexistent/socket' is left out\. [^\n]+\n\Z")
                self.assertIn('pci_0001_00_00_0', result.stdout)

    def test_a_transport_that_ends_does_not_end_the_others(self):
        """Who writes to it gets a signal, or an error: that is a race, so it is tried some times."""
        for _ in range(8):
            result = run('list', '-n', '-c', 'nodedev+ext:///system?command=/nonexistent', '-c', self.uri(QEMU))
            self.assertEqual((result.returncode, result.stdout), (PARTLY, self.succeed('list', '-n', '-R', QEMU)))

    def test_show_finds_functions_on_any_of_them(self):
        both = ('-c', self.uri(LPAR), '-c', self.uri(QEMU))
        for name, wanted in (('fid=0x102', 'pci_0000_00_00_3'), ('0000:00:00.3', 'pci_0000_00_00_3'),
                             ('uid=0x7a', 'pci_007a_00_00_0'), ('0x7a', 'pci_007a_00_00_0'),
                             ('00000100', 'pci_0000_00_00_0'), ('pci_007a_00_00_0', 'pci_007a_00_00_0')):
            with self.subTest(name=name):
                self.assertEqual(self.succeed('show', name, *both).split('\n')[0], wanted)
        self.assertIn("No host that has answered has the zPCI function 'fid=0xabc'.",
                      self.fail_with(1, 'show', 'fid=0xabc', *both))

    def test_who_is_not_there_is_left_out(self):
        result = run('list', '-n', '-c', DEAD, '-c', self.uri(QEMU), '--time-out=600')
        self.assertEqual((result.returncode, result.stdout), (PARTLY, self.succeed('list', '-n', '-R', QEMU)))
        self.assertRegex(result.stderr, r"\Avirt-zpci: The host '.*/nonexistent/socket' is left out\. "
                                        r'Connecting to libvirt failed: [^\n]+\n\Z')

    def test_who_does_not_answer_is_left_out(self):
        """It takes the connection and says nothing."""
        with tempfile.TemporaryDirectory() as place, socket.socket(socket.AF_UNIX) as mute:
            mute.bind(f'{place}/mute')
            mute.listen()
            result = run('list', '-j', '-c', f'test+unix:///default?socket={place}/mute', '-t', '1')
        self.assertEqual((result.returncode, json.loads(result.stdout)['functions']), (PARTLY, []))
        self.assertIn('is left out. It has not answered within 1 seconds.\n', result.stderr)

    def test_what_is_wrong_is_said(self):
        self.assertIn('--connect and --root exclude each other', self.fail_with(USAGE, 'list', '-c', DEAD, '-R', QEMU))
        self.assertIn('--time-out', self.fail_with(USAGE, 'show', '-c', DEAD, '-t', '-1', 'uid=5'))

    def test_a_host_without_functions(self):
        result = run('list', '-c', f'test://{SOURCE / "tests/data/domains/holders.xml"}')
        self.assertEqual((result.returncode, result.stderr), (OK, 'virt-zpci: There are no zPCI functions there.\n'))


if __name__ == '__main__':
    unittest.main()
