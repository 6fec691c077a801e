#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""A damaged host gives a client one clear error, or a document without the damaged fact.

Never a crash, a hang or a wrong value. Unreadable is shown with a directory in the file's place,
since root may read any file.
"""

import os
import re
import shutil
import subprocess
import unittest

import libvirt
from client_case import SECONDS, TOOL, ClientCase, host_dir

DEVICE = 'pci_0000_00_00_3'
ADDRESS = '0000:00:00.3'
PCI = libvirt.VIR_CONNECT_LIST_NODE_DEVICES_CAP_PCI_DEV
# How to damage a file.
DAMAGE = {
    'absent': None,
    'unreadable': 'directory',
    'empty': b'',
    'no number': b'banana\n',
    'a number with a tail': b'0x10 0x20\n',
    'binary': bytes(range(256)),
    'too great a number': b'0x123456789012345678901234567890\n',
    'negative': b'-7\n',
    '64 KiB': b'0x' + b'1' * 65534,
    '16 MiB': b'0x' + b'1' * (16 * 1024 * 1024),
}


def damage(path, how):
    """Replaces a file, or what a link leads to, as DAMAGE says."""
    if os.path.islink(path) or os.path.isfile(path):
        os.unlink(path)
    elif os.path.isdir(path):
        shutil.rmtree(path)
    if how == 'directory':
        os.mkdir(path)
    elif how is not None:
        with open(path, 'wb') as stream:
            stream.write(how)


class BrokenHost(ClientCase):
    def setUp(self):
        super().setUp()
        self.root = self.copy_host('lpar-roce')
        self.sys = os.path.join(self.root, 'sys')
        self.function = os.path.join(self.sys, 'devices/pci0000:00', ADDRESS)

    def xml(self, device=DEVICE):
        connection = libvirt.open(self.uri(self.root))
        try:
            return connection.nodeDeviceLookupByName(device).XMLDesc(0)
        finally:
            connection.close()

    def assert_valid(self, xml):
        result = subprocess.run([TOOL, 'validate', '-'], input=xml, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, encoding='utf-8', timeout=SECONDS,
                                check=False)
        self.assertEqual((result.returncode, result.stdout), (0, ''), xml)

    def each_damage(self, path):
        """Damages a file of the host in every way, mends it after each."""
        saved = os.path.join(self.directory, 'saved')
        os.rename(path, saved)
        for name, how in DAMAGE.items():
            with self.subTest(file=os.path.basename(path), damage=name):
                damage(path, how)
                yield name
        damage(path, None)
        os.rename(saved, path)

    def assert_cannot_open(self, *expected):
        result = self.virsh(self.root, 'nodedev-list')
        self.assertEqual((result.returncode, result.stdout.strip()), (1, ''))
        lines = [line for line in result.stderr.splitlines() if line]
        self.assertEqual(lines[0], 'error: failed to connect to the hypervisor')
        self.assertEqual(len(lines), 2, lines)
        for text in expected:
            self.assertIn(text, lines[1])

    def test_a_host_that_is_not_there(self):
        shutil.rmtree(self.root)
        self.assert_cannot_open(self.root, 'no such file')

    def test_a_directory_that_is_no_capture(self):
        os.unlink(os.path.join(self.root, 'capture.ini'))
        self.assert_cannot_open(self.root, 'capture.ini')

    def test_a_capture_ini_that_is_no_ini(self):
        for how in (b'', b'\0\1\2', b'no ini at all\n', b'[capture]\nformat=99\nbyte-order=big\n',
                    b'[capture]\nformat=x\nbyte-order=big\n', b'x' * (16 * 1024 * 1024), 'directory',
                    b'[capture]\nformat=1\nbyte-order=middle\n'):
            with self.subTest(how=how[:40]):
                damage(os.path.join(self.root, 'capture.ini'), how)
                self.assert_cannot_open(self.root)

    def test_a_root_that_is_a_file_or_relative_or_empty(self):
        shutil.rmtree(self.root)
        damage(self.root, b'x')
        self.assert_cannot_open(self.root)
        for root in ('relative/path', ''):
            self.root = root
            self.assert_cannot_open()

    def test_a_host_without_any_pci_has_computer_only(self):
        shutil.rmtree(os.path.join(self.sys, 'bus/pci/devices'))
        self.assertEqual(self.virsh_output(self.root, 'nodedev-list').split(), ['computer'])

    def test_a_damaged_zpci_attribute_is_left_out_or_told_by_the_chain(self):
        sound = self.xml()
        for attribute in ('pchid', 'vfn', 'pft', 'port', 'uid_is_unique', 'util_string',
                          'function_handle', 'fidparm'):
            for _ in self.each_damage(os.path.join(self.function, attribute)):
                xml = self.xml()
                self.assert_valid(xml)
                known = set(re.findall(r"[\w]+='[^']*'", sound))
                shown = set(re.findall(r"[\w]+='[^']*'", xml))
                # No value that was not there before: nothing is made up.
                self.assertLessEqual(shown - known, {"hex=''"})

    def test_a_damaged_identity_leaves_an_ordinary_pci_device(self):
        for attribute in ('function_id', 'uid', 'pfgid'):
            for name in self.each_damage(os.path.join(self.function, attribute)):
                xml = self.xml()
                self.assert_valid(xml)
                self.assertIn(f'<name>{DEVICE}</name>', xml)
                for wrong in ('banana', '0x11111111', "='0x10'"):
                    self.assertNotIn(wrong, xml)
                for fact in ("fid='0x00000102'", "uid='0x0103'", "pfgid='0x06'"):
                    if '<zpci' in xml and attribute[-3:] not in fact:
                        self.assertIn(fact, xml, name)

    def test_a_damaged_pci_attribute_never_gives_a_wrong_document(self):
        for attribute in ('class', 'vendor', 'device', 'numa_node', 'config', 'driver',
                          'iommu_group', 'physfn', 'uevent'):
            path = os.path.join(self.function, attribute)
            if not os.path.lexists(path):
                continue
            for _ in self.each_damage(path):
                try:
                    xml = self.xml()
                except libvirt.libvirtError as error:
                    self.assertIn(attribute, str(error))
                    continue
                self.assert_valid(xml)
                self.assertNotIn('banana', xml)

    def test_a_damaged_chain_leaves_what_sysfs_tells(self):
        path = os.path.join(self.root, 'chain', ADDRESS)
        for _ in self.each_damage(path):
            xml = self.xml()
            self.assert_valid(xml)
            self.assertIn("<zpci uid='0x0103' fid='0x00000102' pfgid='0x06'>", xml)
            self.assertNotIn("<dma ", xml)
            self.assertIn("function='sysfs'", xml)

    def test_a_broken_function_does_not_hide_the_others(self):
        for attribute in ('function_id', 'class', 'vendor'):
            for _ in self.each_damage(os.path.join(self.function, attribute)):
                names = self.virsh_output(self.root, 'nodedev-list').split()
                self.assertIn('pci_0000_00_00_2', names)
                self.assertIn('<zpci ', self.xml('pci_0000_00_00_2'))

    def test_odd_entries_among_the_devices_are_no_devices(self):
        devices = os.path.join(self.sys, 'bus/pci/devices')
        sound = self.virsh_output(self.root, 'nodedev-list')
        for name in ('banana', '0000:00:00.9', '0000:00:20.0', '0000:00:00.0x'):
            os.symlink('../../../devices', os.path.join(devices, name))
        self.assertEqual(self.virsh_output(self.root, 'nodedev-list'), sound)

    def test_a_link_that_leads_out_of_the_capture_or_in_a_circle(self):
        for target in ('/', '../' * 40 + 'etc', ADDRESS, 'nosuch'):
            link = os.path.join(self.sys, 'bus/pci/devices', ADDRESS)
            os.unlink(link)
            os.symlink(target, link)
            with self.subTest(target=target):
                names = self.virsh_output(self.root, 'nodedev-list').split()
                self.assertIn('pci_0000_00_00_2', names)
                try:
                    self.assertNotIn('<path>/etc', self.xml())
                except libvirt.libvirtError as error:
                    self.assertIn(DEVICE, str(error))

    def test_a_function_that_vanishes_after_it_was_listed(self):
        connection = self.connect(self.root)
        device = connection.nodeDeviceLookupByName(DEVICE)
        os.unlink(os.path.join(self.sys, 'bus/pci/devices', ADDRESS))
        shutil.rmtree(self.function)
        # python3-libvirt cannot tell this failure from a device without a parent.
        self.assertIsNone(device.parent())
        for call in (device.XMLDesc, device.listCaps, device.numOfCaps):
            arguments = (0,) if call == device.XMLDesc else ()
            with self.subTest(call=call.__name__):
                self.assert_libvirt_error(libvirt.VIR_ERR_NO_NODE_DEVICE, DEVICE, call,
                                          *arguments)
        self.assertEqual(len(connection.listAllDevices(PCI)), 8)

    def test_a_function_that_vanishes_in_half(self):
        for name in sorted(os.listdir(self.function)):
            damage(os.path.join(self.function, name), None)
            try:
                self.assert_valid(self.xml())
            except libvirt.libvirtError as error:
                self.assertRegex(str(error), f'{DEVICE}|{ADDRESS}')
            self.assertIn('pci_0000_00_00_2', self.virsh_output(self.root, 'nodedev-list'))

    def test_the_shipped_host_is_not_touched(self):
        self.assertIn("<zpci uid='0x0103'", self.virsh_output(host_dir('lpar-roce'),
                                                              'nodedev-dumpxml', DEVICE))


if __name__ == '__main__':
    unittest.main()
