#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Clients that know nothing of zPCI meet functions in standby as inactive devices: on a host that was
captured with two functions that are configured and one that is not."""

import os
import unittest

import libvirt
from client_case import DAEMON, ClientCase, host_dir

HOST = host_dir('qemu-s390x-states')
ACTIVE_NAMES, STANDBY = ['computer', 'pci_0005_00_00_0', 'pci_007a_00_00_0'], 'zpci_00000101'
EVERYTHING = [*ACTIVE_NAMES, STANDBY]
ACTIVE = libvirt.VIR_CONNECT_LIST_NODE_DEVICES_ACTIVE
INACTIVE = libvirt.VIR_CONNECT_LIST_NODE_DEVICES_INACTIVE
PCI = libvirt.VIR_CONNECT_LIST_NODE_DEVICES_CAP_PCI_DEV

INFO = f'''Name:           {STANDBY}
Parent:         computer
Active:         no
Persistent:     yes
Autostart:      no
'''

DOCUMENT = f'''<device>
  <name>{STANDBY}</name>
  <path>/sys/bus/pci/slots/00000101</path>
  <parent>computer</parent>
  <capability type='zpci'>
    <zpci uid='0x007b' fid='0x00000101' pfgid='0xff'>
      <function pchid='0x0000' vfn='0x0000' pft='0x00' type='unclassified' port='0' uidUnique='yes'/>
      <dma start='0x0000000100000000' end='0x01ffffffffffffff'/>
      <group simulated='yes' version='0' dasm='0x0000000000000000' msiAddress='0xfe00000000000000' \
refresh='yes' mui='4000' noi='128' maxstbl='128'/>
      <pfip>00.00.00.00</pfip>
      <source identity='sysfs' function='clp' group='clp'/>
    </zpci>
  </capability>
</device>
'''


class Virsh(ClientCase):
    def listed(self, *options):
        return self.virsh_output(HOST, 'nodedev-list', *options).split()

    def test_lists_by_state(self):
        self.assertEqual(self.listed(), ACTIVE_NAMES)
        self.assertEqual(self.listed('--inactive'), [STANDBY])
        self.assertEqual(self.listed('--all'), EVERYTHING)
        self.assertEqual(self.listed('--all', '--cap', 'pci'), ACTIVE_NAMES[1:])
        self.assertEqual(self.listed('--inactive', '--cap', 'pci'), [])

    def test_info_says_what_it_is(self):
        self.assertEqual(self.virsh_output(HOST, 'nodedev-info', STANDBY).rstrip() + '\n', INFO)

    def test_document_has_what_clp_tells(self):
        self.assertEqual(self.virsh_output(HOST, 'nodedev-dumpxml', STANDBY).rstrip() + '\n', DOCUMENT)

    def test_tree_has_it_below_the_computer(self):
        tree = self.virsh_output(HOST, 'nodedev-list', '--tree', '--all')
        self.assertIn(f'+- {STANDBY}\n', tree)

    def assert_refused(self, message, *arguments, read_only=False):
        result = self.virsh(HOST, *arguments, read_only=read_only)
        self.assertEqual(result.returncode, 1)
        self.assertIn(message, result.stderr)

    def test_nothing_of_a_capture_is_started_or_destroyed(self):
        captured = 'belongs to a captured host, where nothing can be changed.'
        self.assert_refused(f'{STANDBY} {captured}', 'nodedev-start', STANDBY)
        self.assert_refused(f'{ACTIVE_NAMES[1]} {captured}', 'nodedev-destroy', ACTIVE_NAMES[1])

    def test_a_state_that_does_not_fit_is_named(self):
        self.assert_refused('Device is already active', 'nodedev-start', ACTIVE_NAMES[1])
        self.assert_refused(f"Device '{STANDBY}' is not active", 'nodedev-destroy', STANDBY)

    def test_it_is_defined_by_the_machine_not_by_us(self):
        self.assert_refused('Unsupported device type', 'nodedev-undefine', STANDBY)
        self.assert_refused('nsupported device type', 'nodedev-autostart', STANDBY)

    def test_a_read_only_connection_may_look_only(self):
        self.assertIn('Active:         no\n', self.virsh_output(HOST, 'nodedev-info', STANDBY, read_only=True))
        for arguments in (('nodedev-start', STANDBY), ('nodedev-destroy', ACTIVE_NAMES[1])):
            self.assert_refused('read only access', *arguments, read_only=True)


class OptedOut(ClientCase):
    def setUp(self):
        super().setUp()
        configuration = os.path.join(self.directory, 'virtzpcid.conf')
        with open(configuration, 'w', encoding='utf-8') as stream:
            stream.write('[virtzpcid]\nstandby = no\n')
        self.write_wrapper([DAEMON, '--config', configuration])

    def test_nobody_sees_it(self):
        self.assertEqual(self.virsh_output(HOST, 'nodedev-list', '--all').split(), ACTIVE_NAMES)
        self.assertEqual(self.virsh_output(HOST, 'nodedev-list', '--inactive').split(), [])
        result = self.virsh(HOST, 'nodedev-info', STANDBY)
        self.assertIn(f"Could not find matching device '{STANDBY}'", result.stderr)


class Python(ClientCase):
    def setUp(self):
        super().setUp()
        self.connection = self.connect(HOST)

    def listed(self, flags):
        return sorted(device.name() for device in self.connection.listAllDevices(flags))

    def test_flags_of_states_and_of_capabilities(self):
        for flags, expected in ((0, EVERYTHING), (ACTIVE, ACTIVE_NAMES), (INACTIVE, [STANDBY]),
                                (ACTIVE | INACTIVE, EVERYTHING), (PCI, ACTIVE_NAMES[1:]),
                                (PCI | INACTIVE, [])):
            with self.subTest(flags=hex(flags)):
                self.assertEqual(self.listed(flags), expected)

    def test_the_name_of_our_capability_finds_both_states(self):
        self.assertEqual(self.connection.listDevices('zpci'), EVERYTHING[1:])
        self.assertEqual(self.connection.listDevices('pci'), ACTIVE_NAMES[1:])
        self.assertEqual(self.connection.numOfDevices('zpci'), 3)

    def test_its_only_capability_is_ours(self):
        device = self.connection.nodeDeviceLookupByName(STANDBY)
        self.assertEqual(device.listCaps(), ['zpci'])
        self.assertEqual(device.parent(), 'computer')
        self.assertEqual((device.isActive(), device.isPersistent(), device.autostart()), (0, 1, 0))


if __name__ == '__main__':
    unittest.main()
