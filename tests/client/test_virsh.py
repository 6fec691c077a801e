#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Stock virsh shows both shipped hosts; golden/HOST/ has what it prints."""

import os
import subprocess
import unittest

from client_case import DAEMON, GOLDEN_DIR, HOSTS, REGENERATE, SECONDS, ClientCase, host_dir


class Virsh(ClientCase):
    def devices(self, host):
        return self.virsh_output(host_dir(host), 'nodedev-list').split()

    def assert_prints(self, name, *command):
        for host in HOSTS:
            with self.subTest(host=host):
                self.assert_golden(host, name, self.virsh_output(host_dir(host), *command))

    def test_nodedev_list_prints_computer_and_every_function(self):
        self.assert_prints('nodedev-list.txt', 'nodedev-list')

    def test_nodedev_list_cap_pci_prints_every_function(self):
        self.assert_prints('nodedev-list-cap-pci.txt', 'nodedev-list', '--cap', 'pci')

    def test_nodedev_list_tree_hangs_every_function_below_computer(self):
        self.assert_prints('nodedev-list-tree.txt', 'nodedev-list', '--tree')

    def test_nodedev_list_all_prints_the_inactive_ones_too(self):
        for host in HOSTS:
            with self.subTest(host=host):
                lists = [self.virsh_output(host_dir(host), 'nodedev-list', option).split()
                         for option in ('--all', '--inactive')]
                self.assertEqual(lists[0], self.devices(host) + lists[1])

    def test_a_capability_that_no_device_has_lists_nothing(self):
        for host in HOSTS:
            with self.subTest(host=host):
                self.assertEqual(
                    self.virsh_output(host_dir(host), 'nodedev-list', '--cap', 'usb').strip(), '')

    def test_nodedev_dumpxml_prints_each_device(self):
        for host in HOSTS:
            devices = self.devices(host)
            for device in devices:
                with self.subTest(host=host, device=device):
                    text = self.virsh_output(host_dir(host), 'nodedev-dumpxml', device)
                    self.assertTrue(text.endswith('</device>\n\n'))
                    self.assertEqual('<zpci ' in text, device != 'computer')
                    self.assert_golden(host, f'{device}.xml', text[:-1])
            if not REGENERATE:
                golden = {name[:-4] for name in os.listdir(os.path.join(GOLDEN_DIR, host))
                          if name.endswith('.xml')}
                self.assertEqual(golden, set(devices))

    def test_nodedev_info_prints_parent_and_state(self):
        self.assert_prints('nodedev-info-computer.txt', 'nodedev-info', 'computer')
        for host, device in (('qemu-s390x', 'pci_0005_00_00_0'), ('lpar-roce', 'pci_0000_00_00_3')):
            self.assert_golden(host, f'nodedev-info-{device}.txt',
                               self.virsh_output(host_dir(host), 'nodedev-info', device))

    def test_version_names_our_driver(self):
        result = self.virsh(host_dir(HOSTS[0]), 'version')
        self.assertIn('\nUsing API: nodedev ', result.stdout)
        # No machine runs below a node-device driver; the stock one says the same. Newer virsh takes that for
        # no error.
        if result.stderr or result.returncode:
            self.assertIn('not supported by the connection driver: virConnectGetVersion', result.stderr)

    def test_uri_and_event_names_work_as_with_any_driver(self):
        root = host_dir(HOSTS[0])
        self.assertEqual(self.virsh_output(root, 'uri').strip(), self.uri(root))
        self.assertIn('lifecycle', self.virsh_output(root, 'nodedev-event', '--list'))

    def test_an_unknown_device_is_named_in_the_error(self):
        for host in HOSTS:
            for command in ('nodedev-dumpxml', 'nodedev-info'):
                result = self.virsh(host_dir(host), command, 'pci_dead_00_00_0')
                self.assertEqual(result.returncode, 1)
                self.assertIn("error: Could not find matching device 'pci_dead_00_00_0'",
                              result.stderr)
                self.assertIn("error: Node device not found: no node device with matching name "
                              "'pci_dead_00_00_0'", result.stderr)

    def test_a_read_only_connection_shows_the_same(self):
        for host in HOSTS:
            root = host_dir(host)
            for command in (['nodedev-list'], ['nodedev-list', '--tree'],
                            ['nodedev-dumpxml', self.devices(host)[-1]]):
                with self.subTest(host=host, command=command):
                    self.assertEqual(self.virsh_output(root, *command, read_only=True),
                                     self.virsh_output(root, *command))

    def test_a_read_only_connection_changes_nothing(self):
        result = self.virsh(host_dir('lpar-roce'), 'nodedev-detach', 'pci_0000_00_00_3',
                            read_only=True)
        self.assertEqual(result.returncode, 1)
        self.assertIn('error: operation forbidden: read only access prevents', result.stderr)

    def test_what_we_do_not_offer_is_refused_as_unsupported(self):
        for command in (['hostname'], ['capabilities']):
            with self.subTest(command=command):
                result = self.virsh(host_dir('lpar-roce'), *command)
                self.assertEqual(result.returncode, 1)
                self.assertIn('error: this function is not supported by the connection driver',
                              result.stderr)

    def test_a_captured_host_is_never_changed(self):
        for command in ('nodedev-detach', 'nodedev-reattach', 'nodedev-reset'):
            with self.subTest(command=command):
                result = self.virsh(host_dir('lpar-roce'), command, 'pci_0000_00_00_3')
                self.assertEqual(result.returncode, 1)
                self.assertIn('belongs to a captured host, where nothing can be changed',
                              result.stderr)

    def test_the_uri_that_virt_zpci_prints_leads_to_the_same_devices(self):
        for host in HOSTS:
            uri = self.tool('uri', '--root', host_dir(host)).stdout.strip()
            self.assertEqual(uri, self.uri(host_dir(host), DAEMON))
            result = subprocess.run(['virsh', '-c', uri, 'nodedev-list'], check=True,
                                    stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                    encoding='utf-8', timeout=SECONDS)
            self.assertEqual(result.stdout.split(), self.devices(host))


if __name__ == '__main__':
    unittest.main()
