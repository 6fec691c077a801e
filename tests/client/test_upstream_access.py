#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""The stock daemon behind ours has access_drivers = polkit: it asks polkit about who made the call, over a
real bus, and what it forbids is forbidden through ours, which has no access control of its own."""

import os
import sys
import unittest

from client_case import host_dir
from stock_daemon import StockDaemon, require_namespaces

sys.path.append(os.path.join(os.environ['ZPCI_SOURCE_DIR'], 'tests/wire'))
from polkit_double import PolkitDouble  # noqa: E402
from serving_daemon import STRANGER, ServingDaemon, Stranger, read_start_time, require_root  # noqa: E402
from test_wire_access import identity  # noqa: E402
from wire import (  # noqa: E402
    LIST_ALL, LOOKUP, SET_IDENTITY, WireTest, XML, string, u32,
)

FIRST, SECOND = 'pci_0005_00_00_0', 'pci_007a_00_00_0'
OF_DEVICE = 'org.libvirt.api.node-device.'
ALL = u32(1) + u32(0)
DETACH = 118
DENIED = 88, 55
OVER_SYSFS = 'mount --make-rprivate / && mount --bind "$1" /sys && shift && exec "$@"'


class Access(WireTest):
    RULES = {f'{OF_DEVICE}read {FIRST}': 'deny', f'{OF_DEVICE}getattr {SECOND}': 'deny', '*': 'allow'}

    def setUp(self):
        require_root()
        require_namespaces()
        self.polkit = self.enterContext(PolkitDouble(self.RULES))
        stock = self.enterContext(StockDaemon(host_dir('qemu-s390x'), bus=self.polkit.address))
        self.daemon = self.enterContext(ServingDaemon(
            auth_unix_rw='none', unix_sock_rw_perms='0777', upstream=stock.uri))
        self.daemon.start(root=None, before=['unshare', '--mount', 'sh', '-c', OVER_SYSFS, 'sh', stock.sysfs])
        self.root = self.daemon.connect()
        self.addCleanup(self.root.socket.close)
        self.root.open_name()

    def come(self, uid=STRANGER):
        client = Stranger(self.daemon.path, uid)
        self.addCleanup(client.__exit__)
        return client.open_name()

    def asked_about(self, action, device):
        """Who, each time that polkit was asked whether somebody may do this."""
        return [call['subject'] for call in self.polkit.calls()
                if call['action'] == OF_DEVICE + action and call['details'].get('node_device_name') == device]

    def list_all(self, client):
        return client.call(LIST_ALL, ALL).strings()

    def test_polkit_is_asked_about_who_calls(self):
        client = self.come()
        subject = {'pid': client.pid, 'uid': STRANGER, 'start-time': read_start_time(client.pid)}
        self.assert_refused(client, XML, string(FIRST) + u32(0), *DENIED)
        self.assertEqual(self.asked_about('read', FIRST), [subject])
        self.assertIn('<zpci ', self.root.call(XML, string(FIRST) + u32(0)).string())

    def test_what_polkit_hides_is_hidden_although_ours_has_it(self):
        client = self.come()
        self.assertIn(FIRST, self.list_all(client))
        self.assertNotIn(SECOND, self.list_all(client))
        for number, args in ((LOOKUP, b''), (XML, u32(0)), (DETACH, b'')):
            self.assert_refused(client, number, string(SECOND) + args, *DENIED)
        self.assertLessEqual({FIRST, SECOND}, set(self.list_all(self.root)))

    def test_whom_root_names_and_whom_it_does_not_fully_name(self):
        named = {'unix-user-id': STRANGER, 'process-id': os.getpid(), 'process-time': read_start_time(os.getpid())}
        self.root.call(SET_IDENTITY, identity(**named)).end()
        self.assert_refused(self.root, XML, string(FIRST) + u32(0), *DENIED)
        self.assertEqual(self.asked_about('read', FIRST)[-1]['pid'], os.getpid())
        self.root.call(SET_IDENTITY, identity(**{'sasl-user-name': 'somebody'})).end()
        self.polkit.answer('allow')
        self.assert_refused(self.root, XML, string(FIRST) + u32(0), *DENIED)


if __name__ == '__main__':
    unittest.main()
