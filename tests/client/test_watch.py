#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Somebody watches a made-up machine by virt-zpci, which sees its sysfs as its own; udev's events are
made up, too."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

from client_case import SECONDS, TOOL, host_dir
from pci_tree import PciTree

sys.path.append(os.path.join(os.environ['ZPCI_SOURCE_DIR'], 'tests/wire'))
from serving_daemon import require_root  # noqa: E402
sys.path.append(os.path.join(os.environ['ZPCI_SOURCE_DIR'], 'tests/tools'))
from tool_case import read_json  # noqa: E402
from udev_double import UdevDouble, enter_network_namespace  # noqa: E402

ADDRESS, NAME, FID = '0005:00:00.0', 'pci_0005_00_00_0', '0x0000000c'
ZPCI = {'uid': '0x0005', 'uid_is_unique': '1', 'pchid': '0x01c0', 'pfgid': '0x06', 'vfn': '0x0000', 'pft': '0x00',
        'port': '0'}
SCRIPT = 'mount --make-rprivate / && mount --bind "$1" /sys && shift && exec "$@"'
TIME = r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4}'


class WatchCase(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        require_root()
        enter_network_namespace()

    def setUp(self):
        self.udev = UdevDouble()
        self.addCleanup(self.udev.close)
        directory = tempfile.mkdtemp(prefix='zpci-watch-')
        self.addCleanup(shutil.rmtree, directory)
        self.tree = PciTree(os.path.join(directory, 'host'))
        self.device = self.add(ADDRESS, FID)
        (self.tree.sys / 'bus/pci/drivers/vfio-pci').mkdir()
        self.slots = self.tree.sys / 'bus/pci/slots'

    def add(self, address, fid):
        return self.tree.add(address, driver='virtio-pci', function_id=fid, **ZPCI)

    def add_slot(self, name, power):
        (self.slots / name).mkdir()
        (self.slots / name / 'power').write_text(power)

    def watch(self, *options, functions=1):
        """Returns when nothing is missed any more."""
        process = subprocess.Popen(
            ['env', 'SYSTEMD_DEVICE_VERIFY_SYSFS=0', 'unshare', '--mount', 'sh', '-c', SCRIPT, 'sh', self.tree.sys,
             TOOL, 'watch', *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding='utf-8')
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        plural = 'function is' if functions == 1 else 'functions are'
        self.assertEqual(process.stderr.readline(), f'virt-zpci: {functions} {plural} watched.\n')
        return process

    def end(self, process, number=signal.SIGTERM):
        """All that it has said since."""
        process.send_signal(number)
        output, complaint = process.communicate(timeout=SECONDS)
        self.assertEqual((process.returncode, complaint), (0, ''))
        return output

    def bind(self, driver, device=None, address=ADDRESS):
        device = device or self.device
        (device / 'driver').unlink()
        if driver:
            self.tree.link(self.tree.paths[address], 'driver', f'bus/pci/drivers/{driver}')
        self.udev.tell('bind' if driver else 'unbind', 'pci', device, self.tree.sys)

    def remove(self, address):
        (self.tree.sys / 'bus/pci/devices' / address).unlink()
        self.udev.tell('remove', 'pci', self.tree.sys / self.tree.paths[address], self.tree.sys)

    def assert_line(self, process, text):
        self.assertRegex(process.stdout.readline(), rf'\A{TIME} {text}\n\Z')


class Lines(WatchCase):
    def test_a_driver_that_goes_and_one_that_comes(self):
        process = self.watch()
        self.bind(None)
        self.assert_line(process, f'{FID} {NAME} unbound virtio-pci')
        self.tree.link(self.tree.paths[ADDRESS], 'driver', 'bus/pci/drivers/vfio-pci')
        self.udev.tell('bind', 'pci', self.device, self.tree.sys)
        self.assert_line(process, f'{FID} {NAME} bound vfio-pci')
        self.assertEqual(self.end(process), '')

    def test_a_driver_that_is_changed_at_once(self):
        process = self.watch()
        self.bind('vfio-pci')
        self.assert_line(process, f'{FID} {NAME} unbound virtio-pci')
        self.assert_line(process, f'{FID} {NAME} bound vfio-pci')
        self.assertEqual(self.end(process), '')

    def test_a_function_that_comes_and_goes(self):
        process = self.watch()
        self.udev.tell('add', 'pci', self.add('0006:00:00.0', '0x0000000d'), self.tree.sys)
        self.assert_line(process, '0x0000000d pci_0006_00_00_0 came configured')
        self.assert_line(process, '0x0000000d pci_0006_00_00_0 bound virtio-pci')
        self.remove('0006:00:00.0')
        self.assert_line(process, '0x0000000d pci_0006_00_00_0 went')
        self.assertEqual(self.end(process), '')

    def test_a_function_that_is_configured_and_deconfigured(self):
        self.add_slot('0000000d', '0')
        process = self.watch(functions=2)
        (self.slots / '0000000d/power').write_text('1')
        self.udev.tell('add', 'pci', self.add('0006:00:00.0', '0x0000000d'), self.tree.sys)
        self.assert_line(process, '0x0000000d pci_0006_00_00_0 configured')
        self.assert_line(process, '0x0000000d pci_0006_00_00_0 bound virtio-pci')
        (self.slots / '0000000d/power').write_text('0')
        self.remove('0006:00:00.0')
        self.assert_line(process, '0x0000000d zpci_0000000d deconfigured')
        self.assertEqual(self.end(process), '')

    def test_the_checking_of_uids(self):
        process = self.watch()
        (self.device / 'uid_is_unique').write_text('0\n')
        self.udev.tell('change', 'pci', self.device, self.tree.sys)
        self.assert_line(process, f'{FID} {NAME} changed uid_unique yes -> no')
        self.assertEqual(self.end(process), '')

    def test_nothing_is_told_of_what_did_not_change(self):
        process = self.watch()
        for _ in range(20):
            self.udev.tell('change', 'pci', self.device, self.tree.sys)
        self.bind(None)
        self.assert_line(process, f'{FID} {NAME} unbound virtio-pci')
        self.assertEqual(self.end(process), '')

    def test_a_name_that_would_move_the_cursor(self):
        (self.tree.sys / 'bus/pci/drivers/\x1b[31mred').mkdir()
        process = self.watch()
        self.bind('\x1b[31mred')
        process.stdout.readline()
        line = process.stdout.readline()
        self.assertNotIn('\x1b', line)
        self.assertIn('[31mred', line)
        self.end(process)


class Programs(WatchCase):
    def test_one_object_a_line(self):
        process = self.watch('--json')
        self.udev.tell('add', 'pci', self.add('0006:00:00.0', '0x0000000d'), self.tree.sys)
        came, bound = (read_json(process.stdout.readline(), 'watch') for _ in range(2))
        self.assertRegex(came.pop('time'), rf'\A{TIME}\Z')
        self.assertEqual(came, {'event': 'came', 'fid': '0x0000000d', 'name': 'pci_0006_00_00_0', 'state': 'configured'})
        self.assertEqual((bound['event'], bound['driver']), ('bound', 'virtio-pci'))
        (self.device / 'uid_is_unique').write_text('0\n')
        self.udev.tell('change', 'pci', self.device, self.tree.sys)
        changed = read_json(process.stdout.readline(), 'watch')
        self.assertEqual([changed[key] for key in ('event', 'fid', 'column', 'before', 'after')],
                         ['changed', FID, 'uid_unique', 'yes', 'no'])
        self.assertEqual(self.end(process), '')


class Ending(WatchCase):
    def test_by_a_signal(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            self.assertEqual(self.end(self.watch(), number), '')

    def test_when_the_reader_leaves(self):
        """Also if nothing happens that could not be written."""
        process = self.watch()
        process.stdout.close()
        self.assertEqual(process.wait(SECONDS), 0)
        self.assertEqual(process.stderr.read(), '')

    def test_when_the_disk_is_full(self):
        with open('/dev/full', 'wb') as full:
            process = subprocess.Popen(
                ['env', 'SYSTEMD_DEVICE_VERIFY_SYSFS=0', 'unshare', '--mount', 'sh', '-c', SCRIPT, 'sh',
                 self.tree.sys, TOOL, 'watch'], stdout=full, stderr=subprocess.PIPE, encoding='utf-8')
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        process.stderr.readline()
        self.bind(None)
        self.assertIn('Writing to standard output failed', process.stderr.read())
        self.assertEqual(process.wait(SECONDS), 1)

    def test_on_a_captured_host_before_it_begins(self):
        result = subprocess.run([TOOL, '-R', host_dir('qemu-s390x'), 'watch'], stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, encoding='utf-8', check=False, timeout=SECONDS)
        self.assertEqual((result.returncode, result.stdout), (2, ''))
        self.assertEqual(result.stderr, 'virt-zpci: Nothing happens on a captured host; "virt-zpci diff" compares two.\n')


if __name__ == '__main__':
    unittest.main()
