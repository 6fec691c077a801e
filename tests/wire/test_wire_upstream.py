# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""On whose behalf the daemon behind ours is asked: a double of it sees each call that libvirt's client
makes for ours, and judges by the identity that it was told."""

import os
import threading
import unittest

from serving_daemon import (
    STRANGER, ServingDaemon, Stranger, count_lists, read_start_time, require_root, wait_for,
)
from test_wire_access import identity
from upstream_double import UpstreamDouble
from wire import (
    COUNT, GET_TYPE, LIST_ALL, LIST_NAMES, LOOKUP, LOOKUP_WWN, PARENT, PATIENCE, RemoteError, SET_IDENTITY,
    WireTest, XML, optional, packet, string, u32,
)

DETACH, RESET = 118, 120
DENIED, UNREACHABLE, INVALID = (88, 55), (9, 22), (55, 22)
OTHER = STRANGER + 1
# Of the machine that the tests run on as well, and of the double alone.
BOTH, THEIRS = 'computer', 'scsi_host9'
WORDS = '2000000012341234', '1000000012341234'
ALL = u32(1) + u32(0)

# Each way to ask for something, with a device that only the double has.
WAYS = {
    LOOKUP: string(THEIRS),
    XML: string(THEIRS) + u32(0),
    PARENT: string(THEIRS),
    LOOKUP_WWN: string(WORDS[0]) + string(WORDS[1]) + u32(0),
    LIST_ALL: ALL,
    COUNT: optional(None) + u32(0),
    LIST_NAMES: optional('scsi_host') + u32(9) + u32(0),
}
OPENING = {1, 2, 60, 66, SET_IDENTITY}


class UpstreamTest(WireTest):
    def setUp(self):
        require_root()

    def serve(self, allows=lambda *_: True, **config):
        upstream = self.enterContext(UpstreamDouble([BOTH, THEIRS], {WORDS: THEIRS}, allows))
        daemon = self.enterContext(ServingDaemon(
            auth_unix_rw='none', unix_sock_rw_perms='0777', upstream=upstream.uri, **config))
        return upstream, daemon.start(root=None)

    def come(self, daemon, uid=STRANGER):
        client = Stranger(daemon.path, uid)
        self.addCleanup(client.__exit__)
        return client.open_name()

    def come_as_root(self, daemon):
        client = daemon.connect()
        self.addCleanup(client.socket.close)
        return client.open_name()

    def list_all(self, client):
        return client.call(LIST_ALL, ALL).strings()


class Identity(UpstreamTest):
    def test_every_call_is_on_behalf_of_who_makes_it(self):
        upstream, daemon = self.serve()
        self.list_all(self.come_as_root(daemon))
        ours, = upstream.connections
        before = list(ours.calls)
        client = self.come(daemon)
        for number, args in WAYS.items():
            client.call(number, args)
        _, its = upstream.connections
        self.assertEqual({name: its.identity[name] for name in
                          ('unix-user-id', 'unix-group-id', 'process-id', 'process-time')},
                         {'unix-user-id': STRANGER, 'unix-group-id': STRANGER, 'process-id': client.pid,
                          'process-time': read_start_time(client.pid)})
        # libvirt's client asks twice for names. What only ours has may be hidden, so ours looks.
        self.assertEqual(set(its.calls) - OPENING, set(WAYS))
        self.assertLessEqual(set(ours.calls[len(before):]), {LIST_ALL})
        self.assertIsNone(ours.identity)

    def test_the_machine_gives_numbers_their_names(self):
        upstream, daemon = self.serve()
        self.list_all(self.come(daemon, uid=1))
        its, = upstream.of_user(1)
        self.assertEqual((its.identity['user-name'], its.identity['group-name']), ('daemon', 'daemon'))

    def test_a_client_has_one_connection_until_it_goes(self):
        upstream, daemon = self.serve()
        client = self.come(daemon)
        self.assertEqual(upstream.of_user(STRANGER), [])
        for _ in range(20):
            client.call(LOOKUP, string(THEIRS))
        its, = upstream.of_user(STRANGER)
        self.assertEqual(its.calls.count(SET_IDENTITY), 1)
        self.assertFalse(its.closed)
        client.__exit__()
        wait_for(lambda: its.closed, 'the end of its connection')

    def test_root_asks_over_the_one_that_is_there(self):
        upstream, daemon = self.serve()
        for _ in range(5):
            self.assertIn(THEIRS, self.list_all(self.come_as_root(daemon)))
        self.assertEqual([each.identity for each in upstream.connections], [None])

    def test_what_root_says_of_its_own_client_is_passed_on_as_it_is(self):
        """A daemon in the middle knows more than ours; and what is incomplete stays so, for the other
        daemon's access control to deny."""
        for fields in ({'unix-user-id': OTHER, 'process-id': 1, 'process-time': 7,
                        'x509-distinguished-name': 'CN=somebody'},
                       {'sasl-user-name': 'somebody@example'}, {}):
            with self.subTest(**fields):
                upstream, daemon = self.serve()
                client = self.come_as_root(daemon)
                self.list_all(client)
                client.call(SET_IDENTITY, identity(**fields)).end()
                client.call(LOOKUP, string(THEIRS))
                self.assertEqual([each.identity for each in upstream.connections], [None, fields])
                self.assertIn(LOOKUP, upstream.connections[1].calls)

    def test_nobody_but_root_names_anybody(self):
        upstream, daemon = self.serve()
        client = self.come(daemon)
        client.call(SET_IDENTITY, identity(**{'unix-user-id': 0})).end()
        client.call(LOOKUP, string(THEIRS))
        self.assertEqual(upstream.of_user(0), [])
        self.assertEqual(len(upstream.of_user(STRANGER)), 1)


class Access(UpstreamTest):
    """The double's own access control."""

    @staticmethod
    def only_others(named, number, device):
        """The stranger may know of no device that only the double has, nor of the machine itself."""
        return not (named and named['unix-user-id'] == STRANGER and device in (BOTH, THEIRS))

    def test_it_judges_who_asks(self):
        _, daemon = self.serve(self.only_others)
        stranger = self.come(daemon)
        for other in (self.come_as_root(daemon), self.come(daemon, OTHER)):
            for number, args in WAYS.items():
                other.call(number, args)
            self.assertLessEqual({BOTH, THEIRS}, set(self.list_all(other)))
            for number in (LOOKUP, XML, PARENT, LOOKUP_WWN):
                self.assert_refused(stranger, number, WAYS[number], *DENIED)

    def test_what_it_hides_ours_does_not_show(self):
        """Although ours has it by itself."""
        _, daemon = self.serve(self.only_others)
        stranger, root = self.come(daemon), self.come_as_root(daemon)
        self.assertEqual(root.call(LOOKUP, string(BOTH)).string(), BOTH)
        for number, args in ((LOOKUP, b''), (XML, u32(0)), (PARENT, b''), (DETACH, b''), (RESET, b'')):
            self.assert_refused(stranger, number, string(BOTH) + args, *DENIED)
        hidden = {BOTH, THEIRS}
        self.assertEqual(hidden & set(self.list_all(stranger)), set())
        self.assertEqual(set(self.list_all(root)) - set(self.list_all(stranger)), hidden)
        for capability in (None, 'system'):
            names = stranger.call(LIST_NAMES, optional(capability) + u32(999) + u32(0)).strings()
            self.assertEqual(hidden & set(names), set())
            self.assertIn(BOTH, root.call(LIST_NAMES, optional(capability) + u32(999) + u32(0)).strings())

    def test_clients_at_once_do_not_get_each_others_rights(self):
        _, daemon = self.serve(self.only_others)
        clients = [(uid, self.come(daemon, uid)) for uid in (STRANGER, OTHER) * 4]
        wrong = []

        def ask(uid, client):
            for _ in range(25):
                try:
                    client.call(LOOKUP, string(THEIRS))
                    denied = False
                except RemoteError as error:
                    denied = (error.code, error.domain) == DENIED
                if denied != (uid == STRANGER):
                    wrong.append(uid)

        threads = [threading.Thread(target=ask, args=each) for each in clients]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(wrong, [])


class Refusal(UpstreamTest):
    def finds(self, client):
        """Whether the other daemon is there for this client."""
        try:
            return client.call(LOOKUP, string(THEIRS)).string() == THEIRS
        except RemoteError as error:
            self.assertIn((error.code, error.domain), (UNREACHABLE, INVALID), error)
            return False

    def test_identity_that_it_does_not_take(self):
        """Nobody is let in as root in its place."""
        _, daemon = self.serve(lambda _identity, number, _device: number != SET_IDENTITY)
        client = self.come(daemon)
        for number, args in (*WAYS.items(), (LOOKUP, string(BOTH)), (DETACH, string(BOTH))):
            error = self.assert_refused(client, number, args, *DENIED)
            self.assertTrue(error.message.startswith(
                'The node device daemon behind this one does not take this call on behalf of another user: '
                'access denied: 419'), error)
        self.assertEqual(client.call(GET_TYPE).string(), 'nodedev')
        self.assertIn(THEIRS, self.list_all(self.come_as_root(daemon)))

    def test_connection_that_is_cut(self):
        upstream, daemon = self.serve()
        client = self.come(daemon)
        client.call(LOOKUP, string(THEIRS))
        its, = upstream.of_user(STRANGER)
        upstream.cut(its)
        wait_for(lambda: self.finds(client), 'an answer')
        self.assertEqual(len(upstream.of_user(STRANGER)), 2)

    def test_connection_that_is_cut_in_the_middle_of_a_call(self):
        """What the daemon was about to say is not known, so nobody says it in its place."""
        cut = threading.Event()

        def allows(named, number, _device):
            if named and number == LOOKUP and not cut.is_set():
                cut.set()
                upstream.cut(upstream.of_user(STRANGER)[-1])
            return True

        upstream, daemon = self.serve(allows)
        self.list_all(self.come_as_root(daemon))
        client = self.come(daemon)
        error = self.assert_refused(client, LOOKUP, string(BOTH), *INVALID)
        self.assertTrue(cut.is_set())
        self.assertIn('was lost', error.message)
        client.call(LOOKUP, string(BOTH))

    def test_who_waits_goes_on_when_the_daemon_is_given_up(self):
        """Whether it hangs is noticed on the connection that is always there, whoever waits."""
        asked, goes_on = threading.Event(), threading.Event()
        self.addCleanup(goes_on.set)

        def allows(named, number, _device):
            if named and number == LOOKUP:
                asked.set()
                goes_on.wait(PATIENCE)
            return True

        upstream, daemon = self.serve(allows)
        self.list_all(self.come_as_root(daemon))
        client = self.come(daemon)
        client.send(packet(LOOKUP, string(THEIRS), serial=7))
        self.assertTrue(asked.wait(PATIENCE))
        upstream.cut(upstream.connections[0])
        with self.assertRaises(RemoteError) as caught:
            client.answer(LOOKUP, 7)
        self.assertEqual((caught.exception.code, caught.exception.domain), UNREACHABLE)
        goes_on.set()
        wait_for(lambda: self.finds(client), 'an answer')

    def test_lists_that_wait_for_it_keep_no_other_from_being_made(self):
        """More of them than our daemon makes at once."""
        count = count_lists() + 1
        asked, goes_on = threading.Semaphore(0), threading.Event()
        self.addCleanup(goes_on.set)

        def allows(named, number, _device):
            if named and number == LIST_ALL:
                asked.release()
                goes_on.wait(PATIENCE)
            return True

        _, daemon = self.serve(allows, max_workers=count + 1)
        root = self.come_as_root(daemon)
        everything = self.list_all(root)
        strangers = [self.come(daemon) for _ in range(count)]
        for client in strangers:
            client.send(packet(LIST_ALL, ALL, serial=7))
        for _ in strangers:
            self.assertTrue(asked.acquire(timeout=PATIENCE))
        self.assertEqual(self.list_all(root), everything)
        goes_on.set()
        for client in strangers:
            self.assertEqual(client.answer(LIST_ALL, 7).strings(), everything)

    def test_daemon_that_takes_no_more_clients(self):
        """Any user can bring that about: the others go on, and nobody sees more by it."""
        upstream, daemon = self.serve(max_workers=2)
        root = self.come_as_root(daemon)
        self.list_all(root)
        strangers = [self.come(daemon) for _ in range(8)]
        upstream.is_full = True
        for client in strangers:
            client.send(packet(LOOKUP, string(BOTH), serial=7))
        for number, args in WAYS.items():
            root.call(number, args)
        for client in strangers:
            with self.assertRaises(RemoteError) as caught:
                client.answer(LOOKUP, 7)
            self.assertEqual((caught.exception.code, caught.exception.domain), INVALID)
            self.assertIn('takes no connection on behalf of another user now', caught.exception.message)
        self.assertLessEqual(len(upstream.waiting), 2)
        upstream.take_again()
        wait_for(lambda: all([self.finds(client) for client in strangers]), 'an answer')

    def test_daemon_to_which_nobody_else_gets(self):
        """As long as it is there, nobody but it says what somebody may see."""
        upstream, daemon = self.serve()
        root, stranger = self.come_as_root(daemon), self.come(daemon)
        self.list_all(root)
        away = upstream.path + '-away'
        os.rename(upstream.path, away)
        try:
            for number, args in ((LOOKUP, string(BOTH)), (LIST_ALL, ALL), (DETACH, string(BOTH))):
                error = self.assert_refused(stranger, number, args, *INVALID)
                self.assertIn('takes no connection on behalf of another user now', error.message)
            self.assertIn(THEIRS, self.list_all(root))
        finally:
            os.rename(away, upstream.path)
        self.assertIn(THEIRS, self.list_all(stranger))


if __name__ == '__main__':
    unittest.main()
