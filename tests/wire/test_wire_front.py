#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""In front of libvirtd: what passes, what is told to libvirtd, and how it ends."""

import array
import os
import socket
import unittest

from libvirtd_double import GET_HOSTNAME, QEMU_URI, LibvirtdDouble, ServingFront
from polkit_double import PolkitDouble
from serving_daemon import SOMEBODY, Stranger, read_start_time, require_root, wait_for
from wire import (
    AUTH_LIST, CALL, CALL_WITH_FDS, CLOSE, CONTINUE, ERROR, FEATURE, GET_URI, KEEPALIVE, LOOKUP, MESSAGE,
    NOISE, NOT_IN_VALGRIND, OPEN, PING_PACKET, PONG, REMOTE, REPLY, REPLY_WITH_FDS, SET_IDENTITY, STREAM, STREAM_HOLE,
    RemoteError, WireTest, count_descriptors, optional, packet, string, u32,
)

QEMU, LXC = 0x20008087, 0x00068000
AUTH_POLKIT = 70
DOMAIN_CALL = 16
SYSTEM = optional(QEMU_URI) + u32(0)
SYSTEM_ERROR, FROM_RPC = 38, 7
MIB = 1 << 20


def spare(fds):
    """The bytes that carry descriptors behind a packet."""
    return b''.join([bytes(1)] * len(fds))


class FrontTest(WireTest):
    def setUp(self):
        self.libvirtd = self.enterContext(LibvirtdDouble())

    def serve(self, **settings):
        front = self.enterContext(ServingFront(self.libvirtd, **settings))
        return front.start()

    def keep(self, pair):
        for peer in pair:
            self.addCleanup(peer.socket.close)
        return pair

    def at_rest(self, front):
        """How many descriptors it has without any client; the host it shows is opened once."""
        client, behind = front.opened()
        client.socket.close()
        self.assert_ends(behind)
        behind.socket.close()
        return front.descriptors()

    def assert_ends(self, *peers):
        for peer in peers:
            self.assertTrue(peer.is_closed())

    def assert_passes(self, sender, receiver, data):
        sender.send(data)
        self.assertEqual(receiver.receive_bytes(len(data)), data)


class Passing(FrontTest):
    FRAMES = [
        packet(DOMAIN_CALL, b'domain  ', serial=7),
        packet(1, b'monitor ', program=QEMU, serial=8),
        packet(1, program=LXC, serial=9),
        packet(1, b'admin   ', program=0x06900690),
        packet(LOOKUP, string('scsi_host0'), serial=10),
        packet(LOOKUP, string('pci_0005_00_00_0'), serial=11),
        packet(LOOKUP, b'\xff\xff', serial=12),
        packet(209, b'x' * 5000, kind=STREAM, serial=13, status=CONTINUE),
        packet(209, u32(0) * 3, kind=STREAM_HOLE, serial=13, status=CONTINUE),
        packet(209, kind=STREAM, serial=13),
        packet(107, b'event   ', kind=MESSAGE),
        packet(3, b'nobody asked', kind=REPLY, serial=99),
        packet(3, b'whatever', kind=77, status=5),
        PING_PACKET,
    ]

    def test_frames_of_all_kinds_byte_for_byte_both_ways(self):
        client, behind = self.keep(self.serve().opened())
        for frame in self.FRAMES:
            self.assert_passes(client, behind, frame)
            self.assert_passes(behind, client, frame)
        everything = b''.join(self.FRAMES)
        self.assert_passes(client, behind, everything)
        self.assert_passes(behind, client, everything)

    def test_a_frame_in_pieces(self):
        client, behind = self.keep(self.serve().opened())
        frame = packet(DOMAIN_CALL, b'in pieces' * 3, serial=3)
        for byte in frame:
            client.send(bytes([byte]))
        self.assertEqual(behind.receive_bytes(len(frame)), frame)

    def test_a_long_stream_is_not_kept(self):
        front = self.serve()
        client, behind = self.keep(front.opened())
        frame = packet(209, (NOISE * 4)[:262120], kind=STREAM, serial=13, status=CONTINUE)
        before = front.resident_kib()
        for _ in range(100):
            behind.send(frame)
            self.assertEqual(client.receive_bytes(len(frame)), frame)
        self.assertLess(front.resident_kib() - before, 8 * 1024)

    def test_who_does_not_read_is_not_read_for(self):
        front = self.serve()
        client, behind = self.keep(front.opened())
        before = front.resident_kib()
        behind.socket.setblocking(False)
        sent = 0
        frame = packet(209, bytes(MIB), kind=STREAM, serial=13, status=CONTINUE)
        try:
            while sent < 100 * MIB:
                sent += behind.socket.send(frame[sent % len(frame):])
        except BlockingIOError:
            pass
        self.assertLess(sent, 16 * MIB)
        self.assertLess(front.resident_kib() - before, 16 * 1024)
        # Others go on meanwhile, and so does this one when it reads.
        other, other_behind = self.keep(front.opened())
        self.assert_passes(other, other_behind, PING_PACKET)
        self.assertEqual(len(client.receive_bytes(sent)), sent)

    @NOT_IN_VALGRIND
    def test_an_idle_connection_costs_little(self):
        front = self.serve()
        self.keep(front.opened())
        before = front.resident_kib()
        for _ in range(50):
            self.keep(front.opened())
        self.assertLess((front.resident_kib() - before) / 50, 48)

    def test_descriptors_pass_with_their_frames(self):
        client, behind = self.keep(self.serve().opened())
        for sender, receiver, kind in ((client, behind, CALL_WITH_FDS), (behind, client, REPLY_WITH_FDS)):
            with self.subTest(kind=kind):
                ends = [os.pipe(), os.pipe()]
                frame = packet(349, u32(2) + b'payload ', kind=kind, serial=5)
                sender.send(frame)
                for _, write in ends:
                    sender.send_with_fds(b'\0', [write])
                sender.send(PING_PACKET)
                self.assertEqual(receiver.receive_bytes(len(frame)), frame)
                for read, write in ends:
                    data, fds, _, _ = socket.recv_fds(receiver.socket, 1, 4)
                    self.assertEqual((data, len(fds)), (b'\0', 1))
                    os.close(write)
                    os.write(fds[0], b'through')
                    self.assertEqual(os.read(read, 16), b'through')
                    os.close(fds[0])
                    # Nobody in the middle has it any more.
                    self.assertEqual(os.read(read, 16), b'')
                    os.close(read)
                self.assertEqual(receiver.receive_bytes(len(PING_PACKET)), PING_PACKET)

    def test_descriptors_that_belong_to_nothing_are_closed(self):
        client, behind = self.keep(self.serve().opened())
        read, write = os.pipe()
        client.send_with_fds(PING_PACKET, [write])
        os.close(write)
        self.assertEqual(behind.receive_bytes(len(PING_PACKET)), PING_PACKET)
        self.assertEqual(os.read(read, 1), b'')
        os.close(read)

    def test_too_many_descriptors(self):
        front = self.serve()
        before = self.at_rest(front)
        for payload, fds in ((u32(33), 0), (u32(1), 33), (u32(0xffffffff), 0)):
            with self.subTest(payload=payload, fds=fds):
                client, behind = self.keep(front.opened())
                null = os.open('/dev/null', os.O_RDONLY)
                client.send(packet(349, payload, kind=CALL_WITH_FDS))
                try:
                    client.send_with_fds(b'\0', [null] * fds)
                except OSError:
                    pass
                os.close(null)
                self.assert_ends(client)
                wait_for(lambda: front.descriptors() <= before, 'a descriptor leaks')
        client, behind = self.keep(front.opened())
        client.send(packet(349, u32(1), kind=CALL_WITH_FDS) + b'\0' + PING_PACKET)
        self.assert_ends(client)


class Opening(FrontTest):
    def test_libvirtd_is_told_who_it_is_before_anything_else(self):
        require_root()
        front = self.serve(unix_sock_rw_perms='0777')
        client = Stranger(front.path, SOMEBODY)
        self.addCleanup(client.__exit__)
        started = read_start_time(client.pid)
        client, behind = front.pair(client)
        self.addCleanup(behind.socket.close)
        after = packet(DOMAIN_CALL, b'at once ', serial=2)
        client.send(packet(OPEN, SYSTEM, serial=1) + after)
        opened, identity = behind.open()
        self.assertEqual(opened.payload, SYSTEM)
        self.assertEqual(identity, {'user-name': 'daemon', 'unix-user-id': SOMEBODY, 'group-name': 'daemon',
                                    'unix-group-id': SOMEBODY, 'process-id': client.pid, 'process-time': started})
        self.assertEqual(behind.receive_bytes(len(after)), after)
        client.answer(OPEN, 1).end()

    def test_root_is_named_too(self):
        require_root()
        client, behind = self.keep(self.serve().pair())
        client.send(packet(OPEN, SYSTEM))
        _, identity = behind.open()
        self.assertEqual({name: identity[name] for name in ('user-name', 'unix-user-id', 'process-id')},
                         {'user-name': 'root', 'unix-user-id': 0, 'process-id': os.getpid()})

    def test_what_came_before_is_answered_first(self):
        client, behind = self.keep(self.serve().pair())
        client.send(packet(FEATURE, u32(10), serial=1) + packet(OPEN, SYSTEM, serial=2))
        asked = behind.expect(FEATURE)
        self.assertTrue(behind.is_silent())
        behind.reply(asked, u32(1))
        behind.open()
        self.assertEqual(client.answer(FEATURE, 1).u32(), 1)
        client.answer(OPEN, 2).end()

    def test_nobody_opens_with_descriptors(self):
        front = self.serve()
        client, behind = self.keep(front.pair())
        client.send(packet(OPEN, u32(0) + SYSTEM, kind=CALL_WITH_FDS))
        self.assert_ends(client, behind)

    def test_an_error_of_opening_is_passed_on_and_another_try_is_good(self):
        client, behind = self.keep(self.serve().pair())
        client.send(packet(OPEN, optional('foo:///'), serial=1))
        behind.refuse(behind.expect(OPEN), 5, 0, 'no connection driver available for foo:///')
        with self.assertRaisesRegex(RemoteError, '5/0: no connection driver available for foo:///'):
            client.answer(OPEN, 1)
        client.send(packet(OPEN, SYSTEM, serial=2))
        behind.open()
        client.answer(OPEN, 2).end()

    def test_a_client_that_libvirtd_does_not_take_as_itself_gets_nowhere(self):
        front = self.serve(settings='auth_unix_rw = "none"\naccess_drivers = [ "polkit" ]\n')
        for refused in (SET_IDENTITY, GET_HOSTNAME):
            with self.subTest(refused=refused):
                client, behind = self.keep(front.pair())
                client.send(packet(OPEN, SYSTEM, serial=4) + packet(DOMAIN_CALL, b'too early'))
                behind.reply(behind.expect(OPEN))
                if refused == GET_HOSTNAME:
                    behind.reply(behind.expect(SET_IDENTITY))
                behind.refuse(behind.expect(refused), 88, 55, 'access denied')
                with self.assertRaisesRegex(RemoteError, '88/55: access denied'):
                    client.answer(OPEN, 4)
                self.assert_ends(client, behind)

    def test_a_driver_that_does_not_know_what_it_is_asked(self):
        front = self.serve(settings='auth_unix_rw = "none"\naccess_drivers = [ "polkit" ]\n')
        client, behind = self.keep(front.pair())
        client.send(packet(OPEN, optional('secret:///system') + u32(0), serial=4))
        behind.reply(behind.expect(OPEN))
        behind.reply(behind.expect(SET_IDENTITY))
        behind.refuse(behind.expect(GET_HOSTNAME), 3, 20, 'this function is not supported')
        client.answer(OPEN, 4).end()

    def test_reading_goes_to_the_socket_for_reading(self):
        require_root()
        front = self.serve()
        client, behind = self.keep(front.opened(read_only=True))
        self.assert_passes(client, behind, packet(DOMAIN_CALL, b'reading '))
        self.assertTrue(self.libvirtd.nobody_came())

    def test_closing(self):
        client, behind = self.keep(self.serve().opened())
        client.send(packet(CLOSE, serial=2))
        behind.reply(behind.expect(CLOSE))
        behind.socket.close()
        client.answer(CLOSE, 2).end()
        self.assert_ends(client)


class Door(FrontTest):
    """Who has not authenticated does not get to libvirtd."""

    def test_a_ping_is_answered(self):
        client = self.serve().connect()
        self.addCleanup(client.socket.close)
        client.send(PING_PACKET)
        pong = client.receive()
        self.assertEqual((pong.program, pong.procedure, pong.kind), (KEEPALIVE, PONG, MESSAGE))

    def test_calls_are_refused(self):
        client = self.serve().connect()
        self.addCleanup(client.socket.close)
        for program, procedure, said in ((REMOTE, DOMAIN_CALL, 'authentication required'),
                                         (REMOTE, OPEN, 'authentication required'),
                                         (QEMU, 1, 'authentication required'), (LXC, 1, 'authentication required'),
                                         (0x06900690, 1, 'Cannot find program')):
            client.send(packet(procedure, program=program, serial=3))
            answer = client.receive()
            self.assertEqual((answer.program, answer.procedure, answer.kind, answer.serial, answer.status),
                             (program, procedure, REPLY, 3, ERROR))
            self.assertIn(f'39/7: {said}', str(RemoteError(answer.payload)))
        self.assertTrue(self.libvirtd.nobody_came())

    def test_polkit_decides(self):
        require_root()
        polkit = self.enterContext(PolkitDouble('deny'))
        front = self.enterContext(ServingFront(self.libvirtd, settings='', unix_sock_rw_perms='0777'))
        front.environment['DBUS_SYSTEM_BUS_ADDRESS'] = polkit.address
        front.start()
        client = Stranger(front.path, SOMEBODY)
        self.addCleanup(client.__exit__)
        self.assertEqual(client.call(AUTH_LIST).data, u32(1) + u32(2))
        self.assert_refused(client, AUTH_POLKIT, b'', 45, 60)
        self.assert_refused(client, OPEN, SYSTEM, 39, 7)
        self.assertTrue(self.libvirtd.nobody_came())
        polkit.answer('allow')
        client.send(packet(AUTH_POLKIT, serial=9))
        with self.libvirtd.accept() as behind:
            behind.greet()
            self.assertEqual(client.answer(AUTH_POLKIT, 9).data, u32(1))
            client.send(packet(OPEN, SYSTEM, serial=10))
            behind.open()
            client.answer(OPEN, 10).end()
        self.assertEqual({call['action'] for call in polkit.calls()}, {'org.libvirt.unix.manage'})

    def test_root_need_not(self):
        require_root()
        front = self.serve(settings='# all by default\n')
        client, _ = self.keep(front.pair())
        self.assertTrue(client.is_silent(0))


class Ends(FrontTest):
    def test_libvirtd_is_missing(self):
        front = self.serve()
        self.libvirtd.go()
        client = front.connect()
        self.addCleanup(client.socket.close)
        error = self.assert_refused(client, AUTH_LIST, b'', SYSTEM_ERROR, FROM_RPC)
        self.assertRegex(error.message, "^Failed to connect socket to '.*/sock': No such file or directory$")
        self.assert_refused(client, OPEN, SYSTEM, 39, 7)
        self.libvirtd.come_back()
        client.send(packet(AUTH_LIST))
        with self.libvirtd.accept() as behind:
            behind.greet()
            self.assertEqual(client.answer(AUTH_LIST, 0).u32(), 1)

    def test_libvirtd_wants_more_of_us(self):
        client = self.serve().connect()
        self.addCleanup(client.socket.close)
        client.send(packet(AUTH_LIST))
        with self.libvirtd.accept() as behind:
            behind.greet(methods=(1,))
            with self.assertRaisesRegex(RemoteError, '^45/7: '):
                client.answer(AUTH_LIST, 0)
            self.assert_ends(client, behind)

    def test_both_sides_end_together_and_leave_nothing(self):
        front = self.serve()
        before = self.at_rest(front)
        for number in range(2):
            for half in (True, False):
                pair = self.keep(front.opened())
                if half:
                    pair[number].socket.shutdown(socket.SHUT_WR)
                else:
                    pair[number].socket.close()
                self.assert_ends(pair[1 - number])
        wait_for(lambda: front.descriptors() <= before, 'a descriptor leaks')

    def test_what_libvirtd_said_last_arrives(self):
        client, behind = self.keep(self.serve().opened())
        last = packet(107, bytes(150000), kind=MESSAGE)
        behind.send(last)
        behind.socket.close()
        self.assertEqual(client.receive_bytes(len(last)), last)
        self.assert_ends(client)

    def test_who_goes_while_libvirtd_hangs(self):
        front = self.serve()
        before = self.at_rest(front)
        waiting = front.connect()
        waiting.send(packet(AUTH_LIST))
        behind = self.libvirtd.accept()
        waiting.socket.close()
        self.assertEqual(behind.expect(AUTH_LIST).procedure, AUTH_LIST)
        self.assert_ends(behind)
        client, behind = self.keep(front.pair())
        client.send(packet(OPEN, SYSTEM) + packet(DOMAIN_CALL))
        behind.expect(OPEN)
        client.socket.close()
        self.assert_ends(behind)
        wait_for(lambda: front.descriptors() <= before, 'a descriptor leaks')

    def test_garbage_of_a_client_ends_its_connection_alone(self):
        front = self.serve()
        other = self.keep(front.opened())
        for garbage in (b'\0\0\0\0', u32(27), u32(33554437), u32(0xffffffff), b'GET / HTTP/1.0\r\n\r\n',
                        NOISE):
            for connect in (lambda: (front.connect(),), front.pair, front.opened):
                client = self.keep(connect())[0]
                try:
                    client.send(garbage)
                except OSError:
                    pass
                self.assert_ends(client)
        self.assert_passes(*other, PING_PACKET)

    def test_garbage_of_libvirtd_ends_that_connection_alone(self):
        front = self.serve()
        other = self.keep(front.opened())
        for garbage in (b'\0\0\0\0', u32(33554437), NOISE):
            client, behind = self.keep(front.opened())
            behind.send(garbage)
            self.assert_ends(client)
            client = front.connect()
            self.addCleanup(client.socket.close)
            client.send(packet(AUTH_LIST))
            with self.libvirtd.accept() as behind:
                behind.send(garbage)
                self.assert_ends(client)
        self.assert_passes(*other, PING_PACKET)

    def test_a_frame_that_is_cut_off(self):
        front = self.serve()
        client, behind = self.keep(front.opened())
        behind.send(packet(107, bytes(100), kind=MESSAGE)[:64])
        behind.socket.close()
        self.assertEqual(len(client.receive_bytes(64)), 64)
        self.assert_ends(client)

    def test_libvirtd_has_no_room(self):
        front = self.serve()
        full = socket.socket(socket.AF_UNIX)
        os.unlink(self.libvirtd.path)
        self.libvirtd.listeners[0].close()
        full.bind(self.libvirtd.path)
        full.listen(0)
        self.libvirtd.listeners[0] = full
        clients = [front.connect() for _ in range(4)]
        for client in clients:
            client.send(packet(AUTH_LIST))
        full.settimeout(60)
        for _ in clients:
            behind = self.libvirtd.accept()
            self.addCleanup(behind.socket.close)
            behind.greet()
        for client in clients:
            self.addCleanup(client.socket.close)
            client.answer(AUTH_LIST, 0)

    def test_the_front_is_killed(self):
        front = self.serve()
        client, behind = self.keep(front.opened())
        front.process.kill()
        front.process.wait()
        self.assert_ends(client, behind)


class Configuration(FrontTest):
    def refuse(self, settings):
        with ServingFront(self.libvirtd, settings=settings) as front:
            front.spawn()
            status, said = front.wait()
            self.assertEqual(status, 1, said)
            self.assertEqual(said.count('\n'), 1, said)
            return said

    def test_what_only_libvirtd_can_do(self):
        self.assertRegex(self.refuse('auth_unix_rw = "sasl"\n'), "libvirtd.conf:1: auth_unix_rw: .*'sasl'")
        self.assertRegex(self.refuse('#\n\nauth_unix_ro = "sasl"'), 'libvirtd.conf:3: auth_unix_ro: ')
        self.assertRegex(self.refuse('access_drivers = [ "polkit", "stack" ]'), "access_drivers: .*'stack'")
        self.assertRegex(self.refuse('auth_unix_rw = none'), 'auth_unix_rw: ')
        self.assertRegex(self.refuse('max_clients = "many"'), 'max_clients: ')
        self.assertRegex(self.refuse('auth_unix_rw = "none"\nauth_unix_rw = "polkit"\n'), 'auth_unix_rw: .*twice')
        self.assertRegex(self.refuse('access_drivers = [ "polkit"'), 'access_drivers: ')

    def test_what_is_libvirtds_own_business(self):
        front = self.serve(settings='auth_tls = "sasl"\nauth_tcp="none"\nlisten_tls = 0\n'
                                    'tls_allowed_dn_list = ["DN1",\n "DN2"]\nlog_filters="1:qemu"\n'
                                    "auth_unix_rw = 'none' # as it is\nauth_unix_ro = \"none\"\n"
                                    'access_drivers = [ ]\nmax_clients = 2\n')
        pairs = [self.keep(front.opened()) for _ in range(2)]
        self.assert_passes(*pairs[1], PING_PACKET)

    def test_a_missing_file_is_the_default(self):
        require_root()
        front = self.enterContext(ServingFront(self.libvirtd, unix_sock_rw_perms='0777'))
        front.libvirtd_config.unlink()
        front.start()
        with Stranger(front.path, SOMEBODY) as client:
            self.assertEqual(client.call(AUTH_LIST).data, u32(1) + u32(2))

    def test_options_that_exclude_each_other(self):
        with ServingFront(self.libvirtd) as front:
            front.spawn('--upstream', 'test:///default')
            self.assertEqual(front.wait()[0], 2)


if __name__ == '__main__':
    unittest.main()
