#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Somebody asks whether a guest would start with a function that goes through an iommufd, on a made-up machine
whose sysfs and nodes virt-zpci sees as its own. tests/guest/cases/cdev has real nodes."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import libvirt

from client_case import SECONDS, TOOL
from pci_tree import PciTree
from stock_daemon import require_namespaces

ADDRESS = '0005:00:00.0'
ZPCI = {'function_id': '0x0000000c', 'uid': '0x0005', 'pchid': '0x01c0', 'pfgid': '0x06', 'vfn': '0x0000',
        'pft': '0x00', 'port': '0'}
SCRIPT = ('mount --make-rprivate / && mount --bind "$1/host/sys" /sys && mount --bind "$1/dev" /dev && '
          'mount -t tmpfs tmpfs /run && shift && exec "$@"')
GUEST = '''<domain type='kvm'>
<name>guest</name><memory>524288</memory>
<os><type arch='s390x' machine='s390-ccw-virtio'>hvm</type></os>
<devices>
<hostdev mode='subsystem' type='pci' managed='yes'><driver iommufd='%s'/><source>
<address domain='0x0005' bus='0x00' slot='0x00' function='0x0'/></source>
<address type='pci'><zpci uid='0x1' fid='0x1'/></address></hostdev>
</devices>
</domain>
'''


class Machine(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        require_namespaces()
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix='zpci-iommufd-'))
        self.addCleanup(shutil.rmtree, self.directory)
        (self.directory / 'dev').mkdir()

    def bind(self, driver):
        tree = PciTree(self.directory / 'host')
        self.device = tree.add(ADDRESS, driver=driver, **ZPCI)
        tree.group(0, ADDRESS)

    def add_node(self, name):
        path = self.directory / 'dev' / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()

    def judge(self, iommufd='yes'):
        """What is said of the function, and whether it is known that it gets a node of its own. Of the document, an
        older libvirt says that it does not know iommufd, which is not asked here."""
        path = self.directory / 'guest.xml'
        path.write_text(GUEST % iommufd)
        options = ['--mount'] if os.geteuid() == 0 else ['--user', '--map-root-user', '--mount']
        result = subprocess.run(['unshare', *options, 'sh', '-c', SCRIPT, 'sh', self.directory, TOOL, 'check', '--json',
                                 '-c', 'test:///default', path], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, encoding='utf-8', check=False, timeout=4 * SECONDS)
        self.assertEqual(result.stderr, '')
        report = json.loads(result.stdout)
        finding, = [found for found in report['findings'] if found.get('device') == ADDRESS]
        others = [found for found in report['findings'] if found is not finding]
        self.assertEqual(len(others), int(libvirt.getVersion() < 12001000), others)
        return finding['severity'], finding['text'], 'iommufd' not in report['unknown']

    def test_without_iommufds(self):
        self.bind('vfio-pci')
        self.assertEqual(self.judge(), ('error', 'It goes through an iommufd, but this host has no /dev/iommu.', True))
        self.assertEqual(self.judge('no')[0], 'ok')

    def test_without_a_node_for_the_function(self):
        self.bind('vfio-pci')
        self.add_node('iommu')
        (self.device / 'vfio-dev/vfio7').mkdir(parents=True)
        self.assertEqual(self.judge(), ('error', 'It goes through an iommufd, but VFIO has made no node for it below '
                                        '/dev/vfio/devices.', True))
        self.assertEqual(self.judge('no')[0], 'ok')

    def test_with_all_that_it_takes(self):
        self.bind('vfio-pci')
        self.add_node('iommu')
        (self.device / 'vfio-dev/vfio7').mkdir(parents=True)
        self.add_node('vfio/devices/vfio7')
        self.assertEqual(self.judge(), ('ok', 'driver vfio-pci, IOMMU group 0, MSI-X no, through an iommufd', True))

    def test_of_which_nobody_knows_before_it_is_bound(self):
        self.bind('virtio-pci')
        self.add_node('iommu')
        severity, text, known = self.judge()
        self.assertEqual((severity, text.endswith('through an iommufd'), known), ('ok', True, False))
        self.assertEqual(self.judge('no')[2], True)


if __name__ == '__main__':
    unittest.main()
