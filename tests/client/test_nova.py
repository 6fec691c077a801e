#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""OpenStack Nova's own code, from the package python3-nova, reads both shipped hosts.

Nova's Host opens the connection itself and gets real virNodeDevice objects from our daemon.
"""

import gc
import json
import logging
import unittest
from unittest import mock

import libvirt
from client_case import ClientCase, host_dir, without_zpci
from nova.virt.libvirt import config, driver
from nova.virt.libvirt import host as nova_host

# Only these differ between the functions of one kind; numa_node is None where the kernel says -1 or
# has no NUMA.
FUNCTIONS = {
    'qemu-s390x': {
        '0005:00:00.0': ('1af4', '1000', 'type-PCI', None),
        '007a:00:00.0': ('1af4', '1005', 'type-PCI', None),
    },
    'lpar-roce': {
        '0000:00:00.0': ('15b3', '1015', 'type-PF', None),
        '0000:00:00.2': ('15b3', '1016', 'type-VF', '0000:00:00.0'),
        '0000:00:00.3': ('15b3', '1016', 'type-VF', '0000:00:00.0'),
        '0000:00:00.4': ('15b3', '1016', 'type-VF', '0000:00:00.0'),
        '0001:00:00.0': ('15b3', '1015', 'type-PF', None),
        '0002:00:00.0': ('15b3', '1016', 'type-PCI', None),
        '0003:00:00.0': ('15b3', '1016', 'type-PCI', None),
        '0004:00:00.0': ('1014', '04ed', 'type-PCI', None),
        '0005:00:00.0': ('144d', 'a822', 'type-PCI', None),
    },
}


def device_name(address):
    return 'pci_' + address.replace(':', '_').replace('.', '_')


def expected_info(host):
    """What Nova's resource tracker must hear of the host, by device name."""
    infos = {}
    for address, (vendor, product, kind, parent) in FUNCTIONS[host].items():
        info = {'dev_id': device_name(address), 'address': address, 'vendor_id': vendor,
                'product_id': product, 'numa_node': None, 'dev_type': kind,
                'label': f'label_{vendor}_{product}'}
        if parent is not None:
            info['parent_addr'] = parent
        infos[device_name(address)] = info
    return infos


def plain(value):
    """The contents of Nova's configuration objects, to compare them."""
    if hasattr(value, '__dict__'):
        return {name: plain(item) for name, item in vars(value).items()}
    return [plain(item) for item in value] if isinstance(value, (list, tuple)) else value


def parse(xml):
    device = config.LibvirtConfigNodeDevice()
    device.parse_str(xml)
    return device


class NovaReads:
    host = None

    def setUp(self):
        super().setUp()
        # Nova warns that a node-device connection has no domain events; so it has none.
        logging.getLogger('nova').setLevel(logging.ERROR)
        self.nova = nova_host.Host(self.uri(host_dir(self.host)), read_only=True)
        self.addCleanup(self.disconnect)
        self.expected = expected_info(self.host)

    def disconnect(self):
        # Nova never leaves a connection: its callback and devices in cycles would keep this one open.
        connection = self.nova.get_connection()
        connection.unregisterCloseCallback()
        gc.collect()
        connection.close()

    def test_the_parser_reads_identity_and_kind_of_every_function(self):
        for name, info in self.expected.items():
            device = parse(self.nova.device_lookup_by_name(name).XMLDesc(0))
            self.assertEqual((device.name, device.parent), (name, 'computer'))
            capability = device.pci_capability
            self.assertEqual(capability.pci_address(), info['address'])
            self.assertEqual((capability.vendor_id, capability.product_id),
                             (int(info['vendor_id'], 16), int(info['product_id'], 16)))

    def test_the_parser_sees_no_difference_with_and_without_zpci(self):
        for name in self.expected:
            xml = self.nova.device_lookup_by_name(name).XMLDesc(0)
            self.assertIn('<zpci ', xml)
            self.assertEqual(plain(parse(xml)), plain(parse(without_zpci(xml))))

    def test_the_parser_reads_the_virtual_functions_of_a_physical_one(self):
        for name, info in self.expected.items():
            if info['dev_type'] != 'type-PF':
                continue
            xml = self.nova.device_lookup_by_name(name).XMLDesc(0)
            functions = parse(xml).pci_capability.fun_capability
            found = {'%04x:%02x:%02x.%x' % address for address in functions[0].device_addrs}
            self.assertEqual(found, {other['address'] for other in self.expected.values()
                                     if other.get('parent_addr') == info['address']})

    def test_get_pcidev_info_describes_every_function(self):
        devices = self.nova.list_all_devices()
        pci = [device for device in devices if 'pci' in device.listCaps()]
        found = {device.name(): self.nova._get_pcidev_info(device.name(), device, [], [], pci)
                 for device in pci}
        self.assertEqual(found, self.expected)

    def test_the_driver_reports_the_host_to_the_resource_tracker(self):
        # The driver's constructor would set the one; a connection without a hypervisor cannot answer
        # the other.
        with mock.patch.object(driver, 'libvirt', libvirt), \
                mock.patch.object(self.nova, 'has_min_version', return_value=True):
            report = driver.LibvirtDriver._get_pci_passthrough_devices(
                mock.Mock(_host=self.nova))
        self.assertEqual({info['dev_id']: info for info in json.loads(report)}, self.expected)

    def test_the_lists_by_capability_work(self):
        self.assertEqual(sorted(self.nova.list_pci_devices()), sorted(self.expected))
        self.assertEqual(self.nova.list_mediated_devices(), [])
        self.assertEqual(self.nova.list_mdev_capable_devices(), [])


class OnQemu(NovaReads, ClientCase):
    host = 'qemu-s390x'


class OnLpar(NovaReads, ClientCase):
    host = 'lpar-roce'


if __name__ == '__main__':
    unittest.main()
