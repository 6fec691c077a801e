#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""On made-up hosts with all that PCI has, our documents are those of the stock daemon.

Two lists the stock daemon writes in the order of a directory, which a copy does not have: the
members of an IOMMU group, and the types of mediated devices. For a capture we sort them, so here
those of the stock daemon are sorted too.

What the stock daemon of libvirt 9.0.0 does and we do not, each with a test that shows it:

- it writes the values of VPD fields as they are, so that < and & make a document that no client can
  parse; we escape them, and quotes like everywhere else;
- it writes speed='(null)' for a link speed that it does not know; we leave the attribute out;
- it hides a function of which it cannot make out something: the type of its header (as of a card
  that has died, whose registers are all ones), its NUMA node, the number of its virtual functions,
  its IOMMU group or one of its types of mediated devices. We leave out what is damaged.
"""

import os
import random
import re
import unittest
import xml.etree.ElementTree as ElementTree

from client_case import ClientCase
from pci_tree import (BRIDGE, CARDBUS, EXTENDED, ROOT_COMPLEX_ENDPOINT, ROOT_PORT, PciTree,
                      config_space, vpd, vpd_field, vpd_resource)
from stock_daemon import StockDaemon, require_namespaces
from test_stock_parity import describe

SEED = 20261122


def name_of(address):
    return 'pci_' + address.replace(':', '_').replace('.', '_')


def with_sorted_lists(xml):
    """The document with group members and mediated types in the order that a capture gives them."""
    def sort(match, pieces):
        return match[1] + ''.join(sorted(re.findall(pieces, match[2], re.S))) + match[3]

    xml = re.sub(r'(<iommuGroup [^\n]*\n)(.*?)( *</iommuGroup>)',
                 lambda match: sort(match, r' *<address [^\n]*\n'), xml, flags=re.S)
    return re.sub(r"(<capability type='mdev_types'>\n)(.*?)( *</capability>)",
                  lambda match: sort(match, r' *<type .*?</type>\n'), xml, flags=re.S)


class TreeCase(ClientCase):
    def setUp(self):
        super().setUp()
        require_namespaces()
        self.tree = PciTree(os.path.join(self.directory, 'host'))

    def ask_both(self):
        """What both say of every device, by name, and both connections."""
        self.stock = self.enterContext(StockDaemon(self.tree.root)).connection
        self.ours = self.connect(str(self.tree.root))
        answers = [{device.name(): describe(device) for device in connection.listAllDevices(0)}
                   for connection in (self.stock, self.ours)]
        for description in answers[0].values():
            description['xml'] = with_sorted_lists(description['xml'])
        return answers

    def assert_same(self):
        """Returns the description of each device, by name."""
        stock, ours = self.ask_both()
        self.assertEqual(sorted(ours), sorted(['computer', *map(name_of, self.tree.paths)]))
        for name, description in ours.items():
            with self.subTest(device=name):
                self.assertEqual(description['xml'], stock[name]['xml'])
                self.assertEqual(description, stock[name])
        return ours

    def assert_same_lists(self, capability):
        stock, ours = [sorted(connection.listDevices(capability, 0))
                       for connection in (self.stock, self.ours)]
        self.assertEqual(ours, stock)
        return ours

    def assert_hidden_by_stock(self, *addresses):
        """Returns our descriptions; whatever the stock daemon shows too is the same."""
        stock, ours = self.ask_both()
        self.assertEqual(sorted(set(ours) - set(stock)), sorted(map(name_of, addresses)))
        for name, description in stock.items():
            self.assertEqual(ours[name], description)
        return ours


class Functions(TreeCase):
    def test_physical_function_with_128_virtual_ones(self):
        self.tree.add('0000:01:00.0', config=config_space(EXTENDED, express=0, speeds=(4, 3),
                                                          widths=(16, 8)),
                      driver='mlx5_core', sriov_totalvfs='128', numa_node='1')
        for index in range(128):
            address = f'0000:01:{(index + 2) // 8:02x}.{(index + 2) % 8}'
            self.tree.add(address, config=config_space(EXTENDED, express=0),
                          driver='mlx5_core' if index % 2 else 'vfio-pci')
            self.tree.virtual('0000:01:00.0', index, address)
        ours = self.assert_same()
        physical = ours['pci_0000_01_00_0']['xml']
        self.assertIn("<capability type='virt_functions' maxCount='128'>", physical)
        self.assertEqual(physical.count('<address'), 128)
        self.assertIn("<capability type='phys_function'>", ours['pci_0000_01_10_1']['xml'])

    def test_functions_that_could_have_virtual_ones(self):
        for slot, total in enumerate(('0', '1', '8', '65535')):
            self.tree.add(f'0000:01:{slot:02x}.0', sriov_totalvfs=total)
        self.tree.add('0000:01:1f.0')
        self.tree.virtual('0000:01:1f.0', 0, '0000:01:00.0')
        self.assert_same()

    def test_bridges_and_what_is_behind_them(self):
        bridge = {'class_code': '060400'}
        self.tree.add('0000:00:01.0', config=config_space(EXTENDED, BRIDGE, ROOT_PORT, (3, 3),
                                                          (4, 1), 2), **bridge)
        self.tree.add('0000:00:02.0', config=config_space(header=BRIDGE | 0x80), **bridge)
        self.tree.add('0000:00:03.0', config=config_space(header=CARDBUS), class_code='060700')
        self.tree.add('0000:01:00.0', below='0000:00:01.0', config=config_space(header=BRIDGE),
                      **bridge)
        self.tree.add('0000:02:1f.7', below='0000:01:00.0')
        self.tree.add('10000:e1:00.0', below='0000:01:00.0')
        self.tree.add('ffff:ff:1f.7')
        ours = self.assert_same()
        self.assertEqual(ours['pci_0000_02_1f_7']['parent'], 'pci_0000_01_00_0')
        for name, kind in (('pci_0000_00_02_0', 'pci-bridge'),
                           ('pci_0000_00_03_0', 'cardbus-bridge')):
            self.assertIn(f"<capability type='{kind}'/>", ours[name]['xml'])

    def test_classes_and_numa_nodes(self):
        for slot, code in enumerate(('000000', '000100', '010802', 'ffffff')):
            self.tree.add(f'0000:00:{slot:02x}.0', class_code=code)
        for slot, node in enumerate(('-1', '0', '1', '1023')):
            self.tree.add(f'0000:01:{slot:02x}.0', numa_node=node)
        self.assertIn("<numa node='1023'/>", self.assert_same()['pci_0000_01_03_0']['xml'])

    def test_iommu_groups_have_all_their_members(self):
        for function in range(8):
            self.tree.add(f'0000:03:00.{function}')
        self.tree.group(7, *(f'0000:03:00.{function}' for function in (3, 1, 7, 0, 2, 6, 5)))
        self.tree.group(0, '0000:03:00.4')
        self.tree.add('0000:04:00.0')
        self.tree.link(self.tree.paths['0000:04:00.0'], 'iommu_group', 'kernel/iommu_groups/9')
        os.makedirs(self.tree.sys / 'kernel/iommu_groups/9/devices')
        ours = self.assert_same()
        self.assertEqual(ours['pci_0000_03_00_6']['xml'].count('<address'), 7)
        self.assertNotIn('iommuGroup', ours['pci_0000_04_00_0']['xml'])


class Links(TreeCase):
    def test_every_speed_width_and_type_of_express(self):
        for speed in range(7):
            self.tree.add(f'0000:01:{speed:02x}.0',
                          config=config_space(EXTENDED, express=0, speeds=(speed, 6 - speed),
                                              widths=(1 << speed % 6, speed), port=speed * 42))
        for kind in range(16):
            self.tree.add(f'0000:02:{kind:02x}.0',
                          config=config_space(EXTENDED, express=kind, speeds=(1, 1), widths=(1, 1)))
        self.tree.add('0000:03:00.0', config=config_space(EXTENDED))
        self.tree.add('0000:03:01.0', config=config_space())
        self.tree.add('0000:03:02.0', config=config_space(express=0, widths=(63, 63), port=255))
        self.tree.add('0000:03:03.0', config=config_space(64))
        self.tree.add('0000:03:04.0', config=b'')
        ours = self.assert_same()
        self.assertIn('<pci-express/>',
                      ours[f'pci_0000_02_{ROOT_COMPLEX_ENDPOINT:02x}_0']['xml'])
        self.assertIn("<link validity='cap' port='168' speed='16' width='16'/>\n"
                      "      <link validity='sta' speed='5' width='4'/>",
                      ours['pci_0000_01_04_0']['xml'])

    def test_speeds_of_the_future_are_left_out(self):
        """The stock daemon writes speed='(null)'."""
        for speed in range(7, 16):
            self.tree.add(f'0000:01:{speed:02x}.0',
                          config=config_space(EXTENDED, express=0, speeds=(speed, speed)))
        stock, ours = self.ask_both()
        self.assertIn("speed='(null)'", stock['pci_0000_01_07_0']['xml'])
        for name, description in stock.items():
            self.assertEqual(ours[name]['xml'],
                             description['xml'].replace(" speed='(null)'", ''))


class VitalProductData(TreeCase):
    """Which data count is the stock daemon's choice, blob by blob."""

    def add(self, blobs):
        for number, blob in enumerate(blobs):
            self.tree.add(f'{number >> 8:04x}:{number & 0xff:02x}:00.0', vpd=blob)

    def assert_good(self, count):
        """That all functions are the same, and so many of them have good data."""
        ours = self.assert_same()
        shown = [name for name, description in ours.items() if 'vpd' in description['capabilities']]
        self.assertEqual(self.assert_same_lists('vpd'), sorted(shown))
        self.assertEqual(len(shown), count)
        return ours

    def test_good_data(self):
        fields = [(b'PN', b'MCX623106AN-CDAT'), (b'EC', b'A7'), (b'V2', b'MCX623106AN'),
                  (b'SN', b'MT2113X00000'), (b'MN', b'15b3'), (b'V0', b'PCIeGen4 x16'),
                  (b'VA', b'MLX:MN=MLNX:CSKU=V2:UUID=V3'), (b'CP', b'\x10\x00\xff')]
        free = [(b'V1', b'edge'), (b'YA', b'rack 7'), (b'Y0', b'a,b;c'), (b'YZ', b''),
                (b'RW', bytes(255))]
        self.add([
            vpd(b'ConnectX-6 Dx EN adapter card', fields, free),
            vpd(b'  blank around\t', [(b'PN', b'  x  '), (b'SN', b' ')], [(b'YA', b'\n')]),
            vpd(b'', [(b'PN', b'')]), vpd(None, fields), vpd(b'n'), vpd(b'n', [], []),
            vpd(b'n', [(b'YA', b'1'), (b'Y0', b'2')], [(b'PN', b'3')]),
            vpd(b'n', [(b'V1', b'a'), (b'PN', b'1'), (b'V1', b'b'), (b'PN', b'2')]),
            vpd(b'n', [(b'FG', b'1'), (b'ZZ', b'2'), (b'pn', b'3')], [(b'CP', b'\0')]),
            vpd(b'n', fields, [(b'YA', b'no RW')]), vpd(b'n', fields, free, spare=bytes(100)),
            vpd(b'n', fields, end=vpd_resource(0x85, b'unknown') + b'\x79'),
            vpd(b'n', fields, end=b'') + vpd(b'second', [(b'SN', b'second')]),
            vpd(b'n', [(b'PN', b'nul\0behind')]), vpd(b'n' * 3000, [(b'V1', b'x' * 255)] * 20),
        ])
        ours = self.assert_good(15)
        first = ElementTree.fromstring(ours['pci_0000_00_00_0']['xml'])
        path = "./capability/capability[@type='vpd']/fields[@access='readonly']/vendor_field"
        self.assertEqual([(field.get('index'), field.text) for field in first.findall(path)],
                         [('2', 'MCX623106AN'), ('0', 'PCIeGen4 x16'),
                          ('A', 'MLX:MN=MLNX:CSKU=V2:UUID=V3')])

    def test_data_that_are_cut_or_changed_anywhere(self):
        good = vpd(b'Card', [(b'PN', b'12'), (b'V1', b'x')], [(b'YA', b'z'), (b'RW', b'\0')])
        self.add([good[:size] for size in range(len(good) + 1)])
        summed = good.index(b'RV') + 4
        for place in range(len(good)):
            for change in (1, 0x80):
                changed = bytearray(good)
                changed[place] = (changed[place] + change) % 256
                address = f'0001:{place:02x}:{change & 1:02x}.0'
                self.tree.add(address, vpd=bytes(changed))
        shown = {name for name, description in self.assert_same().items()
                 if 'vpd' in description['capabilities']}
        self.assertIn(name_of(f'0000:{len(good):02x}:00.0'), shown)
        for place in range(summed):
            self.assertNotIn(name_of(f'0001:{place:02x}:01.0'), shown)
        for size in range(len(good)):
            self.assertNotIn(name_of(f'0000:{size:02x}:00.0'), shown)

    def test_data_of_the_wrong_form(self):
        self.add([
            vpd(b'n', [(b'PN', b'1')], end=b''), vpd(b'n', [(b'RW', b'')]),
            vpd(b'n', [(b'PN', b'1')], [(b'RV', b'\0')]), vpd(b'n\xff', [(b'PN', b'1')]),
            vpd(b'n', [], [(b'RW', b''), (b'V1', b'1')]), vpd_resource(0x82, b'n') + b'\x78',
            vpd_resource(0x90, vpd_field(b'PN', b'1')) + b'\x78', b'\x78', b'', bytes(32768),
            b'\xff' * 32768, b'\x0a\1\2' + vpd(b'n', [(b'PN', b'1')]),
            vpd(b'n', [(b'PN', b'1')], end=b'\x85\0\x80' + bytes(0x8000) + b'\x78'),
        ])
        self.assert_good(0)

    def test_random_data(self):
        chance = random.Random(SEED)
        keywords = [b'EC', b'MN', b'PN', b'SN', b'V0', b'VZ', b'Va', b'YA', b'Y0', b'CP', b'FG',
                    b'RW', b'RV', b'\0A', b'V-', b'ZZ']
        values = [b'', b'plain', b' a b ', b'a\0b', b'a\xc3\xa9', b'\x07',
                  b'-_.,:;=/()+#@!%*[]{}|~^`$?\\']

        def pairs(count):
            return [(chance.choice(keywords[:count]), chance.choice(values))
                    for _ in range(chance.randrange(5))]

        blobs = []
        for _ in range(600):
            blob = vpd(chance.choice(values), pairs(11),
                       chance.choice([None, pairs(12), pairs(16)]))
            if chance.random() < 0.3:
                place = chance.randrange(len(blob))
                blob = blob[:place] + bytes([chance.randrange(256)]) + blob[place + 1:]
            blobs.append(blob)
        self.add(blobs)
        shown = [name for name, description in self.assert_same().items()
                 if 'vpd' in description['capabilities']]
        self.assertGreater(len(shown), 100)
        self.assertLess(len(shown), 500)

    def test_odd_characters_are_escaped(self):
        """Older stock daemons escape the name only, so that their documents do not always parse."""
        escapes = {'<': '&lt;', '&': '&amp;', '>': '&gt;', "'": '&apos;', '"': '&quot;'}
        for slot, character in enumerate(escapes):
            value = f'a{character}b'.encode()
            self.tree.add(f'0000:01:{slot:02x}.0', vpd=vpd(value, [(b'PN', value), (b'V1', value)],
                                                           [(b'YA', value), (b'Y0', value)]))
        stock, ours = self.ask_both()
        for slot, (character, escape) in enumerate(escapes.items()):
            name = f'pci_0000_01_{slot:02x}_0'
            raw = f'>a{character}b<' in stock[name]['xml']
            self.assertEqual(ours[name]['xml'],
                             stock[name]['xml'].replace(f'>a{character}b<', f'>a{escape}b<'))
            fields = ElementTree.fromstring(ours[name]['xml']).findall('.//fields/*')
            self.assertEqual([field.text for field in fields], [f'a{character}b'] * 4)
            if raw and character in '<&':
                with self.assertRaises(ElementTree.ParseError):
                    ElementTree.fromstring(stock[name]['xml'])


class MediatedTypes(TreeCase):
    def test_types_of_mediated_devices(self):
        gpu, odd, none = '0000:01:00.0', '0000:02:00.0', '0000:03:00.0'
        self.tree.add(gpu, vpd=vpd(b'GPU', [(b'PN', b'1')]))
        self.tree.add(odd)
        self.tree.add(none)
        for number in (8, 4, 2, 1):
            self.tree.mdev_type(gpu, f'i915-GVTg_V5_{number}', device_api='vfio-pci',
                                available_instances=str(number // 2), description='low_gm: 128MB')
        self.tree.mdev_type(odd, "a'b&c", name='<GRID "M60">', device_api='vfio-pci',
                            available_instances='4294967295')
        self.tree.mdev_type(odd, 'b', name='', device_api='', available_instances='0')
        os.mkdir(self.tree.sys / self.tree.paths[none] / 'mdev_supported_types')
        self.assertEqual(self.assert_same()[name_of(gpu)]['capabilities'],
                         ['pci', 'mdev_types', 'vpd'])
        self.assertEqual(self.assert_same_lists('mdev_types'), [name_of(gpu), name_of(odd)])


class Damaged(TreeCase):
    def test_functions_that_the_stock_daemon_hides(self):
        """One attribute of each is damaged, or its registers have died."""
        self.tree.add('0000:01:00.0', config=b'\xff' * 256)
        self.tree.add('0000:01:01.0', config=config_space(header=3))
        self.tree.add('0000:01:02.0', numa_node='junk')
        self.tree.add('0000:01:03.0', sriov_totalvfs='junk')
        self.tree.add('0000:01:04.0')
        self.tree.link(self.tree.paths['0000:01:04.0'], 'iommu_group', 'kernel/iommu_groups/9')
        self.tree.add('0000:01:05.0')
        self.tree.mdev_type('0000:01:05.0', 'a', device_api='vfio-pci', available_instances='1')
        self.tree.mdev_type('0000:01:05.0', 'b', device_api='vfio-pci')
        self.tree.add('0000:01:06.0')
        ours = self.assert_hidden_by_stock(*(f'0000:01:0{slot}.0' for slot in range(6)))
        plain = ours['pci_0000_01_06_0']['xml']
        for slot in range(5):
            xml = ours[f'pci_0000_01_0{slot}_0']['xml']
            self.assertEqual(xml.partition('</slot>')[2], plain.partition('</slot>')[2])
        self.assertIn("<type id='a'>", ours['pci_0000_01_05_0']['xml'])
        self.assertNotIn("<type id='b'>", ours['pci_0000_01_05_0']['xml'])


if __name__ == '__main__':
    unittest.main()
