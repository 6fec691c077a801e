#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Apart from <zpci>, a client cannot tell our daemon from the stock one on the same sysfs."""

import unittest

import libvirt
from client_case import ClientCase, host_dir, without_zpci
from stock_daemon import StockDaemon, require_namespaces


def describe(device):
    """Everything that the API says about a device, the documents without <zpci>."""
    return {
        'parent': device.parent(),
        'capabilities': [name for name in device.listCaps() if name != 'zpci'],
        'active': device.isActive(),
        'persistent': device.isPersistent(),
        'autostart': device.autostart(),
        'xml': without_zpci(device.XMLDesc(0)),
    }


def without_standby(names):
    """Stock libvirt has no devices for functions in standby."""
    return sorted(name for name in names if not name.startswith('zpci_'))


def answer_of(call, *arguments):
    """What a call returns, or the code and the domain of its error."""
    try:
        return call(*arguments)
    except libvirt.libvirtError as error:
        return error.get_error_code(), error.get_error_domain()


class StockParity:
    host = None

    def setUp(self):
        super().setUp()
        require_namespaces()
        daemon = StockDaemon(host_dir(self.host))
        self.stock = self.enterContext(daemon).connection
        self.ours = self.connect(host_dir(self.host))

    def test_every_device_is_byte_for_byte_as_the_stock_daemon_describes_it(self):
        expected = {device.name(): describe(device) for device in self.stock.listAllDevices(0)}
        self.assertGreaterEqual(len(expected), 3)
        found = {device.name(): describe(device) for device in self.ours.listAllDevices(0)}
        self.assertEqual(without_standby(found), sorted(expected))
        for name, description in expected.items():
            with self.subTest(device=name):
                self.assertEqual(found[name]['xml'], description['xml'])
                self.assertEqual(found[name], description)

    def test_every_list_call_has_the_same_devices(self):
        for flags in [1 << bit for bit in range(32)] + [0xC0000000, 0x80000012, 0x20012]:
            with self.subTest(flags=hex(flags)):
                answers = [answer_of(connection.listAllDevices, flags)
                           for connection in (self.stock, self.ours)]
                if isinstance(answers[0], list):
                    answers = [without_standby(device.name() for device in answer)
                               for answer in answers]
                self.assertEqual(answers[1], answers[0])
        for capability in (None, 'pci', 'system', 'net', 'usb_device', 'mdev_types', 'vpd', 'x'):
            with self.subTest(capability=capability):
                answers = [without_standby(connection.listDevices(capability, 0))
                           for connection in (self.stock, self.ours)]
                self.assertEqual(answers[1], answers[0])

    def test_refusals_have_the_same_code_and_domain(self):
        def lookup(connection):
            return connection.nodeDeviceLookupByName('pci_dead_00_00_0')

        def reserved_flags(connection):
            return connection.listDevices('pci', 1)

        def xml_flags(connection):
            return connection.nodeDeviceLookupByName('computer').XMLDesc(0x80)

        for call in (lookup, reserved_flags, xml_flags):
            with self.subTest(call=call.__name__):
                self.assertEqual(answer_of(call, self.ours), answer_of(call, self.stock))


class OnQemu(StockParity, ClientCase):
    host = 'qemu-s390x'


class OnLpar(StockParity, ClientCase):
    host = 'lpar-roce'


if __name__ == '__main__':
    unittest.main()
