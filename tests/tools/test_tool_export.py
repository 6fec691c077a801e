# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Someone writes the functions of a host for another program."""

import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

import jsonschema
import nfd_features
import yaml
from tool_case import FAILED, LPAR, OK, PATIENCE, PROGRAM, QEMU, SOURCE, USAGE, ToolCase, run

FORMATS = {'nova': 'nova.conf', 'kubevirt': 'kubevirt.yaml', 'nfd': 'nfd.txt', 'prometheus': 'prometheus.prom',
           'ansible': 'ansible.json'}


class Shipped(ToolCase):
    def test_text_is_as_reviewed(self):
        for name, ending in FORMATS.items():
            for root in (QEMU, LPAR):
                with self.subTest(format=name, host=root.name):
                    # What KubeVirt could hand out besides is told, too.
                    result = run('export', name, '-R', root)
                    self.assertEqual(result.returncode, OK, result.stderr)
                    self.assert_golden(result.stdout, f'export-{root.name}-{ending}')

    def test_names_are_exported_in_the_order_of_the_host_and_once(self):
        for name in FORMATS:
            with self.subTest(format=name):
                self.assertEqual(self.succeed('export', name, '-R', LPAR, 'fid=0', 'fid=0x1000', '0004:00:00.0'),
                                 self.succeed('export', name, '-R', LPAR, 'fid=0x1000', 'fid=0'))

    def test_help_lists_the_formats(self):
        listed = self.succeed('export', '--help').partition('Formats:\n')[2].partition('\n\n')[0]
        self.assertEqual([line.split()[0] for line in listed.splitlines()], list(FORMATS))


class KubeVirt(ToolCase):
    def export(self, *words):
        """The list, as YAML has it; it must be what KubeVirt's resource takes."""
        document = yaml.safe_load(self.succeed('export', 'kubevirt', '-R', LPAR, *words))
        self.judge(document)
        return document['spec']['configuration']['permittedHostDevices']['pciHostDevices']

    def judge(self, document):
        schema = json.loads((SOURCE / 'tests/tools/kubevirt-host-devices.json').read_text(encoding='utf-8'))
        jsonschema.Draft7Validator.check_schema(schema)
        jsonschema.Draft7Validator(schema).validate(document)

    def test_judge_knows_what_kubevirt_does_not_take(self):
        good = {'pciVendorSelector': '144D:A822', 'resourceName': 'zpci.local/nvme'}
        for wrong in ({'pciVendorSelector': '144D'}, {'pciVendorSelector': 0x144d}, {'resourceName': 'nvme'},
                      {'resourceName': 'zpci.local/-nvme'}, {'resourceName': 'zpci.local/' + 'n' * 64},
                      {'externalResourceProvider': 'no'}, {'address': '0005:00:00.0'}):
            for device, taken in ((good, True), ({**good, **wrong}, False)):
                document = {'spec': {'configuration': {'permittedHostDevices': {'pciHostDevices': [device]}}}}
                if taken:
                    self.judge(document)
                    continue
                with self.assertRaises(jsonschema.ValidationError, msg=wrong):
                    self.judge(document)

    def test_takes_what_is_named(self):
        self.assertEqual(self.export('fid=0'), [{'pciVendorSelector': '144D:A822',
                                                 'resourceName': 'zpci.local/nvme-144d-a822'}])

    def test_selects_each_kind_once(self):
        names = [f'fid={fid}' for fid in ('0x101', '0x102', '0x103', '0x201', '0x203', '0x1000')]
        self.assertEqual([device['pciVendorSelector'] for device in self.export(*names)], ['15B3:1016', '1014:04ED'])

    def test_is_refused_where_another_would_be_handed_out(self):
        """0x102 is bound to VFIO and of the same kind."""
        self.assertIn('would hand out pci_0000_00_00_3 (15b3:1016) too',
                      self.fail_with(FAILED, 'export', 'kubevirt', '-R', LPAR, 'fid=0x201'))

    def test_warns_of_those_that_could_be(self):
        result = run('export', 'kubevirt', '-R', LPAR, 'fid=0x102')
        self.assertEqual(result.returncode, OK)
        self.assertEqual(re.findall(r'As soon as (\S+) is bound', result.stderr),
                         ['pci_0000_00_00_2', 'pci_0000_00_00_4', 'pci_0002_00_00_0', 'pci_0003_00_00_0'])

    def test_of_a_host_without_vfio_is_an_empty_list(self):
        document = yaml.safe_load(self.succeed('export', 'kubevirt', '-R', QEMU))
        self.assertEqual(document['spec']['configuration']['permittedHostDevices']['pciHostDevices'], [])


class NodeFeatures(ToolCase):
    def export(self, *words):
        """The labels that the node gets, without their namespace."""
        labels = nfd_features.read_features(self.succeed('export', 'nfd', '-R', LPAR, *words))
        namespace = nfd_features.DEFAULT + '/'
        self.assertEqual({label[:len(namespace)] for label in labels}, {namespace})
        return {label[len(namespace):]: value for label, value in labels.items()}

    def test_judge_knows_what_makes_no_label(self):
        read = nfd_features.read_features
        self.assertEqual(read('# a comment\n# +no-feature\n\na\nexample.org/b=1\nc='),
                         {'feature.node.kubernetes.io/a': 'true', 'example.org/b': '1', 'feature.node.kubernetes.io/c': ''})
        for wrong in ('a b=1', '-a=1', 'a-=1', 'a=1\na=2', 'a=0x1 # comment', 'a=-', f'{"a" * 64}=1', '/a=1', 'Example/a=1',
                      '# +nothing', 'a=1\n' + '#' * 65536):
            with self.assertRaises(nfd_features.NotAFeatureFile, msg=wrong[:80]):
                read(wrong)

    def test_count_the_functions(self):
        self.assertEqual(self.export(), {'zpci.functions': '9', 'zpci.type.roce': '7', 'zpci.type.ism': '1',
                                         'zpci.type.nvme': '1', 'zpci.vfio.roce': '1', 'zpci.pchid.01c0': '7',
                                         'zpci.pchid.07c0': '1', 'zpci.pchid.0124': '1'})

    def test_tell_which_are_there_if_they_are_named(self):
        self.assertEqual(self.export('fid=0x1000'), {'zpci.functions': '1', 'zpci.type.ism': '1',
                                                     'zpci.pchid.07c0': '1', 'zpci.fid.00001000': '1'})


class Ansible(ToolCase):
    def test_has_what_the_list_has_by_name(self):
        for root in (QEMU, LPAR):
            facts = json.loads(self.succeed('export', 'ansible', '-R', root))
            shown = json.loads(self.succeed('list', '--all', '--json', '-R', root))
            columns = [column for column in shown['functions'][0] if column not in ('provenance', 'missing', 'warnings')]
            self.assertEqual(facts, {'version': shown['version'], 'functions': {
                function['name']: {column: function[column] for column in columns} for function in shown['functions']}})


    def gather(self, root):
        """What Ansible itself takes for facts of this machine, from a file in facts.d."""
        with tempfile.TemporaryDirectory() as place:
            facts = pathlib.Path(place, 'facts.d')
            facts.mkdir()
            self.succeed('export', 'ansible', '-R', root, '-o', facts / 'zpci.fact')
            result = subprocess.run(
                ['ansible', 'localhost', '-i', 'localhost,', '-c', 'local', '-e', 'ansible_python_interpreter=/usr/bin/python3',
                 '-m', 'ansible.builtin.setup',
                 '-a', f'fact_path={facts} filter=ansible_local gather_subset=!all,!min,local'],
                env={**os.environ, 'HOME': place, 'ANSIBLE_HOME': place, 'ANSIBLE_NOCOLOR': '1',
                     'ANSIBLE_LOCALHOST_WARNING': 'False'},
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding='utf-8', timeout=PATIENCE * 4, check=False)
        self.assertEqual(result.returncode, OK, result.stderr)
        self.assertIn(' | SUCCESS => {', result.stdout)
        return json.loads(result.stdout.partition(' => ')[2])['ansible_facts']['ansible_local']['zpci']

    def test_ansible_reads_them_as_they_were_written(self):
        """A value that it does not understand would be a text, or a message of an error."""
        gathered = self.gather(LPAR)
        self.assertEqual(gathered, json.loads(self.succeed('export', 'ansible', '-R', LPAR)))
        self.assertEqual(gathered['functions']['pci_0000_00_00_3']['fid'], '0x00000102')


class Output(ToolCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.path = pathlib.Path(holder.name, 'out')

    def export(self, *words):
        return ('export', 'nova', '-R', QEMU, '-o', self.path, *words)

    def test_goes_to_a_file_that_others_can_read(self):
        self.path.write_text('old')
        self.assertEqual(self.succeed(*self.export()), '')
        self.assertEqual(self.path.read_text(), self.succeed('export', 'nova', '-R', QEMU))
        self.assertEqual(self.path.stat().st_mode & 0o777, 0o644 & ~os.umask(os.umask(0)))
        self.assertEqual([*self.path.parent.iterdir()], [self.path])

    def test_that_does_not_fit_leaves_what_was_there(self):
        self.path.write_text('old')
        result = subprocess.run(['bash', '-c', 'trap "" XFSZ; ulimit -f 0; exec "$@"', 'bash', PROGRAM, *self.export()],
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding='utf-8',
                                timeout=PATIENCE, check=False)
        self.assertEqual(result.returncode, FAILED)
        self.assertRegex(result.stderr, r'\Avirt-zpci: Writing the output failed: .*File too large')
        self.assertEqual(self.path.read_text(), 'old')
        self.assertEqual([*self.path.parent.iterdir()], [self.path])

    def test_cannot_go_where_there_is_no_directory(self):
        self.path = self.path / 'nosuch'
        self.assertIn('No such file or directory', self.fail_with(FAILED, *self.export()))


class Refused(ToolCase):
    def test_format_that_there_is_not(self):
        self.assertEqual(self.fail_with(USAGE, 'export', 'novas', '-R', QEMU),
                         "virt-zpci: There is no format 'novas'; did you mean nova?\n")
        self.assertIn('--placement is for the format nova only', self.fail_with(USAGE, 'export', 'prometheus', '-P', '-R', QEMU))
        self.assertIn('"virt-zpci export --help" lists all', self.fail_with(USAGE, 'export', '\x1b[2J', '-R', QEMU))

    def test_what_is_no_function(self):
        for name in FORMATS:
            with self.subTest(format=name):
                self.assertIn('computer is not a zPCI function', self.fail_with(FAILED, 'export', name, '-R', QEMU, 'computer'))
                self.assertIn('no node device', self.fail_with(FAILED, 'export', name, '-R', QEMU, 'nix'))


if __name__ == '__main__':
    unittest.main()
