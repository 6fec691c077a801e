# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""What one client can take from the others, and from the machine: each limit of virtzpcid.conf(5)."""

import os
import select
import signal
import socket
import tempfile
import time
import unittest
from pathlib import Path

from polkit_double import PolkitDouble
from serving_daemon import SPARE_DESCRIPTORS, ServingDaemon, Stranger, require_root, wait_for
from udev_double import UdevDouble, enter_network_namespace, first_interface
from wire import (
    AUTH_LIST, CALL, ERROR, FEATURE, GET_TYPE, KEEPALIVE, LIST_ALL, LOOKUP, NOT_IN_VALGRIND, OK, OPEN, PING,
    PONG_PACKET, REGISTER_EVENT, WireTest, XML, optional, packet, string, u32,
)

AUTH_POLKIT = 70
FEATURE_KEEPALIVE = 10
EVENT_UPDATED = 1
MOST_REGISTRATIONS = 256
LEAST_OUTGOING_BYTES = 33554436
SMALL_PACKET = 16384


class LimitTest(WireTest):
    def serve(self, *options, files=None, root='', environment=None, **keys):
        daemon = ServingDaemon(auth_unix_rw=keys.pop('auth_unix_rw', 'none'), **keys)
        self.addCleanup(daemon.close)
        daemon.environment.update(environment or {})
        return daemon.start(*options, files=files, **({} if root == '' else {'root': root}))

    def come(self, daemon):
        client = daemon.connect()
        self.addCleanup(client.socket.close)
        return client

    def ask(self, daemon):
        """One who comes and asks, and may have to wait for the answer."""
        client = self.come(daemon)
        client.send(packet(AUTH_LIST))
        return client


class Clients(LimitTest):
    """At the socket for reading, where root is like everybody."""

    def come(self, daemon):
        client = daemon.connect(read_only=True)
        self.addCleanup(client.socket.close)
        return client

    def test_max_clients(self):
        daemon = self.serve(max_clients=3)
        served = [self.come(daemon).open_name() for _ in range(3)]
        waiting = [self.ask(daemon) for _ in range(2)]
        for client in waiting:
            self.assertTrue(client.is_silent())
        served[0].socket.close()
        waiting[0].answer(AUTH_LIST, 0)
        self.assertTrue(waiting[1].is_silent())
        served[1].call(GET_TYPE)
        served[1].socket.close()
        waiting[1].answer(AUTH_LIST, 0)

    def test_max_anonymous_clients(self):
        for limit, keys in ((2, {'max_anonymous_clients': 2}), (20, {})):
            with self.subTest(limit):
                daemon = self.serve(**keys)
                silent = [self.come(daemon) for _ in range(limit)]
                waiting = [self.ask(daemon) for _ in range(2)]
                self.assertTrue(waiting[0].is_silent())
                # One shows who it is, and that makes room for all who do so at once.
                silent[0].call(AUTH_LIST)
                for client in waiting:
                    client.answer(AUTH_LIST, 0)
                self.come(daemon)
                waiting = self.ask(daemon)
                self.assertTrue(waiting.is_silent())
                # One goes.
                silent[1].socket.close()
                waiting.answer(AUTH_LIST, 0)

    def test_any_number_of_anonymous_clients(self):
        daemon = self.serve(max_anonymous_clients=0)
        for _ in range(100):
            self.come(daemon)
        self.come(daemon).open_name()

    def test_max_queued_clients(self):
        """The kernel lets one more wait than it is told."""
        for limit in (1, 7):
            daemon = self.serve(max_clients=1, max_queued_clients=limit)
            self.come(daemon).open_name()
            self.assertEqual(self.count_connections(daemon, 50), limit + 1)
        daemon = self.serve(max_clients=1)
        self.come(daemon).open_name()
        self.assertEqual(self.count_connections(daemon, 500), 500)

    def count_connections(self, daemon, most):
        for number in range(most):
            waiting = socket.socket(socket.AF_UNIX)
            self.addCleanup(waiting.close)
            waiting.setblocking(False)
            try:
                waiting.connect(daemon.read_only_path)
            except BlockingIOError:
                return number
        return most


class Guests(LimitTest):
    """At the socket for everything, where root has places of its own, and at both."""

    RESERVE = 5

    def setUp(self):
        require_root()

    def serve_all(self, **keys):
        return self.serve(unix_sock_rw_perms='0777', auth_unix_ro='none', **keys)

    def stranger(self, daemon, *, asks=True):
        client = Stranger(daemon.path)
        self.addCleanup(client.__exit__)
        if asks:
            client.send(packet(AUTH_LIST))
        return client

    def test_who_reads_keeps_nobody_from_writing(self):
        daemon = self.serve_all(max_clients=20)
        for _ in range(30):
            self.addCleanup(daemon.connect(read_only=True).socket.close)
        self.stranger(daemon).answer(AUTH_LIST, 0)
        self.come(daemon).open_name()

    def test_root_always_gets_in(self):
        daemon = self.serve_all(max_anonymous_clients=2, max_queued_clients=2)
        served = [self.stranger(daemon, asks=False) for _ in range(2)]
        waiting = [self.stranger(daemon) for _ in range(2)]
        for _ in range(20):
            self.assertTrue(self.stranger(daemon, asks=False).is_closed())
        silent = [self.come(daemon) for _ in range(self.RESERVE - 1)]
        root = self.ask(daemon)
        root.answer(AUTH_LIST, 0)
        silent.append(self.come(daemon))
        self.assertTrue(self.come(daemon).is_closed())
        silent[0].socket.close()
        wait_for(lambda: self.is_served(daemon), 'a place for root')
        for client in waiting:
            self.assertTrue(client.is_silent())
        for client in silent[1:] + served:
            client.socket.close()
        for client in waiting:
            client.answer(AUTH_LIST, 0)
        root.call(OPEN, optional('nodedev:///system') + u32(0)).end()

    def is_served(self, daemon):
        """Whether another one of root is, and not turned away."""
        client = self.come(daemon)
        try:
            client.call(AUTH_LIST)
        except (BrokenPipeError, ConnectionResetError, EOFError):
            return False
        client.socket.close()
        return True

    def test_root_comes_before_max_clients(self):
        daemon = self.serve_all(max_clients=1, max_queued_clients=1)
        self.stranger(daemon).answer(AUTH_LIST, 0)
        waiting = self.stranger(daemon)
        for _ in range(self.RESERVE):
            self.come(daemon).open_name()
        self.assertTrue(waiting.is_silent())

    def test_who_does_not_show_who_it_is_has_to_go(self):
        daemon = self.serve_all(auth_timeout=1, max_anonymous_clients=1)
        known = self.stranger(daemon)
        known.answer(AUTH_LIST, 0)
        silent = self.stranger(daemon, asks=False)
        waiting = self.stranger(daemon)
        waiting.answer(AUTH_LIST, 0)
        self.assertTrue(silent.is_closed())
        # This one came before it, and stays.
        known.call(OPEN, optional('nodedev:///system') + u32(0)).end()

    def test_no_deadline(self):
        daemon = self.serve_all(auth_timeout=0, max_anonymous_clients=1)
        silent = self.stranger(daemon, asks=False)
        self.assertTrue(self.stranger(daemon).is_silent(3))
        silent.call(AUTH_LIST)

    def test_small_packets_until_it_is_known_who_it_is(self):
        daemon = self.serve_all()
        for surplus, taken in ((0, True), (4, False)):
            client = self.stranger(daemon, asks=False)
            client.send(u32(SMALL_PACKET + surplus))
            self.assertEqual(client.is_silent(), taken)
            if taken:
                rest = packet(AUTH_LIST)[4:]
                client.send(rest + bytes(SMALL_PACKET - 4 - len(rest)))
                client.answer(AUTH_LIST, 0)
                client.call(OPEN, optional('nodedev:///system') + u32(0)).end()
                client.call(LOOKUP, string('computer') + bytes(1 << 20))
            else:
                self.assertTrue(client.is_closed())


class Deafness(LimitTest):
    """Of a client that asks, and does not listen."""

    FUNCTIONS = 20000  # A list of them is larger than what may wait.
    CALLS = 20

    def make_host(self, directory):
        """Functions without anything but their names."""
        (directory / 'capture.ini').write_text('[capture]\nformat=1\nbyte-order=big\norigin=hand-made\n')
        devices = directory / 'sys/bus/pci/devices'
        devices.mkdir(parents=True)
        for index in range(self.FUNCTIONS):
            address = f'{index + 1:04x}:00:00.0'
            (devices / address).symlink_to(f'../../../devices/pci{index + 1:04x}:00/{address}')

    def test_nothing_is_done_for_it(self):
        """All the others have had their turns since, so it would have had its."""
        with tempfile.TemporaryDirectory(prefix='zpci-deaf-') as directory:
            self.make_host(Path(directory))
            daemon = self.serve(root=directory, max_client_requests=self.CALLS, log_level='debug')
            deaf, other = self.come(daemon).open_name(), self.come(daemon).open_name()
            deaf.send(packet(LIST_ALL, u32(1) + u32(0)) * self.CALLS)
            for _ in range(2 * self.CALLS):
                self.assertEqual(other.call(LIST_ALL, u32(1) + u32(0)).u32(), self.FUNCTIONS + 1)
            done = daemon.complaints().count('virConnectListAllNodeDevices: done') - 2 * self.CALLS
            self.assertLess(done, self.CALLS / 4)
            for _ in range(self.CALLS):
                deaf.answer(LIST_ALL, 0)


class Descriptors(LimitTest):
    @NOT_IN_VALGRIND
    def test_a_thousand_clients(self):
        """More than the usual soft limit lets a program have."""
        daemon = self.serve(files=(64, 4096))
        before = daemon.descriptors()
        clients = [self.come(daemon).open_name() for _ in range(1000)]
        for client in clients:
            client.call(LOOKUP, string('computer'))
        self.assertAlmostEqual(daemon.descriptors() - before, 1000, delta=SPARE_DESCRIPTORS)
        for client in clients:
            client.socket.close()
        wait_for(lambda: daemon.descriptors() <= before + SPARE_DESCRIPTORS,
                 'descriptors of clients that have gone')
        self.come(daemon).open_name()

    @NOT_IN_VALGRIND
    def test_none_left(self):
        """Whoever cannot be taken waits, and the daemon does not turn round and round meanwhile."""
        begin = time.monotonic()
        daemon = self.serve(files=(48, 48))
        clients = [self.ask(daemon) for _ in range(100)]
        wait_for(lambda: 'Accepting a client failed: ' in daemon.complaints(), 'complaint')
        before = daemon.cpu_seconds()
        time.sleep(2)
        self.assertLess(daemon.cpu_seconds() - before, 1)
        for client in clients:
            client.answer(AUTH_LIST, 0)
            client.socket.close()
        # Once a second, however many seconds all this took.
        complaints = daemon.complaints().count('Accepting a client failed: ')
        self.assertLessEqual(complaints, 1 + time.monotonic() - begin)

    def test_clients_that_are_killed(self):
        daemon = self.serve()
        self.come(daemon).open_name().call(XML, string('pci_0005_00_00_0') + u32(0))
        before = daemon.descriptors()
        for _ in range(5):
            victims = [self.fork_client(daemon) for _ in range(10)]
            time.sleep(0.1)
            for victim in victims:
                os.kill(victim, signal.SIGKILL)
            for victim in victims:
                os.waitpid(victim, 0)
        wait_for(lambda: daemon.descriptors() <= before + SPARE_DESCRIPTORS,
                 'descriptors of clients that were killed')
        self.assertEqual(daemon.terminate(), (0, ''))

    @staticmethod
    def fork_client(daemon):
        """One that calls and calls, and reads little of the answers."""
        pid = os.fork()
        if pid == 0:
            try:
                client = daemon.connect().open_name()
                while True:
                    client.send(packet(XML, string('pci_0005_00_00_0') + u32(0)) * 10)
                    client.receive()
            finally:
                os._exit(1)
        return pid


class Requests(LimitTest):
    SIZE = 16000  # the client has not shown who it is

    def setUp(self):
        require_root()
        self.polkit = PolkitDouble('wait')
        self.addCleanup(self.polkit.__exit__)
        self.polkit.__enter__()

    def count_taken(self, limit):
        """How many long calls a daemon takes from a client one of whose calls takes its time."""
        daemon = self.serve(max_client_requests=limit, auth_unix_rw='polkit',
                            environment={'DBUS_SYSTEM_BUS_ADDRESS': self.polkit.address})
        client = Stranger(daemon.path)
        self.addCleanup(client.__exit__)
        client.call(AUTH_LIST)
        client.send(packet(AUTH_POLKIT))
        call = packet(GET_TYPE, bytes(self.SIZE))
        data = call * 200
        client.socket.setblocking(False)
        sent = 0
        while sent < len(data) and select.select([], [client.socket], [], 2)[1]:
            sent += client.socket.send(data[sent:sent + 65536])
        return sent // len(call)

    def test_max_client_requests(self):
        """What is not read stays in the socket, which holds a few calls itself."""
        few, many = self.count_taken(1), self.count_taken(50)
        self.assertLess(few, 40)
        self.assertLess(many, 40 + 50)
        self.assertGreaterEqual(many, few + 45)


class Bytes(LimitTest):
    def test_max_message_bytes(self):
        daemon = self.serve(max_message_bytes=65536)
        for surplus, taken in ((0, True), (4, False)):
            client = self.come(daemon).open_name()
            call = packet(LOOKUP, string('computer'), kind=CALL)
            client.send(u32(65536 + surplus) + call[4:] + bytes(65536 + surplus - len(call)))
            if taken:
                self.assertEqual(client.answer(LOOKUP, 0).string(), 'computer')
            else:
                self.assertTrue(client.is_closed())
        self.come(daemon).open_name()


class Silence(LimitTest):
    """Of a client that listens to events, and does not."""

    @classmethod
    def setUpClass(cls):
        require_root()
        enter_network_namespace()

    def setUp(self):
        self.udev = UdevDouble()
        self.addCleanup(self.udev.close)
        self.interface = first_interface()

    def register(self, client, count=1):
        call = packet(REGISTER_EVENT, u32(EVENT_UPDATED) + optional(None))
        for _ in range(count):
            client.send(call)
            client.answer(REGISTER_EVENT, 0)

    def test_registration_that_is_refused_watches_nothing(self):
        daemon = self.serve(root=None)
        client = self.come(daemon).open_name()
        before = daemon.descriptors()
        self.assert_refused(client, REGISTER_EVENT, u32(EVENT_UPDATED) + optional('x' * 65536), 39, 7)
        client.send(packet(REGISTER_EVENT, u32(EVENT_UPDATED) + optional(None), version=2))
        self.assertEqual(client.receive().status, ERROR)
        self.assertEqual(daemon.descriptors(), before)
        self.register(client)
        self.assertGreater(daemon.descriptors(), before)

    def tell(self, listener):
        """One event, which has reached the daemon when this listener has got it."""
        self.udev.tell('change', 'net', self.interface)
        event = listener.receive()
        self.assertEqual(event.procedure, 377)
        return len(event.payload) + 28

    def count_until_cut(self, **keys):
        """How many bytes a client leaves unread before it is cut off, and by how many KiB the daemon
        grows meanwhile and when it is over."""
        daemon = self.serve(root=None, **keys)
        listener, deaf = self.come(daemon).open_name(), self.come(daemon).open_name()
        self.register(listener)
        self.register(deaf, MOST_REGISTRATIONS)
        unread, grown = 0, 0
        before = daemon.resident_kib()
        descriptors = daemon.descriptors()
        while daemon.descriptors() == descriptors and unread < 1 << 28:
            unread += self.tell(listener) * MOST_REGISTRATIONS
            grown = max(grown, daemon.resident_kib() - before)
            listener.call(GET_TYPE)
        for _ in range(50):
            self.tell(listener)
        return unread, grown, daemon.resident_kib() - before

    @NOT_IN_VALGRIND
    def test_max_client_outgoing_bytes(self):
        event = 1 << 15  # bytes of one event for all registrations, at most
        kernel = 1 << 20  # what the socket holds itself, at most
        for limit, keys in ((LEAST_OUTGOING_BYTES, {'max_client_outgoing_bytes': LEAST_OUTGOING_BYTES}),
                            (64 << 20, {})):
            with self.subTest(limit):
                unread, grown, left = self.count_until_cut(**keys)
                self.assertGreater(unread, limit - event)
                self.assertLess(unread, limit + event + kernel)
                # A buffer that has to grow is doubled, and moved.
                self.assertLess(grown * 1024, 4 * limit)
                self.assertLess(left * 1024, limit / 4)

    @NOT_IN_VALGRIND
    def test_who_reads_costs_nothing(self):
        daemon = self.serve(root=None)
        listener = self.come(daemon).open_name()
        self.register(listener)
        for _ in range(200):
            self.tell(listener)
        before = daemon.resident_kib()
        for _ in range(2000):
            self.tell(listener)
        self.assertLess(daemon.resident_kib() - before, 8192)


class Keepalive(LimitTest):
    def known(self, **keys):
        """A client that has said that it knows keepalive."""
        client = self.come(self.serve(**keys)).open_name()
        self.assertEqual(client.call(FEATURE, u32(FEATURE_KEEPALIVE)).i32(), 1)
        return client

    def assert_ping(self, client):
        ping = client.receive()
        self.assertEqual((ping.program, ping.procedure), (KEEPALIVE, PING))

    def test_who_does_not_answer_is_given_up(self):
        for count in (0, 1, 3):
            with self.subTest(count):
                before = time.monotonic()
                client = self.known(keepalive_interval=1, keepalive_count=count)
                for _ in range(count):
                    self.assert_ping(client)
                self.assertTrue(client.is_closed())
                # Never earlier; how much later is up to the machine.
                self.assertGreaterEqual(time.monotonic() - before, count + 1)

    def test_who_answers_stays(self):
        """More pings than would be its end; it has six seconds to answer each."""
        client = self.known(keepalive_interval=1, keepalive_count=5)
        for _ in range(7):
            self.assert_ping(client)
            client.send(PONG_PACKET)
        client.send(packet(GET_TYPE, serial=77))
        while (answer := client.receive()).program == KEEPALIVE:
            client.send(PONG_PACKET)
        self.assertEqual((answer.procedure, answer.serial, answer.status), (GET_TYPE, 77, OK))

    def test_who_does_not_know_it_is_not_asked(self):
        client = self.come(self.serve(keepalive_interval=1, keepalive_count=1)).open_name()
        self.assertTrue(client.is_silent(3))
        client.call(GET_TYPE)

    def test_switched_off(self):
        client = self.known(keepalive_interval=0, keepalive_count=1)
        self.assertTrue(client.is_silent(3))
        client.call(GET_TYPE)

    def test_default(self):
        before = time.monotonic()
        client = self.known()
        self.assert_ping(client)
        self.assertGreaterEqual(time.monotonic() - before, 5)


if __name__ == '__main__':
    unittest.main()
