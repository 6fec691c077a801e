#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Stock virsh detaches, reattaches and resets functions of a made-up machine, whose sysfs our daemon
sees as its own. No kernel does what is written to that; tests/guest/cases/operations has a real one."""

import os
import unittest

import libvirt
from client_case import DAEMON, ClientCase
from pci_tree import PciTree
from stock_daemon import StockDaemon, require_namespaces

ADDRESS = '0005:00:00.0'
NAME = 'pci_0005_00_00_0'
DRIVER = 'virtio-pci'
# The daemon looks at a machine where its own capture lies over /sys; its locks are not in our /run.
SCRIPT = ('mount --make-rprivate / && mount --bind "$1" /sys && mount -t tmpfs tmpfs /run && '
          'exec "$2"')


class OperationsCase(ClientCase):
    def setUp(self):
        super().setUp()
        require_namespaces()
        self.tree = PciTree(os.path.join(self.directory, 'host'))
        self.device = self.tree.add(ADDRESS, driver=DRIVER, driver_override='(null)')
        self.tree.group(3, ADDRESS)
        self.drivers = self.tree.sys / 'bus/pci/drivers'
        for driver in (DRIVER, 'vfio-pci'):
            (self.drivers / driver).mkdir(exist_ok=True)
            (self.drivers / driver / 'unbind').touch()
            (self.drivers / driver / 'bind').touch()
        self.probe = self.tree.sys / 'bus/pci/drivers_probe'
        self.probe.touch()
        options = ['--mount'] if os.geteuid() == 0 else ['--user', '--map-root-user', '--mount']
        self.write_wrapper(['env', 'SYSTEMD_DEVICE_VERIFY_SYSFS=0', 'unshare', *options, 'sh', '-c',
                            SCRIPT, 'sh', str(self.tree.sys), DAEMON])

    def add_child(self, subsystem, path, **attributes):
        """A device of a class, below the function."""
        directory = self.device / path
        directory.mkdir(parents=True)
        for name, text in attributes.items():
            (directory / name).write_text(text + '\n')
        (self.tree.sys / 'class' / subsystem).mkdir(parents=True)
        self.tree.link(f'class/{subsystem}', directory.name, f'{self.tree.paths[ADDRESS]}/{path}')

    def assert_refused(self, *parts):
        """None of the operations is begun, and each says why."""
        for command in ('nodedev-detach', 'nodedev-reset'):
            result = self.virsh(None, command, NAME)
            self.assertEqual(result.returncode, 1)
            for part in ('error: Requested operation is not valid: ', ADDRESS, *parts):
                self.assertIn(part, result.stderr)
        self.assertEqual(self.probe.read_text(), '')
        self.assertEqual((self.device / 'driver_override').read_text(), '(null)\n')
        self.assertEqual((self.device / 'reset').read_text(), '')


class Refusals(OperationsCase):
    def setUp(self):
        super().setUp()
        (self.device / 'reset').touch()

    def test_an_interface_that_is_up(self):
        self.add_child('net', 'virtio0/net/eth7', flags='0x1003', address='02:fc:00:00:00:01')
        self.assert_refused("network interface 'eth7' is up")

    def test_a_file_system_that_is_mounted(self):
        device = os.stat('/').st_dev
        self.add_child('block', 'virtio0/block/vdq', dev=f'{os.major(device)}:{os.minor(device)}')
        self.assert_refused("block device vdq is mounted on '/'")

    def test_virtual_functions(self):
        (self.device / 'sriov_numvfs').write_text('2\n')
        self.assert_refused('carries virtual functions')

    def test_a_read_only_connection(self):
        for command in ('nodedev-detach', 'nodedev-reattach', 'nodedev-reset'):
            result = self.virsh(None, command, NAME, read_only=True)
            self.assertIn('read only access prevents', result.stderr)
        self.assertEqual((self.device / 'reset').read_text(), '')


class Results(OperationsCase):
    def test_reset(self):
        (self.device / 'reset').touch()
        self.assertEqual(self.virsh_output(None, 'nodedev-reset', NAME), f'Device {NAME} reset\n\n')
        self.assertEqual((self.device / 'reset').read_text(), '1')

    def test_a_function_that_cannot_be_reset(self):
        self.assertEqual(self.virsh(None, 'nodedev-reset', NAME).stderr,
                         f'error: Failed to reset device {NAME}\n'
                         f'error: internal error: Unable to reset PCI device {ADDRESS}: '
                         'no FLR, PM reset or bus reset available\n')

    def test_reattaching_what_the_host_has(self):
        self.assertEqual(self.virsh_output(None, 'nodedev-reattach', NAME),
                         f'Device {NAME} re-attached\n\n')
        self.assertEqual(self.probe.read_text(), '')

    def test_a_binding_that_fails(self):
        for options in ([], ['--driver', 'vfio'], ['--driver', 'vfio-pci']):
            result = self.virsh(None, 'nodedev-detach', NAME, *options)
            self.assertIn(f'Binding the PCI function {ADDRESS} to vfio-pci failed.', result.stderr)
            self.assertIn(f'It has its driver {DRIVER}, as before.', result.stderr)
            self.assertEqual(self.probe.read_text(), ADDRESS)
            self.assertEqual((self.drivers / DRIVER / 'unbind').read_text(), ADDRESS)

    def test_detaching_what_is_detached(self):
        (self.device / 'driver').unlink()
        self.tree.link(self.tree.paths[ADDRESS], 'driver', 'bus/pci/drivers/vfio-pci')
        self.assertEqual(self.virsh_output(None, 'nodedev-detach', NAME),
                         f'Device {NAME} detached\n\n')
        self.assertEqual(self.probe.read_text(), '')

    def test_a_function_without_a_group(self):
        (self.device / 'iommu_group').unlink()
        self.assertIn('argument unsupported: VFIO device assignment is currently not supported '
                      'on this system', self.virsh(None, 'nodedev-detach', NAME).stderr)


# Since 10.0 libvirt takes any other name for that of a kernel module.
NO_DRIVERS = ('xen', '', 'virtio-pci', "a'b")
TAKES_MODULES = libvirt.getVersion() >= 10000000


class StockWords(OperationsCase):
    """What the QEMU driver of stock libvirt refuses, in its words."""

    @staticmethod
    def outcome(operation, *arguments):
        try:
            operation(*arguments)
        except libvirt.libvirtError as error:
            return error.get_error_code(), error.get_error_message()
        return None

    def test_only_drivers_of_vfio_are_bound(self):
        device = self.connect(None).nodeDeviceLookupByName(NAME)
        for driver in NO_DRIVERS:
            with self.subTest(driver=driver):
                self.assertEqual(self.outcome(device.detachFlags, driver),
                                 (libvirt.VIR_ERR_INVALID_ARG,
                                  f"invalid argument: unknown driver name '{driver}'"))

    def test_what_both_refuse(self):
        with StockDaemon(self.tree.root) as stock:
            theirs = libvirt.open(f'qemu+unix:///system?socket={stock.directory}/libvirt-sock')
            self.addCleanup(theirs.close)
            ours = self.connect(None)
            for driver in () if TAKES_MODULES else NO_DRIVERS:
                with self.subTest(driver=driver):
                    outcomes = [self.outcome(opened.nodeDeviceLookupByName(NAME).detachFlags, driver)
                                for opened in (theirs, ours)]
                    self.assertIsNotNone(outcomes[0])
                    self.assertEqual(*outcomes)
            with self.subTest('kvm'):
                outcomes = [self.outcome(opened.nodeDeviceLookupByName(NAME).detachFlags, 'kvm')
                            for opened in (theirs, ours)]
                self.assertEqual(outcomes[0][0], outcomes[1][0])
                # What it calls KVM is not the same in all releases.
                self.assertEqual(*(words.rpartition('device assignment')[1:] for _, words in outcomes))
            with self.subTest('reset'):
                outcomes = [self.outcome(opened.nodeDeviceLookupByName(NAME).reset)
                            for opened in (theirs, ours)]
                self.assertIsNotNone(outcomes[0])
                self.assertEqual(*outcomes)


if __name__ == '__main__':
    unittest.main()
