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
from test_wire_access import (  # noqa: E402
    DENIED, DESTROY, DETACH, SET_AUTOSTART, UNDEFINE, identity,
)
from wire import (  # noqa: E402
    COUNT, COUNT_CAPS, DEREGISTER_EVENT, GET_AUTOSTART, IS_ACTIVE, IS_PERSISTENT, LIST_ALL, LIST_CAPS,
    LIST_NAMES, LOOKUP, PARENT, REGISTER_EVENT, RemoteError, SET_IDENTITY, WireTest, XML, optional, string, u32,
)

FIRST, SECOND = 'pci_0005_00_00_0', 'pci_007a_00_00_0'
OF_DEVICE = 'org.libvirt.api.node-device.'
ALL = u32(1) + u32(0)
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


class SameRules(WireTest):
    """Ours with access_drivers = polkit asks for the actions that the stock daemon asks for."""

    NAME = string(FIRST)
    # What the stock daemon asks polkit about, and ours can answer as well, whether that is good or not.
    CALLS = {COUNT: optional(None) + u32(0), LIST_NAMES: optional(None) + u32(9) + u32(0), LIST_ALL: ALL,
             LOOKUP: NAME, XML: NAME + u32(0), PARENT: NAME, COUNT_CAPS: NAME, LIST_CAPS: NAME + u32(9),
             GET_AUTOSTART: NAME, IS_PERSISTENT: NAME, IS_ACTIVE: NAME,
             REGISTER_EVENT: u32(0) + optional(None), DEREGISTER_EVENT: u32(0), DESTROY: NAME,
             UNDEFINE: NAME + u32(0), SET_AUTOSTART: NAME + u32(0), SET_IDENTITY: u32(0) + u32(0)}

    def setUp(self):
        require_root()
        require_namespaces()
        self.polkit = self.enterContext(PolkitDouble('allow'))

    def questions(self, client, number):
        """The actions, each with its device, that polkit is asked for while this is answered."""
        before = len(self.polkit.calls())
        try:
            client.call(number, self.CALLS[number])
        except RemoteError as error:
            self.assertNotEqual((error.code, error.domain), DENIED)
        return {(call['action'], call['details'].get('node_device_name'))
                for call in self.polkit.calls()[before:]}

    def test_each_call(self):
        stock = self.enterContext(StockDaemon(host_dir('qemu-s390x'), bus=self.polkit.address))
        daemon = self.enterContext(ServingDaemon(auth_unix_rw='none', unix_sock_rw_perms='0777',
                                                 access_drivers='polkit'))
        daemon.environment['DBUS_SYSTEM_BUS_ADDRESS'] = self.polkit.address
        daemon.start()
        ours = self.enterContext(Stranger(daemon.path)).open_name()
        theirs = self.enterContext(daemon.connect(path=f'{stock.directory}/libvirt-sock')).open_name()
        for number in self.CALLS:
            with self.subTest(number=number):
                expected = self.questions(theirs, number)
                self.assertTrue(expected)
                self.assertEqual(self.questions(ours, number), expected)


if __name__ == '__main__':
    unittest.main()
