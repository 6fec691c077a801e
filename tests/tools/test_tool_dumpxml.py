# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Someone looks at one device."""

import unittest
from xml.etree import ElementTree

from tool_case import LPAR, QEMU, STATES, ToolCase

# All that <zpci> of the captured function 0005:00:00.0 says.
QEMU_ZPCI = {
    'zpci': {'uid': '0x0005', 'fid': '0x0000000c', 'pfgid': '0xff'},
    'function': {'pchid': '0x0000', 'vfn': '0x0000', 'pft': '0x00', 'type': 'unclassified',
                 'port': '0', 'uidUnique': 'yes'},
    'dma': {'start': '0x0000000100000000', 'end': '0x000000017fffffff'},
    'group': {'simulated': 'yes', 'version': '0', 'dasm': '0x0000000000000000',
              'msiAddress': '0xfe00000000000000', 'refresh': 'yes', 'mui': '4000', 'noi': '128',
              'maxstbl': '128', 'imaxstbl': '128'},
    'pfip': {},
    'source': {'identity': 'sysfs', 'function': 'vfio', 'group': 'vfio'},
}


class Names(ToolCase):
    def device(self, root, name):
        return ElementTree.fromstring(self.succeed('dumpxml', '--root', root, name))

    def test_every_form_of_a_name_finds_the_device(self):
        for name in ('pci_0005_00_00_0', '0005:00:00.0', 'fid=0x0000000c', 'fid=0xc', 'fid=c', 'fid=0000000c', 'FID=0xC', '0000000c', '0xc', '0x5',
                     'uid=0x0005', 'uid=5'):
            with self.subTest(name=name):
                self.assertEqual(self.device(QEMU, name).findtext('name'), 'pci_0005_00_00_0')

    def test_domain_0_need_not_be_written(self):
        self.assertEqual(self.device(LPAR, '00:00.3').findtext('name'), 'pci_0000_00_00_3')

    def test_fid_0_is_a_function(self):
        self.assertEqual(self.device(LPAR, 'fid=0').findtext('name'), 'pci_0005_00_00_0')

    def test_computer_is_a_device(self):
        self.assertEqual(self.device(QEMU, 'computer').find('capability').get('type'), 'system')

    def test_zpci_element_says_all(self):
        zpci = self.device(QEMU, 'uid=5').find("capability[@type='pci']/zpci")
        self.assertEqual({element.tag: element.attrib for element in zpci.iter()}, QEMU_ZPCI)
        self.assertEqual(zpci.findtext('pfip'), '00.00.00.00')

    def test_utility_string_is_readable(self):
        util = self.device(LPAR, '00:00.3').find('capability/zpci/util')
        self.assertEqual(util.text, 'ROCE-PROD-NET-A')
        self.assertEqual(bytes.fromhex(util.get('hex')), 'ROCE-PROD-NET-A'.ljust(64).encode('cp037'))

    def test_unknown_device_is_named_once_and_in_full(self):
        for name in ('pci_5_0_0_0', '0005:00:00', 'nix', ''):
            with self.subTest(name=name):
                self.assertEqual(self.fail_with(1, 'dumpxml', '-R', QEMU, name),
                                 f"virt-zpci: There is no node device '{name}'.\n")
        self.assertEqual(self.fail_with(1, 'dumpxml', '-R', QEMU, '0005:00:00.1'),
                         "virt-zpci: There is no node device 'pci_0005_00_00_1'.\n")

    def test_name_that_is_nearly_right_is_told(self):
        self.assertEqual(self.fail_with(1, 'dumpxml', '-R', QEMU, 'pci_0005_00_00_1'),
                         "virt-zpci: There is no node device 'pci_0005_00_00_1'. Did you mean "
                         "pci_0005_00_00_0?\n")
        self.assertIn('Did you mean zpci_00000101?', self.fail_with(1, 'dumpxml', '-R', STATES, 'zpci_0000101'))

    def test_several_are_printed_in_their_order(self):
        self.assertEqual(self.succeed('dumpxml', '-R', QEMU, 'uid=0x7a', 'fid=0xc'),
                         self.succeed('dumpxml', '-R', QEMU, 'uid=0x7a') + self.succeed('dumpxml', '-R', QEMU, 'fid=0xc'))
        self.assertEqual(self.fail_with(1, 'dumpxml', '-R', QEMU, 'uid=0x7a', 'nix'),
                         "virt-zpci: There is no node device 'nix'.\n")

    def test_all_of_an_adapter(self):
        self.assertEqual(self.succeed('dumpxml', '-R', LPAR, 'pchid=0x1c0').count('<name>pci_'), 7)
        self.assertIn('There is no function with pchid 0x0777 on this host.', self.fail_with(1, 'dumpxml', '-R', LPAR, 'pchid=0x777'))
        self.assertIn("'102' can be read in two ways", self.fail_with(1, 'dumpxml', '-R', LPAR, 'pchid=102'))

    def test_unknown_ids_are_named(self):
        self.assertIn('no function with fid 0x0000000d',
                      self.fail_with(1, 'dumpxml', '-R', QEMU, 'fid=0xd'))

    def test_function_in_standby_by_its_id(self):
        self.assertIn('<name>zpci_00000202</name>',
                      self.succeed('dumpxml', '-R', LPAR, 'fid=0x202'))

    def test_uid_that_is_used_twice_names_both(self):
        message = self.fail_with(1, 'dumpxml', '-R', LPAR, 'uid=0x21')
        self.assertIn('More than one function has uid 0x0021', message)
        self.assertIn('pci_0004_00_00_0', message)
        self.assertIn('pci_0005_00_00_0', message)

    def test_number_that_is_none_is_quoted(self):
        for name, quoted in (('uid=0x10000', "'0x10000'"), ('uid=five', "'five'"), ('fid=', "''"),
                             ('fid=0x100000000', "'0x100000000'"), ('fid=-1', "'-1'"),
                             ('uid=010', "'010'")):
            with self.subTest(name=name):
                self.assertIn(quoted, self.fail_with(1, 'dumpxml', '-R', LPAR, name))

    def test_control_characters_do_not_reach_the_terminal(self):
        self.assertNotRegex(self.fail_with(1, 'dumpxml', '-R', QEMU, 'a\n\x1b[31mb')[:-1],
                            r'[\x00-\x1f]')


if __name__ == '__main__':
    unittest.main()
