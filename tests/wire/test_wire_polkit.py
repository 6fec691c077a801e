# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Clients that have to show who they are: over a real bus, to a polkit that answers as a test wants."""

import os
import signal
import unittest

from polkit_double import PolkitDouble
from serving_daemon import (
    STRANGER, ServingDaemon, Stranger, read_start_time, require_root, wait_for,
)
from wire import (
    AUTH_LIST, COUNT, GET_TYPE, LOOKUP, OPEN, RemoteError, WireTest, optional, packet, string, u32,
)

AUTH_SASL_INIT, AUTH_POLKIT = 67, 70
NONE, POLKIT = 0, 2
SYSTEM = optional('nodedev:///system') + u32(0)
MANAGE, MONITOR = 'org.libvirt.unix.manage', 'org.libvirt.unix.monitor'


class PolkitTest(WireTest):
    def setUp(self):
        require_root()

    def serve(self, answers, settings=None, **keys):
        """settings are of ServingDaemon.start()."""
        polkit = PolkitDouble(answers)
        self.addCleanup(polkit.__exit__)
        polkit.__enter__()
        return polkit, self.serve_with(polkit.address, settings, **keys)

    def serve_with(self, address, settings=None, **keys):
        daemon = ServingDaemon(**keys)
        self.addCleanup(daemon.close)
        daemon.environment['DBUS_SYSTEM_BUS_ADDRESS'] = address
        return daemon.start(**(settings or {}))

    def come(self, daemon, *, read_only=False, uid=STRANGER):
        client = Stranger(daemon.read_only_path if read_only else daemon.path, uid)
        self.addCleanup(client.__exit__)
        return client

    def come_as_root(self, daemon):
        client = daemon.connect().open_name()
        self.addCleanup(client.socket.close)
        return client

    def methods(self, client):
        """The ways to authenticate that a client is offered."""
        reader = client.call(AUTH_LIST)
        return [reader.i32() for _ in range(reader.u32())]

    def assert_in(self, client):
        client.call(OPEN, SYSTEM).end()
        self.assertEqual(client.call(LOOKUP, string('computer')).string(), 'computer')

    def assert_out(self, client):
        self.assert_refused(client, OPEN, SYSTEM, 39, 7)
        self.assert_refused(client, LOOKUP, string('computer'), 39, 7)

    def ask(self, client):
        """Asks to be authenticated, and does not wait for the answer."""
        self.assertEqual(self.methods(client), [POLKIT])
        client.send(packet(AUTH_POLKIT, serial=70))


class Questions(PolkitTest):
    def test_allowed(self):
        for read_only, action in ((False, MANAGE), (True, MONITOR)):
            polkit, daemon = self.serve({action: 'allow', '*': 'deny'})
            client = self.come(daemon, read_only=read_only)
            self.assert_out(client)
            self.assertEqual(self.methods(client), [POLKIT])
            self.assert_out(client)
            self.assertEqual(client.call(AUTH_POLKIT).i32(), 1)
            self.assert_in(client)

            question, = polkit.calls()
            cancellation = question.pop('cancellation')
            self.assertNotEqual(cancellation, '')
            self.assertEqual(question, {
                'kind': 'unix-process', 'action': action, 'details': {}, 'flags': 1,
                'subject': {'pid': client.pid, 'start-time': read_start_time(client.pid),
                            'uid': STRANGER},
                'types': {'pid': 'u', 'start-time': 't', 'uid': 'i'},
            })

    def test_each_client_is_asked_about(self):
        polkit, daemon = self.serve('allow')
        clients = [self.come(daemon, uid=STRANGER + number) for number in range(5)]
        for client in clients:
            self.methods(client)
            client.call(AUTH_POLKIT)
        subjects = [(call['subject']['uid'], call['subject']['pid']) for call in polkit.calls()]
        self.assertEqual(subjects, [(STRANGER + number, client.pid)
                                    for number, client in enumerate(clients)])
        self.assertEqual(len({call['cancellation'] for call in polkit.calls()}), 5)

    def test_refused(self):
        polkit, daemon = self.serve('deny')
        client = self.come(daemon)
        self.methods(client)
        for answer, code, prefix in (
                ('deny', 45, 'authentication failed: access denied by policy'),
                ('challenge', 94, "authentication unavailable: no polkit agent available to authenticate action '" + MANAGE),
                ('dismiss', 79, 'authentication cancelled: user cancelled authentication process')):
            with self.subTest(answer):
                polkit.answer(answer)
                error = self.assert_refused(client, AUTH_POLKIT, b'', code, 60)
                self.assertTrue(error.message.startswith(prefix), error)
                self.assert_out(client)
        polkit.answer('allow')
        self.assertEqual(client.call(AUTH_POLKIT).i32(), 1)
        self.assert_in(client)

    def test_nobody_asks_about_root(self):
        polkit, daemon = self.serve('deny')
        for read_only in (False, True):
            client = daemon.connect(read_only=read_only)
            self.addCleanup(client.socket.close)
            self.assert_out(client)
            self.assertEqual(self.methods(client), [NONE])
            self.assert_in(client)
            self.assert_refused(client, AUTH_POLKIT, b'', 45, 7)
        self.assertEqual(polkit.calls(), [])

    def test_way_that_is_not_offered(self):
        polkit, daemon = self.serve('allow')
        client = self.come(daemon)
        self.assert_refused(client, AUTH_POLKIT, b'', 45, 7)
        self.methods(client)
        self.assert_refused(client, AUTH_SASL_INIT, b'', 45, 7)
        self.assert_out(client)
        self.assertEqual(polkit.calls(), [])

    def test_configured_away(self):
        polkit, daemon = self.serve('deny', auth_unix_rw='none', unix_sock_rw_perms='0777')
        client = self.come(daemon)
        self.assertEqual(self.methods(client), [NONE])
        self.assert_in(client)
        self.assertEqual(self.methods(self.come(daemon, read_only=True)), [POLKIT])
        self.assertEqual(polkit.calls(), [])

    def test_who_is_in_stays_in(self):
        _, daemon = self.serve('allow')
        client = self.come(daemon)
        self.methods(client)
        client.call(AUTH_POLKIT)
        self.assertEqual(self.methods(client), [NONE])
        self.assert_in(client)


class NoAnswer(PolkitTest):
    def assert_cannot_ask(self, client):
        self.assertEqual(self.methods(client), [POLKIT])
        error = self.assert_refused(client, AUTH_POLKIT, b'', 1, 47)
        self.assertIn(f'Asking polkit for {MANAGE} failed: ', error.message)
        self.assert_out(client)

    def test_no_bus(self):
        daemon = self.serve_with('unix:path=/nowhere')
        self.assert_cannot_ask(self.come(daemon))
        self.come_as_root(daemon)

    def test_no_polkit(self):
        polkit, daemon = self.serve('allow')
        polkit.polkit.terminate()
        polkit.polkit.wait()
        self.assert_cannot_ask(self.come(daemon))

    def test_bus_that_ends(self):
        """The daemon goes on, and a client that waits hears of it."""
        polkit, daemon = self.serve('wait')
        waiting = self.come(daemon)
        self.ask(waiting)
        wait_for(polkit.calls, 'the question')
        polkit.end_bus()
        with self.assertRaises(RemoteError) as caught:
            waiting.answer(AUTH_POLKIT, 70)
        self.assertEqual((caught.exception.code, caught.exception.domain), (1, 47))
        self.assert_cannot_ask(self.come(daemon))
        self.assertEqual(daemon.terminate()[0], 0)

    def test_client_whose_process_has_ended(self):
        """Its number may be another one's by now."""
        polkit, daemon = self.serve('allow')
        daemon.process.send_signal(signal.SIGSTOP)
        client = self.come(daemon)
        client.end()
        daemon.process.send_signal(signal.SIGCONT)
        self.assertEqual(self.methods(client), [POLKIT])
        error = self.assert_refused(client, AUTH_POLKIT, b'', 1, 47)
        self.assertIn('has ended, so polkit cannot be asked about it', error.message)
        self.assertEqual(polkit.calls(), [])


class Waiting(PolkitTest):
    """Somebody looks for the password."""

    MANY = 60

    def test_delays_nobody(self):
        """However many there are: each one could hold a worker."""
        polkit, daemon = self.serve({MANAGE: 'wait', MONITOR: 'allow'}, max_anonymous_clients=0)
        clients = [self.come(daemon) for _ in range(self.MANY)]
        for client in clients:
            self.ask(client)
        root = self.come_as_root(daemon)
        wait_for(polkit.calls, 'a question')
        for _ in range(20):
            self.assertEqual(root.call(LOOKUP, string('computer')).string(), 'computer')
        for client in clients:
            self.assertTrue(client.is_silent(0))
        polkit.answer('allow')
        for client in clients:
            self.assertEqual(client.answer(AUTH_POLKIT, 70).i32(), 1)
            self.assert_in(client)

    def test_calls_wait_behind_it(self):
        polkit, daemon = self.serve('wait')
        client = self.come(daemon)
        self.ask(client)
        client.send(packet(OPEN, SYSTEM, serial=71) + packet(GET_TYPE, serial=72))
        wait_for(polkit.calls, 'the question')
        self.assertTrue(client.is_silent())
        polkit.answer('allow')
        client.answer(AUTH_POLKIT, 70)
        client.answer(OPEN, 71).end()
        self.assertEqual(client.answer(GET_TYPE, 72).string(), 'nodedev')

    def test_who_goes_is_not_asked_about_any_more(self):
        """polkit is told, and no thread waits on."""
        polkit, daemon = self.serve({MANAGE: 'wait', MONITOR: 'allow'})
        self.come_as_root(daemon).call(COUNT, optional(None) + u32(0))
        for _ in range(3):
            clients = [self.come(daemon) for _ in range(15)]
            before = len(polkit.calls())
            for client in clients:
                self.ask(client)
            wait_for(lambda: len(polkit.calls()) >= before + len(clients), 'questions')
            for client in clients:
                client.__exit__()
            wait_for(lambda: len(polkit.calls()) >= before + 2 * len(clients), 'the calling off')
        calls = polkit.calls()
        asked = {call['cancellation'] for call in calls if 'cancellation' in call}
        self.assertEqual({call['cancelled'] for call in calls if 'cancelled' in call}, asked)
        wait_for(lambda: len(os.listdir(f'/proc/{daemon.process.pid}/task')) < 15, 'threads')
        client = self.come(daemon, read_only=True)
        self.methods(client)
        self.assertEqual(client.call(AUTH_POLKIT).i32(), 1)

    def test_who_does_not_find_it_in_time(self):
        polkit, daemon = self.serve('wait', auth_timeout=1)
        client = self.come(daemon)
        self.ask(client)
        self.assertTrue(client.is_closed())
        wait_for(lambda: any('cancelled' in call for call in polkit.calls()), 'the calling off')

    def test_end_does_not_wait(self):
        polkit, daemon = self.serve('wait')
        self.ask(self.come(daemon))
        wait_for(polkit.calls, 'the question')
        # polkit has not answered, and never will.
        self.assertEqual(daemon.terminate(), (0, ''))
        wait_for(lambda: any('cancelled' in call for call in polkit.calls()), 'the calling off')


if __name__ == '__main__':
    unittest.main()
