#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""python3-libvirt sees both shipped hosts through libvirt's public API."""

import unittest

import libvirt
from client_case import ClientCase, host_dir

PCI_DEVICES = {
    'qemu-s390x': ['pci_0005_00_00_0', 'pci_007a_00_00_0'],
    'lpar-roce': ['pci_0000_00_00_0', 'pci_0000_00_00_2', 'pci_0000_00_00_3', 'pci_0000_00_00_4',
                  'pci_0001_00_00_0', 'pci_0002_00_00_0', 'pci_0003_00_00_0', 'pci_0004_00_00_0',
                  'pci_0005_00_00_0'],
}
STANDBY = {'qemu-s390x': [], 'lpar-roce': ['zpci_00000202']}
CAPABILITY_FLAGS = {name: getattr(libvirt, name) for name in dir(libvirt)
                    if name.startswith('VIR_CONNECT_LIST_NODE_DEVICES_CAP_')}
ACTIVE = libvirt.VIR_CONNECT_LIST_NODE_DEVICES_ACTIVE
INACTIVE = libvirt.VIR_CONNECT_LIST_NODE_DEVICES_INACTIVE
CAP_PCI = libvirt.VIR_CONNECT_LIST_NODE_DEVICES_CAP_PCI_DEV
CAP_SYSTEM = libvirt.VIR_CONNECT_LIST_NODE_DEVICES_CAP_SYSTEM
CAP_NET = libvirt.VIR_CONNECT_LIST_NODE_DEVICES_CAP_NET


def names(devices):
    return sorted(device.name() for device in devices)


class PythonSees:
    host = None

    def setUp(self):
        super().setUp()
        self.connection = self.connect(host_dir(self.host))
        self.functions = PCI_DEVICES[self.host]
        self.standby = STANDBY[self.host]
        self.everything = ['computer', *self.functions, *self.standby]

    def test_list_all_devices_without_flags_has_everything(self):
        self.assertEqual(names(self.connection.listAllDevices(0)), self.everything)

    def test_list_all_devices_obeys_each_capability_flag(self):
        self.assertGreaterEqual(len(CAPABILITY_FLAGS), 22)
        for name, flag in CAPABILITY_FLAGS.items():
            expected = {CAP_PCI: self.functions, CAP_SYSTEM: ['computer']}.get(flag, [])
            with self.subTest(flag=name):
                self.assertEqual(names(self.connection.listAllDevices(flag)), expected)

    def test_list_all_devices_joins_flags_of_one_kind_and_crosses_the_kinds(self):
        for flags, expected in ((ACTIVE, ['computer', *self.functions]), (INACTIVE, self.standby),
                                (ACTIVE | INACTIVE, self.everything),
                                (CAP_PCI | CAP_SYSTEM, ['computer', *self.functions]),
                                (CAP_PCI | CAP_NET, self.functions), (CAP_PCI | ACTIVE, self.functions),
                                (CAP_PCI | INACTIVE, [])):
            with self.subTest(flags=hex(flags)):
                self.assertEqual(names(self.connection.listAllDevices(flags)), expected)

    def test_list_all_devices_refuses_a_flag_that_it_does_not_know(self):
        self.assert_libvirt_error(libvirt.VIR_ERR_INVALID_ARG, '0x2000000',
                                  self.connection.listAllDevices, 0x2000000)

    def test_list_devices_takes_pci_and_our_own_zpci(self):
        self.assertEqual(sorted(self.connection.listDevices('pci', 0)), self.functions)
        self.assertEqual(sorted(self.connection.listDevices('zpci', 0)), self.functions + self.standby)
        self.assertEqual(self.connection.listDevices('system', 0), ['computer'])
        self.assertEqual(sorted(self.connection.listDevices(None, 0)), self.everything)
        self.assertEqual(self.connection.listDevices('mdev', 0), [])

    def test_num_of_devices_counts_what_list_devices_lists(self):
        self.assertEqual(self.connection.numOfDevices(None, 0), len(self.everything))
        self.assertEqual(self.connection.numOfDevices('zpci', 0), len(self.everything) - 1)
        self.assertEqual(self.connection.numOfDevices('usb', 0), 0)

    def test_list_caps_adds_zpci_to_pci(self):
        for name in self.functions:
            device = self.connection.nodeDeviceLookupByName(name)
            self.assertEqual(device.listCaps(), ['pci', 'zpci'])
            self.assertEqual(device.numOfCaps(), 2)
        self.assertEqual(self.connection.nodeDeviceLookupByName('computer').listCaps(), ['system'])

    def test_the_parent_of_a_function_is_computer_which_has_none(self):
        for name in self.functions:
            self.assertEqual(self.connection.nodeDeviceLookupByName(name).parent(), 'computer')
        self.assertIsNone(self.connection.nodeDeviceLookupByName('computer').parent())

    def test_the_state_of_every_device_is_as_the_stock_daemon_says(self):
        for name in ('computer', *self.functions):
            device = self.connection.nodeDeviceLookupByName(name)
            is_root = int(name == 'computer')
            self.assertEqual((device.isActive(), device.isPersistent(), device.autostart()),
                             (1, is_root, is_root), name)

    def test_xml_is_the_same_from_the_list_and_from_a_lookup(self):
        for device in self.connection.listAllDevices(0):
            again = self.connection.nodeDeviceLookupByName(device.name())
            self.assertEqual(device.XMLDesc(0), again.XMLDesc(0))
            self.assertIn(f'<name>{device.name()}</name>', device.XMLDesc(0))

    def test_xml_refuses_flags(self):
        device = self.connection.nodeDeviceLookupByName('computer')
        self.assert_libvirt_error(libvirt.VIR_ERR_INVALID_ARG, '', device.XMLDesc, 0x80)

    def test_unknown_names_are_not_found_however_odd(self):
        for name in ('pci_dead_00_00_0', '', 'computer/../x', 'ü' * 300, 'x' * 100000):
            self.assert_libvirt_error(libvirt.VIR_ERR_NO_NODE_DEVICE, 'Node device not found',
                                      self.connection.nodeDeviceLookupByName, name)

    def test_a_lookup_by_wwn_finds_nothing_and_says_so(self):
        self.assert_libvirt_error(libvirt.VIR_ERR_NO_NODE_DEVICE, 'Node device not found',
                                  self.connection.nodeDeviceLookupSCSIHostByWWN, 'a' * 16, 'b' * 16)

    def test_the_connection_speaks_for_itself(self):
        self.assertEqual(self.connection.getType(), 'nodedev')
        self.assertTrue(self.connection.isAlive())
        self.assertGreaterEqual(self.connection.getLibVersion(), 9000000)

    def test_a_read_only_connection_reads_everything(self):
        connection = self.connect(host_dir(self.host), read_only=True)
        self.assertEqual(names(connection.listAllDevices(0)), self.everything)
        device = connection.nodeDeviceLookupByName(self.functions[0])
        self.assertIn('<zpci ', device.XMLDesc(0))
        self.assert_libvirt_error(libvirt.VIR_ERR_OPERATION_DENIED, 'read only', device.reset)


class OnQemu(PythonSees, ClientCase):
    host = 'qemu-s390x'


class OnLpar(PythonSees, ClientCase):
    host = 'lpar-roce'


if __name__ == '__main__':
    unittest.main()
