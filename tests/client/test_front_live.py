#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""What udev says while clients watch the stock libvirtd with virtzpcid in front of it: they are told of libvirtd's
devices what they would be told without, in the same order, and of functions in standby besides, once each."""

import os
import sys
import unittest

import libvirt
from front_place import FrontPlace
from stock_daemon import require_namespaces
from upstream_case import LIFECYCLES

sys.path.append(os.path.join(os.environ['ZPCI_SOURCE_DIR'], 'tests/wire'))
from serving_daemon import require_root, wait_for  # noqa: E402
from udev_double import UdevDouble, enter_network_namespace  # noqa: E402

ADDRESS, NAME, STANDBY, SLOT = '0005:00:00.0', 'pci_0005_00_00_0', 'zpci_0000000c', '0000000c'
OTHER_ADDRESS, OTHER = '007a:00:00.0', 'pci_007a_00_00_0'
ROUNDS = 5


class Watcher:
    """A client that has registered for everything, or for one device. told is what it is told: "+name" and so on, or
    "~name" for an update."""

    def __init__(self, case, uri, name=None):
        self.connection = libvirt.open(uri)
        case.addCleanup(self.connection.close)
        self.told = []
        device = self.connection.nodeDeviceLookupByName(name) if name else None
        for event, callback in ((libvirt.VIR_NODE_DEVICE_EVENT_ID_LIFECYCLE, self.on_lifecycle),
                                (libvirt.VIR_NODE_DEVICE_EVENT_ID_UPDATE, self.on_update)):
            number = self.connection.nodeDeviceEventRegisterAny(device, event, callback, None)
            case.addCleanup(self.connection.nodeDeviceEventDeregisterAny, number)

    def on_lifecycle(self, _connection, device, event, _detail, _opaque):
        self.told.append(LIFECYCLES[event] + device.name())

    def on_update(self, _connection, device, _opaque):
        self.told.append('~' + device.name())

    def of_libvirtd(self):
        return [event for event in self.told if 'zpci_' not in event]

    def of_ours(self):
        return [event for event in self.told if 'zpci_' in event]


class Live(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        require_root()
        require_namespaces()
        enter_network_namespace()

    def setUp(self):
        self.udev = UdevDouble()
        self.addCleanup(self.udev.close)
        self.place = self.enterContext(FrontPlace('qemu-s390x-states', live=True))
        self.sysfs = self.place.stock.sysfs
        self.link = self.sys('bus/pci/devices', ADDRESS)
        self.target = os.readlink(self.link)
        self.device = os.path.realpath(self.link)

    def sys(self, *path):
        return os.path.join(self.sysfs, *path)

    def watch(self, way, name=None):
        return Watcher(self, self.place.uri(way), name)

    def tell(self, action, device):
        """With what the kernel says of it, by which libvirtd goes."""
        with open(os.path.join(device, 'uevent'), encoding='ascii') as stream:
            properties = [line.split('=', 1) for line in stream.read().splitlines()]
        self.udev.tell(action, 'pci', device, self.sysfs, properties)

    def change(self, address):
        self.tell('change', self.sys('bus/pci/devices', address))

    def set_power(self, power):
        with open(self.sys('bus/pci/slots', SLOT, 'power'), 'w', encoding='ascii') as stream:
            stream.write(power)

    def deconfigure(self):
        self.set_power('0\n')
        os.unlink(self.link)
        self.tell('remove', self.device)

    def configure(self):
        self.set_power('1\n')
        os.symlink(self.target, self.link)
        self.tell('add', self.device)

    def wait_until_told(self, watchers, event, count=1):
        for watcher in watchers:
            wait_for(lambda watcher=watcher: libvirt.virEventRunDefaultImpl() or watcher.told.count(event) >= count,
                     f'{event}: {watcher.told}')

    def test_a_function_that_comes_and_goes(self):
        direct = self.watch('directly')
        through = [self.watch('through the front') for _ in range(3)]
        for number in range(1, ROUNDS + 1):
            self.change(ADDRESS)
            self.wait_until_told([direct, *through], f'~{NAME}', number)
            self.deconfigure()
            self.wait_until_told(through, f'+{STANDBY}', number)
            self.configure()
            self.wait_until_told(through, f'-{STANDBY}', number)
            self.wait_until_told([direct, *through], f'+{NAME}', number)
        # What comes twice would come before this.
        self.change(OTHER_ADDRESS)
        self.wait_until_told([direct, *through], f'~{OTHER}')
        self.assertEqual(direct.told, [f'~{NAME}', f'-{NAME}', f'+{NAME}'] * ROUNDS + [f'~{OTHER}'])
        for watcher in through:
            self.assertEqual(watcher.of_libvirtd(), direct.told)
            self.assertEqual(watcher.of_ours(), [f'+{STANDBY}', f'-{STANDBY}'] * ROUNDS)

    def test_a_storm(self):
        direct, through = self.watch('directly'), self.watch('through the front')
        for number in range(200):
            self.change((ADDRESS, OTHER_ADDRESS)[number % 3 == 0])
        self.deconfigure()
        self.wait_until_told([through], f'+{STANDBY}')
        self.wait_until_told([direct, through], f'-{NAME}')
        self.assertEqual(through.of_libvirtd(), direct.told)
        self.assertEqual(through.of_ours(), [f'+{STANDBY}'])

    def test_one_device_alone(self):
        direct, through = (self.watch(way, OTHER) for way in self.place.ways)
        ours, everything = self.watch('through the front', 'zpci_00000101'), self.watch('through the front')
        self.deconfigure()
        self.wait_until_told([everything], f'+{STANDBY}')
        self.change(OTHER_ADDRESS)
        self.wait_until_told([direct, through], f'~{OTHER}')
        self.assertEqual(direct.told, [f'~{OTHER}'])
        self.assertEqual(through.told, direct.told)
        self.assertEqual(ours.told, [])

    def test_who_came_before_sees_the_same_documents(self):
        """After an event, the document that a client asks for is that of now."""
        through = self.watch('through the front')
        self.deconfigure()
        self.wait_until_told([through], f'+{STANDBY}')
        self.wait_until_told([through], f'-{NAME}')
        names = {device.name() for device in through.connection.listAllDevices()}
        self.assertIn(STANDBY, names)
        self.assertNotIn(NAME, names)
        self.configure()
        self.wait_until_told([through], f'+{NAME}')
        self.assertIn("<zpci uid='0x0005'", through.connection.nodeDeviceLookupByName(NAME).XMLDesc())


if __name__ == '__main__':
    unittest.main()
