#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Subchannels, channel devices and their groups are those of the stock daemon of whichever release.

It lists the members of a group in the order of a directory, which a copy does not have; for a capture we
sort them, so here those of the stock daemon are sorted too. It writes '(null)' where a group does not tell
its card or channel path, and what it tells as it is, so that < and & make a document that no client can
parse; we write nothing there, and escape.
"""

import os
import random
import re
import unittest
import xml.etree.ElementTree as ElementTree

import libvirt
from ccw_tree import add_device, add_group, add_qeth, add_subchannel
from client_case import ClientCase
from net_tree import add_interface
from pci_tree import PciTree
from stock_daemon import StockDaemon, require_namespaces
from test_stock_parity import describe

SEED = 20261126
MAC = '02:fc:00:00:00:01'
# The release in which libvirt began to list groups, and devices that are offline.
GROUPS, OFFLINE = 11001000, 10005000
RELEASE = libvirt.getVersion()


def with_sorted_lists(xml):
    def sort(match):
        return match[1] + ''.join(sorted(re.findall(r' *<ccw_device [^\n]*\n', match[2]))) + match[3]

    return re.sub(r'( *<members>\n)(.*?)( *</members>)', sort, xml, flags=re.S)


class Channel(ClientCase):
    def setUp(self):
        super().setUp()
        require_namespaces()
        self.tree = PciTree(os.path.join(self.directory, 'host'))

    def ask_both(self):
        self.stock = self.enterContext(StockDaemon(self.tree.root)).connection
        self.ours = self.connect(str(self.tree.root))
        stock, ours = [{device.name(): describe(device) for device in connection.listAllDevices(0)}
                       for connection in (self.stock, self.ours)]
        for description in stock.values():
            description['xml'] = with_sorted_lists(description['xml'])
        return stock, ours

    def assert_same(self):
        stock, ours = self.ask_both()
        self.assertEqual(sorted(ours), sorted(stock))
        for name, description in ours.items():
            with self.subTest(device=name):
                self.assertEqual(description['xml'], stock[name]['xml'])
                self.assertEqual(description, stock[name])
        for capability in ('css', 'ccw', 'ccwgroup', 'ccwgroup_member', 'mdev_types'):
            self.assertEqual(sorted(self.ours.listDevices(capability, 0)),
                             sorted(self.stock.listDevices(capability, 0)), capability)
        return ours

    def test_cards_of_each_type(self):
        for number, kind in enumerate(('qeth_generic', 'qeth_layer2', 'qeth_layer3')):
            group = add_qeth(self.tree, 0xbd00 + 16 * number, kind=kind, online='01'[number % 2],
                             card_type='OSD_10GIG', chpid='B9')
            add_interface(self.tree, f'encbd{number}0', MAC, group)
        ours = self.assert_same()
        self.assertIn('ccw_0_0_bd11', ours)
        if RELEASE >= GROUPS:
            self.assertEqual(ours['net_encbd10_02_fc_00_00_00_01']['parent'], 'ccwgroup_0_0_bd10')
            self.assertEqual(ours['ccw_0_0_bd00']['capabilities'], ['ccw', 'ccwgroup_member'])
            self.assertIn("<ccw_device ref='cdev1'>ccw_0_0_bd01</ccw_device>",
                          ours['ccwgroup_0_0_bd00']['xml'])
        else:
            self.assertEqual(ours['net_encbd10_02_fc_00_00_00_01']['parent'], 'computer')
            self.assertFalse([name for name in ours if name.startswith('ccwgroup')])

    def test_states_of_devices(self):
        for number, online in enumerate(('0', '1', '2', None, '-1', 'yes')):
            add_device(self.tree, add_subchannel(self.tree, f'0.1.{number:04x}'), f'0.1.c00{number}',
                       driver=None if number == 3 else 'dasd-eckd', online=online)
        ours = self.assert_same()
        self.assertEqual('ccw_0_1_c000' in ours, RELEASE >= OFFLINE)
        self.assertIn('ccw_0_1_c001', ours)

    def test_subchannels(self):
        for number, driver in enumerate(('io_subchannel', 'vfio_ccw', 'chsc_subchannel', 'eadm_subchannel', None)):
            add_subchannel(self.tree, f'fe.3.{number:04x}', driver=driver)
        add_subchannel(self.tree, '0.0.0100', dev_busid='fe.3.ffff')
        add_subchannel(self.tree, '0.0.0101', dev_busid=None)
        add_subchannel(self.tree, '0.0.0102', dev_busid='0.0.bd00')
        ours = self.assert_same()
        self.assertEqual(len(ours), 6)

    def test_subchannel_that_makes_mediated_devices(self):
        path = add_subchannel(self.tree, '0.0.0070', driver='vfio_ccw')
        types = self.tree.sys / path / 'mdev_supported_types/vfio_ccw-io'
        types.mkdir(parents=True)
        for name, text in {'name': 'I/O subchannel (Non-QDIO)', 'device_api': 'vfio-ccw',
                           'available_instances': '1'}.items():
            (types / name).write_text(text + '\n')
        ours = self.assert_same()
        self.assertEqual(ours['css_0_0_0070']['capabilities'], ['css', 'mdev_types'])

    def test_virtio_below_a_device_that_is_offline(self):
        for number, online in enumerate('01'):
            device = add_device(self.tree, add_subchannel(self.tree, f'0.0.000{number}'), f'0.0.000{number}',
                                driver='virtio_ccw', online=online)
            add_interface(self.tree, f'eth{number}', MAC, f'{device}/virtio{number}')
        ours = self.assert_same()
        self.assertEqual(ours['net_eth1_02_fc_00_00_00_01']['parent'], 'ccw_0_0_0001')

    def test_groups_of_other_than_qeth(self):
        members = [add_device(self.tree, add_subchannel(self.tree, f'0.0.010{number}'), f'0.0.f00{number}',
                              driver='ctcm') for number in range(2)]
        add_group(self.tree, '0.0.f000', members, kind=None, driver='ctcm')
        self.assert_same()

    def test_random_channel_subsystems(self):
        chance = random.Random(SEED)
        members = []
        for number in range(200):
            subchannel = add_subchannel(self.tree, f'{chance.choice(["0", "0", "fe"])}.0.{number:04x}',
                                        driver=chance.choice(['io_subchannel'] * 3 + ['vfio_ccw', 'chsc_subchannel', None]))
            if chance.random() < 0.7:
                members.append(add_device(self.tree, subchannel, f'0.{chance.randrange(4)}.{0xa000 + number:04x}',
                                          driver=chance.choice(['qeth', 'dasd-eckd', 'zfcp', None]),
                                          online=chance.choice(['0', '1', '1', '1'])))
        for number in range(12):
            add_group(self.tree, f'0.0.{0xb000 + number:04x}', [members.pop() for _ in range(1 + number % 4)],
                      kind=chance.choice(['qeth_generic', 'qeth_layer2', 'qeth_layer3', 'qeth_layer4', None]),
                      online=chance.choice('01'), card_type=chance.choice(['OSD_1000', 'HiperSockets', 'OSM_1000']),
                      chpid=f'{number:02X}')
        self.assertGreater(len(self.assert_same()), 200)

    def test_odd_characters_are_escaped(self):
        add_qeth(self.tree, 0xbd00, card_type='a<b', chpid='&')
        stock, ours = self.ask_both()
        if RELEASE >= GROUPS:
            name = 'ccwgroup_0_0_bd00'
            self.assertEqual(ours[name]['xml'],
                             stock[name]['xml'].replace('a<b', 'a&lt;b').replace('>&<', '>&amp;<'))
            self.assertEqual(ElementTree.fromstring(ours[name]['xml']).find('.//card_type').text, 'a<b')
        else:
            self.assertEqual(ours, stock)

    def test_group_that_does_not_tell_its_card(self):
        add_qeth(self.tree, 0xbd00, card_type=None, chpid='')
        stock, ours = self.ask_both()
        if RELEASE >= GROUPS:
            name = 'ccwgroup_0_0_bd00'
            self.assertEqual(ours[name]['xml'], stock[name]['xml'].replace('(null)', ''))
            self.assertIn('<card_type></card_type>', ours[name]['xml'])
        else:
            self.assertEqual(ours, stock)


if __name__ == '__main__':
    unittest.main()
