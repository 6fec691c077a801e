#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Definitions of mediated devices, and changing them, through ours: virNodeDeviceUpdate() and the documents
of definitions came with libvirt 10.1. The daemon behind us has a mdevctl that is played by a script."""

import json
import os
import unittest

import libvirt
from pci_tree import PciTree
from stock_daemon import StockDaemon, require_namespaces
from upstream_case import UpstreamCase, answer_of

KNOWS_UPDATES = libvirt.getVersion() >= 10001000
PARENT = '0000:01:00.0'
UUID = '783e6dbb-ea0e-411f-94e2-717eaad438bf'
DEFINED = [{PARENT: [{UUID: {'mdev_type': 'a-1', 'start': 'manual', 'attrs': [{'colour': 'blue'}]}}]}]
MDEVCTL = '''#!/bin/sh
case "$*" in
*--help*) ;;
list*--defined*) cat "{0}/defined.json" ;;
list*) echo '[]' ;;
modify*) echo "$*" >>"{0}/calls"; cat >>"{0}/calls" ;;
*) exit 1 ;;
esac
'''


class Definitions(UpstreamCase):
    def setUp(self):
        super().setUp()
        require_namespaces()
        script = os.path.join(self.directory, 'mdevctl')
        with open(script, 'w', encoding='utf-8') as stream:
            stream.write(MDEVCTL.format(self.directory))
        os.chmod(script, 0o755)
        with open(os.path.join(self.directory, 'defined.json'), 'w', encoding='utf-8') as stream:
            json.dump(DEFINED, stream)
        path = os.environ['PATH']
        self.addCleanup(os.environ.update, PATH=path)
        os.environ['PATH'] = f'{self.directory}:{path}'
        tree = PciTree(os.path.join(self.directory, 'host'))
        tree.add(PARENT)
        daemon = self.enterContext(StockDaemon(tree.root))
        self.direct = daemon.connection
        self.over_sysfs(daemon.sysfs)
        self.ours = self.through(daemon.uri)
        self.name = next(device.name() for device in self.direct.listAllDevices(0) if not device.isActive())

    def ask_both(self, name, method, *arguments):
        """What both connections answer, which has to be the same."""
        answers = [answer_of(getattr(connection.nodeDeviceLookupByName(name), method), *arguments)
                   for connection in (self.direct, self.ours)]
        self.assertEqual(answers[1], answers[0])
        return answers[1]

    def test_documents_of_definitions(self):
        self.assertIn('blue', self.ask_both(self.name, 'XMLDesc', 0))
        for name in (self.name, 'computer', 'pci_0000_01_00_0'):
            for flags in (1, 2, 3):
                self.ask_both(name, 'XMLDesc', flags)
        document = self.ask_both(self.name, 'XMLDesc', 1)
        self.assertEqual(isinstance(document, str), KNOWS_UPDATES, document)

    def test_updates(self):
        self.assertEqual(hasattr(libvirt.virNodeDevice, 'update'), KNOWS_UPDATES)
        if not KNOWS_UPDATES:
            return
        document = self.direct.nodeDeviceLookupByName(self.name).XMLDesc(0)
        changed = document.replace('blue', 'green')
        # With a document whose parent is the device itself the stock daemon waits for itself, and for ever.
        for name, xml, flags in (('computer', changed, 2), (self.name, '<device', 0),
                                 (self.name, changed, 1), (self.name, changed, 4),
                                 (self.name, changed.replace(UUID, UUID[::-1]), 2)):
            with self.subTest(name, flags=flags):
                self.assertIsInstance(self.ask_both(name, 'update', xml, flags), tuple)
        self.assertEqual(self.read('calls'), '')
        self.assertEqual(self.ours.nodeDeviceLookupByName(self.name).update(changed, 2), 0)
        calls = self.read('calls')
        self.assertIn(f'--parent={PARENT}', calls)
        self.assertIn('--defined', calls)
        self.assertIn('{"colour":"green"}', calls)


if __name__ == '__main__':
    unittest.main()
