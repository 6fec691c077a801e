#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Network interfaces, real ones and made-up ones, are as the stock daemon describes them.

What the stock daemon of libvirt 9.0.0 does and we do not, each with a test that shows it:

- it hides an interface of which it cannot make out the state of the link, or the speed if it is up. We
  leave out what is missing;
- it writes bytes of names that are no UTF-8 as they are, which makes a document that no client can
  parse; we write U+FFFD;
- it describes an interface by the address that it had when udev last spoke of it; we read it anew.
"""

import subprocess
import unittest
import xml.etree.ElementTree as ElementTree

from client_case import DAEMON, ClientCase
from net_tree import add_interface, add_rdma
from net_world import NetWorld
from stock_daemon import StockDaemon, require_namespaces
from test_stock_parity import describe
from test_stock_parity_trees import TreeCase

MAC = '02:fc:00:00:00:01'
NAME = '02_fc_00_00_00_01'
STATES = ('unknown', 'notpresent', 'down', 'lowerlayerdown', 'testing', 'dormant', 'up')
# As many as the features that this kernel may have; more come with time.
FEATURE_BITS = 64


class RealInterfaces(ClientCase):
    def setUp(self):
        super().setUp()
        require_namespaces()
        self.world = self.enterContext(NetWorld())
        self.write_wrapper([*self.world.enter, DAEMON])

    def add_interfaces(self):
        """Returns how many kinds there are; each kernel has another choice of them."""
        ip = self.world.ip
        kinds = [
            ip('link', 'add', 'v0', 'type', 'veth', 'peer', 'name', 'v1'),
            ip('link', 'add', 'a<b.c&"d', 'type', 'veth', 'peer', 'name', "a-b_c'd!"),
            ip('link', 'add', 'dummy0', 'type', 'dummy'),
            ip('link', 'add', 'br0', 'type', 'bridge'),
            ip('link', 'add', 'bond0', 'type', 'bond'),
            ip('link', 'add', 'vx0', 'type', 'vxlan', 'id', '5', 'dstport', '4789'),
            ip('link', 'add', 'gre1', 'type', 'gretap', 'remote', '192.0.2.1'),
            ip('link', 'add', 'sit1', 'type', 'sit', 'remote', '192.0.2.1'),
            ip('link', 'add', 'ifb7', 'type', 'ifb'),
            ip('tuntap', 'add', 'tap0', 'mode', 'tap'),
            ip('tuntap', 'add', 'tun0', 'mode', 'tun'),
        ]
        if kinds[0]:
            kinds += [
                ip('link', 'add', 'link', 'v0', 'name', 'v0.5', 'type', 'vlan', 'id', '5'),
                ip('link', 'add', 'mv0', 'link', 'v0', 'type', 'macvlan'),
                ip('link', 'set', 'v0', 'up'),
                ip('link', 'set', 'v1', 'up'),
            ]
        if not any(kinds):
            self.skipTest('this kernel has no kind of virtual interface')
        return sum(kinds)

    def ask_both(self):
        self.stock = self.enterContext(StockDaemon(None, self.world)).connection
        self.ours = self.connect(None)
        return [{device.name(): describe(device) for device in connection.listAllDevices(1 << 4)}
                for connection in (self.stock, self.ours)]

    def test_every_kind_of_interface(self):
        kinds = self.add_interfaces()
        stock, ours = self.ask_both()
        self.assertGreater(len(stock), min(kinds, 2))
        self.assertEqual(sorted(ours), sorted(stock))
        for name, description in stock.items():
            with self.subTest(device=name):
                self.assertEqual(ours[name]['xml'], description['xml'])
                self.assertEqual(ours[name], description)
                self.assertEqual(description['capabilities'], ['net'])
        for capability in ('net', '80203', '80211'):
            answers = [sorted(connection.listDevices(capability, 0))
                       for connection in (self.stock, self.ours)]
            self.assertEqual(answers[1], answers[0])

    def test_every_feature_that_can_be_switched(self):
        self.add_interfaces()
        documents = set()
        stock, ours = self.ask_both()
        for name in stock:
            devices = [connection.nodeDeviceLookupByName(name)
                       for connection in (self.stock, self.ours)]
            interface = ElementTree.fromstring(ours[name]['xml']).findtext('capability/interface')
            for bit in range(FEATURE_BITS):
                for value in (0, 1):
                    if self.world.switch(interface, bit, value):
                        documents |= self.assert_same_xml(f'{name} {bit} {value}', devices)
        self.assertGreater(len(documents), 2 * len(stock))

    def assert_same_xml(self, what, devices):
        stock, ours = [device.XMLDesc(0) for device in devices]
        self.assertEqual(ours, stock, what)
        return {ours}

    def test_a_link_that_goes_up_and_down(self):
        if not self.world.ip('link', 'add', 'v0', 'type', 'veth', 'peer', 'name', 'v1'):
            self.skipTest('this kernel has no veth')
        stock, _ = self.ask_both()
        name, = [name for name in stock if name.startswith('net_v0_')]
        devices = [connection.nodeDeviceLookupByName(name)
                   for connection in (self.stock, self.ours)]
        documents = self.assert_same_xml('at first', devices)
        for interface, state, seen in (('v0', 'up', 'LOWERLAYERDOWN'), ('v1', 'up', 'UP'),
                                       ('v1', 'down', 'LOWERLAYERDOWN'), ('v0', 'down', 'DOWN')):
            self.world.ip('link', 'set', interface, state)
            self.world.wait_for_state('v0', seen)
            documents |= self.assert_same_xml(f'{interface} {state}', devices)
        self.assertGreater(len(documents), 2)

    def test_an_address_that_changes(self):
        if not self.world.ip('link', 'add', 'v0', 'address', MAC, 'type', 'veth', 'peer', 'name',
                             'v1'):
            self.skipTest('this kernel has no veth')
        stock, ours = self.ask_both()
        self.assertEqual(ours[f'net_v0_{NAME}'], stock[f'net_v0_{NAME}'])
        self.world.ip('link', 'set', 'v0', 'address', '02:fc:00:00:00:02')
        self.assertIn(f'net_v0_{NAME}', self.stock.listDevices('net'))
        self.assertNotIn(f'net_v0_{NAME}', self.ours.listDevices('net'))
        device = self.ours.nodeDeviceLookupByName('net_v0_02_fc_00_00_00_02')
        self.assertIn('<address>02:fc:00:00:00:02</address>', device.XMLDesc(0))

    def test_names_that_are_no_text(self):
        name = b'x\001y\303\251\377'
        if subprocess.run([*self.world.enter, 'ip', 'link', 'add', name, 'type', 'veth'],
                          stderr=subprocess.DEVNULL, check=False).returncode != 0:
            self.skipTest('this kernel has no veth, or not of such a name')
        ours = self.connect(None)
        device, = [device for device in ours.listAllDevices(0) if 'x_y___' in device.name()]
        document = ElementTree.fromstring(device.XMLDesc(0))
        self.assertEqual(document.findtext('capability/interface'), 'xy\u00e9\ufffd')


class MadeUpInterfaces(TreeCase):
    FUNCTION = '0000:01:00.0'

    def setUp(self):
        super().setUp()
        self.tree.add(self.FUNCTION, resource='0x1 0x2 0x3')
        self.function = self.tree.paths[self.FUNCTION]

    def assert_same_interfaces(self, count):
        """Returns the documents by name."""
        stock, ours = self.ask_both()
        self.assertEqual(sorted(ours), sorted(stock))
        for name, description in stock.items():
            with self.subTest(device=name):
                self.assertEqual(ours[name]['xml'], description['xml'])
                self.assertEqual(ours[name], description)
        self.assertEqual(len(self.assert_same_lists('net')), count)
        return {name: description['xml'] for name, description in ours.items()}

    def test_parents(self):
        bridge, card = '0000:00:01.0', '0000:02:00.0'
        self.tree.add(bridge)
        self.tree.add(card, below=bridge)
        paths = self.tree.paths
        add_interface(self.tree, 'eth0', MAC, paths[card])
        add_interface(self.tree, 'eth1', MAC, f'{paths[bridge]}/virtio3')
        add_interface(self.tree, 'eth2', MAC, 'devices/platform/soc')
        add_interface(self.tree, 'dummy0', MAC)
        documents = self.assert_same_interfaces(4)
        for name, parent in (('eth0', 'pci_0000_02_00_0'), ('eth1', 'pci_0000_00_01_0'),
                             ('eth2', 'computer'), ('dummy0', 'computer')):
            self.assertIn(f'<parent>{parent}</parent>', documents[f'net_{name}_{NAME}'])

    def test_types(self):
        for devtype in ('wlan', 'bridge', 'bond', 'vlan', 'vxlan', 'wwan'):
            add_interface(self.tree, f'{devtype}0', MAC, self.function, devtype)
        documents = self.assert_same_interfaces(1)
        self.assertIn("<capability type='80211'/>", documents[f'net_wlan0_{NAME}'])

    def test_links(self):
        for state in STATES:
            add_interface(self.tree, state, MAC, self.function, operstate=state, speed='1000')
        for speed in ('-1', '0', '10', '400000', '-2', '2147483647'):
            add_interface(self.tree, f's{speed}', MAC, self.function, operstate='up', speed=speed)
        documents = self.assert_same_interfaces(len(STATES) + 6)
        self.assertIn("<link speed='4294967295' state='up'/>", documents[f'net_s_1_{NAME}'])
        self.assertIn("<link state='down'/>", documents[f'net_down_{NAME}'])

    def test_addresses(self):
        for number, address in enumerate(('', MAC, '00:00:00:00', '::'.join(['0'] * 4),
                                          ':'.join(['a0'] * 20))):
            add_interface(self.tree, f'eth{number}', address, self.function)
        self.assert_same_interfaces(5)

    def test_of_interfaces_with_one_name_the_same_is_shown(self):
        for interface in ('e_0', 'e.0', 'e-0', 'e,0'):
            add_interface(self.tree, interface, MAC, self.function)
        documents = self.assert_same_interfaces(1)
        self.assertIn('<interface>e_0</interface>', documents[f'net_e_0_{NAME}'])

    def test_rdma(self):
        other = '0000:01:00.1'
        self.tree.add(other, resource='0x1 0x2 0x4')
        add_interface(self.tree, 'eth0', MAC, self.function)
        add_interface(self.tree, 'eth1', MAC, self.tree.paths[other])
        add_interface(self.tree, 'dummy0', MAC)
        add_rdma(self.tree, 'mlx5_0', self.function)
        documents = self.assert_same_interfaces(3)
        self.assertEqual([name for name, xml in documents.items() if "name='rdma'" in xml],
                         [f'net_eth0_{NAME}'])

    def test_physical_and_virtual_functions(self):
        for physical, with_interface in (('0000:03:00.0', True), ('0000:04:00.0', False)):
            virtual = physical[:-1] + '1'
            self.tree.add(physical)
            self.tree.add(virtual)
            self.tree.virtual(physical, 0, virtual)
            add_interface(self.tree, f'vf{physical[6]}', MAC, self.tree.paths[virtual])
            if with_interface:
                add_interface(self.tree, f'pf{physical[6]}', MAC, self.tree.paths[physical])
        self.assert_same_interfaces(3)

    def test_interfaces_that_the_stock_daemon_hides(self):
        add_interface(self.tree, 'odd0', MAC, self.function, operstate='sideways')
        add_interface(self.tree, 'odd1', MAC, self.function, operstate=None)
        add_interface(self.tree, 'odd2', MAC, self.function, operstate='up', speed=None)
        add_interface(self.tree, 'odd3', MAC, self.function, operstate='up', speed='fast')
        add_interface(self.tree, 'good0', MAC, self.function)
        stock, ours = self.ask_both()
        hidden = [f'net_{name}_{NAME}' for name in ('odd0', 'odd1', 'odd2', 'odd3')]
        self.assertEqual(sorted(set(ours) - set(stock)), hidden)
        for name, description in stock.items():
            self.assertEqual(ours[name], description)
        for name, link in zip(hidden, (None, None, {'state': 'up'}, {'state': 'up'})):
            found = ElementTree.fromstring(ours[name]['xml']).find('capability/link')
            self.assertEqual(None if found is None else found.attrib, link)


if __name__ == '__main__':
    unittest.main()
