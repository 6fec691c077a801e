#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""What differs between the releases of libvirt, in golden files; that of the installed release is held against
the stock daemon. The files have no <zpci>, and what is listed for each flag at their end."""

import os
import unittest

import libvirt
from ccw_tree import add_device, add_qeth, add_subchannel
from client_case import DAEMON, ClientCase, without_zpci
from net_tree import add_interface
from pci_tree import PciTree, vpd
from stock_daemon import StockDaemon, require_namespaces
from test_stock_parity_ccw import with_sorted_lists

RELEASES = ('9.0.0', '11.3.0', '12.8.0')
MAC = '02:fc:00:00:00:01'


def format_version(number):
    return f'{number // 1000000}.{number // 1000 % 1000}.{number % 1000}'


def listed(connection, flags):
    try:
        return ' '.join(sorted(device.name() for device in connection.listAllDevices(flags)))
    except libvirt.libvirtError as error:
        return f'error {error.get_error_code()} of {error.get_error_domain()}'


def describe_host(connection):
    """Every document, and whatever lists and other questions tell the releases apart."""
    lines = []
    for device in sorted(connection.listAllDevices(0), key=lambda device: device.name()):
        lines.append(without_zpci(device.XMLDesc(0)).rstrip('\n'))
    for bit in range(32):
        lines.append(f'list 1 << {bit}: {listed(connection, 1 << bit)}')
    for name in ('computer', 'pci_0000_01_00_0'):
        device = connection.nodeDeviceLookupByName(name)
        for flags in (1, 2):
            try:
                same = device.XMLDesc(flags) == device.XMLDesc(0)
                lines.append(f'document of {name} with flags {flags}: {"the same" if same else "another"}')
            except libvirt.libvirtError as error:
                lines.append(f'document of {name} with flags {flags}: error {error.get_error_code()} of '
                             f'{error.get_error_domain()}')
    lines.append(f'version: {format_version(connection.getLibVersion())}')
    return '\n'.join(lines) + '\n'


class Releases(ClientCase):
    def setUp(self):
        super().setUp()
        self.tree = PciTree(os.path.join(self.directory, 'host'))
        self.tree.add('0000:01:00.0', vpd=vpd(b'Card', [(b'PN', b''), (b'V0', b''), (b'V1', b'x')],
                                              [(b'YA', b''), (b'Y0', b'')]))
        group = add_qeth(self.tree, 0xbd00)
        add_interface(self.tree, 'encbd00', MAC, group)
        add_device(self.tree, add_subchannel(self.tree, '0.0.0100'), '0.0.c000', driver='dasd-eckd', online='0')
        add_subchannel(self.tree, '0.0.0101', driver='vfio_ccw')

    def test_ours(self):
        for release in RELEASES:
            with self.subTest(release):
                self.write_wrapper(['env', f'LIBVIRT_ZPCI_LIBVIRT={release}', DAEMON])
                self.assert_golden('releases', f'{release}.txt', describe_host(self.connect(str(self.tree.root))))

    def test_the_stock_daemon_of_the_installed_release(self):
        require_namespaces()
        stock = self.enterContext(StockDaemon(self.tree.root)).connection
        installed = format_version(stock.getLibVersion())
        ours = describe_host(self.connect(str(self.tree.root)))
        self.assertEqual(ours, with_sorted_lists(describe_host(stock)))
        self.assertIn(f'version: {installed}\n', ours)
        if installed in RELEASES:
            self.assert_golden('releases', f'{installed}.txt', ours)


if __name__ == '__main__':
    unittest.main()
