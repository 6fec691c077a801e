# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""access_drivers = polkit: each call, each device and each event is polkit's to allow."""

import os
import select
import unittest

from serving_daemon import STRANGER, count_lists, read_start_time, wait_for
from test_wire_polkit import PolkitTest
from upstream_double import UpstreamDouble
from wire import (
    COUNT, GET_TYPE, LIB_VERSION, LIST_ALL, LIST_NAMES, LOOKUP, LOOKUP_WWN, PARENT, REGISTER_EVENT,
    SET_IDENTITY, XML, optional, packet, string, u32, u64,
)

FIRST, SECOND = 'pci_0005_00_00_0', 'pci_007a_00_00_0'
DETACH, DESTROY, DEFINE, START, UNDEFINE, SET_AUTOSTART, CREATE = 118, 124, 428, 430, 429, 434, 123
DENIED = 88, 55
OF_DEVICE, OF_CONNECTION = 'org.libvirt.api.node-device.', 'org.libvirt.api.connect.'

# What each call needs, by libvirt's description of its protocol.
NEEDS = {
    GET_TYPE: ('connect.getattr', b''),
    LIB_VERSION: ('connect.getattr', b''),
    COUNT: ('connect.search-node-devices', optional(None) + u32(0)),
    LIST_NAMES: ('connect.search-node-devices', optional(None) + u32(9) + u32(0)),
    LIST_ALL: ('connect.search-node-devices', u32(1) + u32(0)),
    REGISTER_EVENT: ('connect.search-node-devices', u32(0) + optional(None)),
    LOOKUP: ('node-device.getattr', string(FIRST)),
    XML: ('node-device.read', string(FIRST) + u32(0)),
    PARENT: ('node-device.getattr', string(FIRST)),
    SET_AUTOSTART: ('node-device.write', string(FIRST) + u32(0)),
    DEFINE: ('node-device.write', string('<device/>') + u32(0)),
    START: ('node-device.start', string(FIRST) + u32(0)),
    DESTROY: ('node-device.stop', string(FIRST)),
    DETACH: ('node-device.detach', string(FIRST)),
    UNDEFINE: ('node-device.delete', string(FIRST) + u32(0)),
}


def identity(**fields):
    """What a daemon in the middle says of its own client."""
    def encode(name, value):
        if isinstance(value, str):
            return string(name) + u32(7) + string(value)
        return string(name) + u32(3 if name == 'process-id' else 4) + u64(value)
    return u32(len(fields)) + b''.join(encode(name, value) for name, value in fields.items()) + u32(0)


class AccessTest(PolkitTest):
    def serve_controlled(self, answers, **options):
        return self.serve(answers, auth_unix_rw='none', auth_unix_ro='none', unix_sock_rw_perms='0777',
                          access_drivers='polkit', **options)

    def stand_before(self, answers, upstream):
        """A daemon of this machine, with another one behind it."""
        self.enterContext(upstream)
        return self.serve_controlled(answers, settings={'root': None}, upstream=upstream.uri)

    def come_in(self, daemon, **options):
        client = self.come(daemon, **options)
        client.open_name()
        return client


class Calls(AccessTest):
    def test_each_call_needs_its_own_permission(self):
        polkit, daemon = self.serve_controlled('allow')
        client = self.come_in(daemon)
        for number, (action, args) in NEEDS.items():
            with self.subTest(number=number):
                polkit.answer({'org.libvirt.api.' + action: 'deny', '*': 'allow'})
                self.assert_refused(client, number, args, *DENIED)

    def test_making_a_device_needs_two(self):
        polkit, daemon = self.serve_controlled('allow')
        client = self.come_in(daemon)
        for action in ('write', 'start'):
            polkit.answer({OF_DEVICE + action: 'deny', '*': 'allow'})
            self.assert_refused(client, CREATE, string('<device/>') + u32(0), *DENIED)
        polkit.answer('allow')
        self.assert_refused(client, CREATE, string('<device/>') + u32(0), 3, 22)

    def test_polkit_is_told_which_device_and_who_and_asks_nobody_for_a_password(self):
        polkit, daemon = self.serve_controlled('allow')
        client = self.come_in(daemon)
        before = len(polkit.calls())
        client.call(XML, string(FIRST) + u32(0))
        question, = polkit.calls()[before:]
        self.assertEqual(question['action'], OF_DEVICE + 'read')
        self.assertEqual(question['details'], {'connect_driver': 'nodedev', 'node_device_name': FIRST})
        self.assertEqual(question['subject'], {'pid': client.pid, 'uid': STRANGER,
                                               'start-time': read_start_time(client.pid)})
        self.assertEqual(question['flags'], 0)

    def test_what_is_not_there_is_said_to_be_missing(self):
        _, daemon = self.serve_controlled('allow')
        client = self.come_in(daemon)
        self.assert_refused(client, XML, string('nowhere') + u32(0), 53, 22)

    def test_reading_only_is_looked_at_first(self):
        _, daemon = self.serve_controlled('allow')
        client = self.come_in(daemon, read_only=True)
        self.assert_refused(client, DETACH, string(FIRST), 29, 22)

    def test_without_polkit_nothing_is_allowed(self):
        polkit, daemon = self.serve_controlled('allow')
        client = self.come_in(daemon)
        polkit.end_bus()
        self.assert_refused(client, XML, string(FIRST) + u32(0), *DENIED)


class Devices(AccessTest):
    def test_lists_leave_out_what_a_client_may_not_know_of(self):
        polkit, daemon = self.serve_controlled({f'{OF_DEVICE}getattr {SECOND}': 'deny', '*': 'allow'})
        client = self.come_in(daemon)
        known = ['computer', FIRST]
        self.assertEqual(client.call(LIST_NAMES, optional(None) + u32(9) + u32(0)).strings(), known)
        self.assertEqual(client.call(COUNT, optional(None) + u32(0)).i32(), 2)
        reader = client.call(LIST_ALL, u32(1) + u32(0))
        self.assertEqual((reader.strings(), reader.u32()), (known, 2))
        self.assert_refused(client, LOOKUP, string(SECOND), *DENIED)
        polkit.answer('allow')
        self.assertEqual(client.call(LOOKUP, string(SECOND)).string(), SECOND)

    def test_polkit_that_fails_is_not_asked_about_the_rest_of_a_list(self):
        polkit, daemon = self.serve_controlled('allow')
        client = self.come_in(daemon)
        everything = client.call(LIST_ALL, u32(1) + u32(0)).strings()
        self.assertGreater(len(everything), 2)
        polkit.answer({f'{OF_DEVICE}getattr {everything[1]}': 'fail', '*': 'allow'})
        before = len(polkit.calls())
        self.assertEqual(client.call(LIST_ALL, u32(1) + u32(0)).strings(), everything[:1])
        asked = [call['details'].get('node_device_name') for call in polkit.calls()[before:]]
        self.assertEqual([name for name in asked if name is not None], everything[:2])
        # It may have recovered by the next call.
        polkit.answer('allow')
        self.assertEqual(client.call(LIST_ALL, u32(1) + u32(0)).strings(), everything)

    def test_for_who_has_gone_polkit_is_asked_no_more(self):
        """Each device of a list is a question."""
        polkit, daemon = self.serve_controlled({f'{OF_DEVICE}getattr': 'wait', '*': 'allow'}, max_workers=1)
        client = self.come_in(daemon)
        client.send(packet(LIST_ALL, u32(1) + u32(0), serial=7))
        wait_for(lambda: any(call.get('action') == f'{OF_DEVICE}getattr' for call in polkit.calls()),
                 'the first question')
        client.__exit__()
        wait_for(lambda: any('cancelled' in call for call in polkit.calls()), 'that it is called off')
        self.assertIn(FIRST, self.come_as_root(daemon).call(LIST_ALL, u32(1) + u32(0)).strings())
        self.assertEqual([call['details']['node_device_name'] for call in polkit.calls()
                          if call.get('action') == f'{OF_DEVICE}getattr'], ['computer'])

    def test_lists_that_wait_for_polkit_keep_no_other_from_being_made(self):
        """More of them than the daemon makes at once."""
        count = count_lists() + 1
        polkit, daemon = self.serve_controlled({f'{OF_DEVICE}getattr': 'wait', '*': 'allow'},
                                               max_workers=count + 1)
        clients = [self.come_in(daemon) for _ in range(count)]
        for client in clients:
            client.send(packet(LIST_ALL, u32(1) + u32(0), serial=7))
        wait_for(lambda: sum(call.get('action') == f'{OF_DEVICE}getattr'
                             for call in polkit.calls()) == count, 'a question of each')
        self.assertIn(FIRST, self.come_as_root(daemon).call(LIST_ALL, u32(1) + u32(0)).strings())
        # They all wait still: no question was given up, so that the next could be asked.
        self.assertEqual(select.select([client.socket for client in clients], [], [], 0)[0], [])


class Found(AccessTest):
    """What a client may know of is the device that was found, whatever the words it was looked for by."""

    NAME, WORDS = 'scsi_host9', ('2000000012341234', '1000000012341234')
    ARGS = string(WORDS[0]) + string(WORDS[1]) + u32(0)

    def test_by_world_wide_names(self):
        rule = {f'{OF_DEVICE}getattr {self.NAME}': 'deny', '*': 'allow'}
        polkit, daemon = self.stand_before(rule, UpstreamDouble([self.NAME], {self.WORDS: self.NAME}))
        client = self.come_in(daemon)
        self.assert_refused(client, LOOKUP_WWN, self.ARGS, *DENIED)
        self.assertEqual(polkit.calls()[-1]['details'].get('node_device_name'), self.NAME)
        polkit.answer('allow')
        self.assertEqual(client.call(LOOKUP_WWN, self.ARGS).string(), self.NAME)
        self.assert_refused(client, LOOKUP_WWN, string('1') + string('2') + u32(0), 53, 22)

    def test_a_rule_for_a_device_holds_before_the_device_has_come(self):
        """It may come between the question and the call."""
        polkit, daemon = self.serve_controlled({f'{OF_DEVICE}detach later': 'deny', '*': 'allow'})
        client = self.come_in(daemon)
        self.assert_refused(client, DETACH, string('later'), *DENIED)
        self.assertEqual(polkit.calls()[-1]['details'].get('node_device_name'), 'later')

    def test_a_document_is_no_name(self):
        polkit, daemon = self.serve_controlled('allow')
        client = self.come_in(daemon)
        for number in (CREATE, DEFINE):
            self.assert_refused(client, number, string('<device/>') + u32(0), 3, 22)
            self.assertEqual(polkit.calls()[-1]['details'], {'connect_driver': 'nodedev'})


class Identity(AccessTest):
    """Root, as virtqemud is, says on whose behalf it calls."""

    ME = {'unix-user-id': STRANGER, 'process-id': os.getpid(), 'process-time': read_start_time(os.getpid())}

    def test_root_itself_may_do_everything(self):
        polkit, daemon = self.serve_controlled('deny')
        client = self.come_as_root(daemon)
        self.assertEqual(client.call(LOOKUP, string(FIRST)).string(), FIRST)
        self.assertEqual(polkit.calls(), [])

    def test_the_one_whom_root_names_is_asked_about(self):
        polkit, daemon = self.serve_controlled('deny')
        client = self.come_as_root(daemon)
        client.call(SET_IDENTITY, identity(**self.ME)).end()
        self.assert_refused(client, LOOKUP, string(FIRST), *DENIED)
        question = polkit.calls()[-1]
        self.assertEqual(question['subject'], {'pid': os.getpid(), 'uid': STRANGER,
                                               'start-time': self.ME['process-time']})

    def test_who_is_not_fully_named_may_do_nothing(self):
        """Least of all what root may: polkit can be asked about a process only."""
        polkit, daemon = self.serve_controlled('allow')
        user, pid, begin = self.ME
        texts = {'sasl-user-name': 'somebody'}, {'x509-distinguished-name': 'CN=somebody'}, {'user-name': 'root'}
        numbers = (user,), (pid,), (begin,), (user, pid), (user, begin), (pid, begin)
        wrong = (pid, 0), (pid, 1 << 32 | 1), (pid, -1), (begin, 0), (user, 1 << 32), (user, 0xffffffff)
        for fields in ({}, *texts, *({name: self.ME[name] for name in names} for names in numbers),
                       *({**self.ME, name: value} for name, value in wrong)):
            with self.subTest(**fields):
                client = self.come_as_root(daemon)
                client.call(SET_IDENTITY, identity(**fields)).end()
                for number, args in ((LOOKUP, string(FIRST)), (XML, string(FIRST) + u32(0)),
                                     (DETACH, string(FIRST)), (GET_TYPE, b''),
                                     (SET_IDENTITY, identity(**self.ME))):
                    self.assert_refused(client, number, args, *DENIED)
        self.assertEqual(polkit.calls(), [])

    def test_another_user_cannot_name_anybody(self):
        polkit, daemon = self.serve_controlled({OF_DEVICE + 'getattr': 'deny', '*': 'allow'})
        client = self.come_in(daemon)
        client.call(SET_IDENTITY, identity(**{**self.ME, 'unix-user-id': 0})).end()
        self.assert_refused(client, LOOKUP, string(FIRST), *DENIED)
        self.assertEqual(polkit.calls()[-1]['subject']['uid'], STRANGER)


del PolkitTest


if __name__ == '__main__':
    unittest.main()
