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

from tool_case import LPAR, OK, QEMU, SOURCE, STATES, USAGE, ToolCase, run

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
