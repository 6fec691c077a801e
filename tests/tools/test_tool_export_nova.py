# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""OpenStack Nova's own code reads what export nova writes, and hands out what was meant."""

import json
import logging
import pathlib
import shutil
import tempfile
import types
import unittest
from unittest import mock

import nova.conf
from nova import exception, objects
from nova.compute import pci_placement_translator as placement
from nova.pci import request, stats, utils, whitelist
from tool_case import FAILED, LPAR, QEMU, ToolCase

objects.register_all()
# Nova tells when there is nothing left to hand out.
logging.getLogger('nova').setLevel(logging.CRITICAL)
VF_LINES = ('0000:00:00.2', '0000:00:00.3', '0000:00:00.4')
ROCE = '0000:00:00.0', *VF_LINES, '0001:00:00.0', '0002:00:00.0', '0003:00:00.0'


def device_type(function, functions):
    if function['physical']:
        return 'type-VF'
    # Of the shipped host both functions with this product can have virtual functions.
    return 'type-PF' if function['virtual'] or function['product'] == '0x1015' else 'type-PCI'


def get_aliases():
    """What Nova makes of its aliases; later releases have that function for everybody, and read them once."""
    public = getattr(request, 'get_alias_from_config', None)
    if public is None:
        return request._get_alias_from_config()
    getattr(public, 'cache_clear', lambda: None)()
    return public()


class NovaCase(ToolCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.directory = pathlib.Path(holder.name)
        self.root = LPAR

    def copy_host(self):
        self.root = self.directory / 'host'
        shutil.copytree(LPAR, self.root, symlinks=True)

    def functions(self):
        shown = json.loads(self.succeed('list', '--json', '-R', self.root))['functions']
        return {function['address']: function for function in shown}

    def configure(self, *words):
        """Nova reads the file as it reads its own; what it would track then."""
        path = self.directory / 'nova.conf'
        self.succeed('export', 'nova', '-R', self.root, '-o', path, *words)
        nova.conf.CONF([], project='nova', default_config_files=[str(path)])
        functions = self.functions()
        with mock.patch.object(utils, 'is_physical_function', lambda *fields: bool(
                functions[utils.get_pci_address(*fields)]['virtual'])):
            return whitelist.Whitelist(nova.conf.CONF.pci.device_spec)

    def devices(self):
        functions = self.functions()
        devices = {address: objects.PciDevice(
            address=address, vendor_id=function['vendor'][2:], product_id=function['product'][2:],
            numa_node=None, dev_type=device_type(function, functions), parent_addr=function['physical'],
            extra_info={}, status='available', request_id=None, parent_device=None, child_devices=[],
            compute_node_id=1, id=number)
                   for number, (address, function) in enumerate(functions.items())}
        for device in devices.values():
            device.parent_device = devices.get(device.parent_addr)
        return devices

    def matched(self, *words):
        """The functions that Nova would hand out, by address."""
        specs = self.configure(*words)
        return sorted(address for address, device in self.devices().items()
                      if specs.get_devspec(device) is not None)

    def pools(self, specs):
        pools = stats.PciDeviceStats(objects.NUMATopology(cells=[]), dev_filter=specs)
        for device in self.devices().values():
            pools.add_device(device)
        return pools

    def handed_out(self, pools, alias):
        """All functions that servers get who ask for this alias, one after the other."""
        spec = get_aliases()[alias][1]
        wish = objects.InstancePCIRequest(count=1, spec=spec, alias_name=alias, request_id=None,
                                          numa_policy=None, requester_id=None)
        found = []
        while True:
            try:
                found += [device.address for device in pools.consume_requests([wish])]
            except exception.PciDeviceRequestFailed:
                return sorted(found)


class Specs(NovaCase):
    def test_match_the_function_with_the_fid(self):
        for fid, address in (('0x102', '0000:00:00.3'), ('0x1000', '0004:00:00.0'), ('0', '0005:00:00.0')):
            self.assertEqual(self.matched(f'fid={fid}'), [address])

    def test_of_a_physical_function_do_not_match_its_virtual_ones(self):
        self.assertEqual(self.matched('fid=0x100'), ['0000:00:00.0'])
        # To Nova the address alone would mean them, too.
        with mock.patch.object(utils, 'is_physical_function', lambda *fields: True):
            specs = whitelist.Whitelist(['{"address": "0000:00:00.0"}'])
        self.assertEqual(sorted(address for address, device in self.devices().items()
                                if specs.get_devspec(device)), ['0000:00:00.0', *VF_LINES])

    def test_of_all_functions_leave_out_the_parents_of_virtual_ones(self):
        self.assertEqual(self.matched(), sorted({*self.functions()} - {'0000:00:00.0'}))

    def test_of_a_guest_under_qemu(self):
        self.root = QEMU
        self.assertEqual(self.matched('uid=0x7a'), ['007a:00:00.0'])

    def test_a_fid_alone_would_match_everything(self):
        specs = whitelist.Whitelist(['{"fid": "0x102"}'])
        self.assertTrue(all(specs.get_devspec(device) for device in self.devices().values()))


class Aliases(NovaCase):
    def test_hand_out_exactly_what_was_meant(self):
        pools = self.pools(self.configure('fid=0x102', 'fid=0x201', 'fid=0'))
        self.assertEqual({alias: self.handed_out(pools, alias) for alias in get_aliases()},
                         {'zpci-roce-15b3-1016-vf': ['0000:00:00.3'], 'zpci-roce-15b3-1016-pci': ['0002:00:00.0'],
                          'zpci-nvme-144d-a822-pci': ['0005:00:00.0']})

    def test_of_all_functions_share_them_without_a_rest(self):
        pools = self.pools(self.configure())
        found = [address for alias in get_aliases() for address in self.handed_out(pools, alias)]
        self.assertEqual(sorted(found), sorted({*self.functions()} - {'0000:00:00.0'}))

    def test_physical_function_with_room_for_virtual_ones(self):
        pools = self.pools(self.configure('fid=0x200'))
        self.assertEqual(self.handed_out(pools, 'zpci-roce-15b3-1015-pf'), ['0001:00:00.0'])

    def test_by_trait_need_a_nova_that_knows_them(self):
        self.configure('--placement', 'fid=0x201', 'fid=0')
        self.assertTrue(nova.conf.CONF.pci.report_in_placement)
        aliases = [json.loads(alias) for alias in nova.conf.CONF.pci.alias]
        self.assertEqual({alias['name']: alias.get('traits') for alias in aliases},
                         {'zpci-roce-15b3-1016-pci': None, 'zpci-nvme-144d-a822-pci': None,
                          'zpci-fid-00000201-15b3-1016-pci': 'CUSTOM_ZPCI_FID_00000201',
                          'zpci-fid-00000000-144d-a822-pci': 'CUSTOM_ZPCI_FID_00000000'})
        if 'traits' in request._ALIAS_SCHEMA['properties']:
            self.assertEqual(set(get_aliases()), {alias['name'] for alias in aliases})
        else:
            with self.assertRaises(exception.PciInvalidAlias):
                get_aliases()


class Placement(NovaCase):
    def providers(self, specs):
        """The resource providers that Nova would make of its devices, by name."""
        view = placement.PlacementView('host', types.SimpleNamespace())
        for device in self.devices().values():
            spec = specs.get_devspec(device)
            if spec is not None:
                view._add_dev(device, spec.get_tags())
        return view.rps

    def test_takes_all_functions_of_the_host(self):
        providers = self.providers(self.configure())
        self.assertEqual(sorted(device.address for provider in providers.values() for device in provider.devs),
                         sorted({*self.functions()} - {'0000:00:00.0'}))
        for provider in providers.values():
            self.assertEqual(provider.resource_class in ('CUSTOM_ZPCI_NVME', 'CUSTOM_ZPCI_ISM'),
                             provider.devs[0].address not in ROCE)

    def test_finds_a_function_by_the_trait_of_its_fid(self):
        providers = self.providers(self.configure())
        for address, function in self.functions().items():
            trait = 'CUSTOM_ZPCI_FID_' + function['fid'][2:].upper()
            found = [device.address for provider in providers.values() if trait in provider.traits
                     for device in provider.devs]
            virtual = address.startswith('0000:')
            self.assertEqual(found, [] if virtual else [address])

    def test_finds_the_virtual_functions_of_an_adapter(self):
        for provider in self.providers(self.configure('fid=0x101', 'fid=0x103')).values():
            self.assertEqual(provider.traits, {'CUSTOM_ZPCI_PCHID_01C0', 'CUSTOM_ZPCI_PORT_1',
                                               'COMPUTE_MANAGED_PCI_DEVICE'})

    def test_virtual_functions_that_differ_share_no_trait(self):
        """Nova does not start with other traits on one provider."""
        self.copy_host()
        for path in self.root.glob('sys/devices/*/0000:00:00.4/port'):
            path.write_text('2\n')
        provider, = self.providers(self.configure('fid=0x101', 'fid=0x103')).values()
        self.assertEqual(provider.traits, {'COMPUTE_MANAGED_PCI_DEVICE'})
        self.assertEqual(len(provider.devs), 2)


class Refused(NovaCase):
    def refuse(self, *names):
        return self.fail_with(FAILED, 'export', 'nova', '-R', self.root, *names)

    def test_physical_function_and_one_of_its_virtual_ones(self):
        self.assertIn('Nova cannot hand out both pci_0000_00_00_0 and its virtual function 0000:00:00.3',
                      self.refuse('fid=0x100', 'fid=0x102'))

    def test_physical_function_whose_line_would_match_virtual_ones(self):
        self.copy_host()
        for path in self.root.glob('sys/devices/*/0000:00:00.3/device'):
            path.write_text('0x1015\n')
        self.assertIn('would hand out its virtual function 0000:00:00.3 too', self.refuse('fid=0x100'))

    def test_function_in_standby(self):
        self.assertIn('zpci_00000202 is in standby', self.refuse('fid=0x202'))

    def test_nothing_is_written_then(self):
        path = self.directory / 'kept'
        path.write_text('kept')
        self.refuse('-o', path, 'fid=0x100', 'fid=0x102')
        self.assertEqual(path.read_text(), 'kept')


if __name__ == '__main__':
    unittest.main()
