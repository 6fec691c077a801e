# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Packets, whatever they carry: lengths, pieces, descriptors, keepalive, and ends of the stream."""

import os
import select
import socket
import time
import unittest

from wire import (
    CALL_WITH_FDS, CLOSE, CONTINUE, Client, ERROR, FEATURE, GET_TYPE, GET_URI, KEEPALIVE,
    LOOKUP, MESSAGE, OK, PATIENCE, PING, PING_PACKET, PONG, PONG_PACKET, REMOTE, REPLY,
    REPLY_WITH_FDS, RemoteError, STREAM, STREAM_HOLE, WireTest, XML, packet, string, u32,
)

MAX_PACKET = 33554436


class Lengths(WireTest):
    def test_impossible_lengths_close_without_an_answer(self):
        for length in (0, 3, 4, 5, 27, MAX_PACKET + 1, 0x7fffffff, 0x80000000, 0xffffffff):
            with self.subTest(length), Client() as client:
                client.open()
                client.send(u32(length) + bytes(64))
                self.assertTrue(client.is_closed())
                self.assert_clean_end(client)

    def test_a_claim_of_32_mib_is_waited_for_and_costs_nothing(self):
        client = self.start().open()
        before = client.resident_kib()
        client.send(u32(MAX_PACKET) + bytes(1000))
        self.assertTrue(client.is_silent())
        self.assertLess(client.resident_kib() - before, 4096)

    def test_the_largest_packet(self):
        """A surplus behind the arguments is ignored, even one of 32 MiB; its memory is given back."""
        client = self.start().open()
        head = packet(LOOKUP, string('computer'), serial=5)
        client.send(u32(MAX_PACKET) + head[4:] + bytes(MAX_PACKET - len(head)))
        self.assertEqual(client.answer(LOOKUP, 5).string(), 'computer')
        self.assert_alive(client)

    def test_surplus_is_ignored(self):
        client = self.start().open()
        for surplus in range(1, 40):
            self.assertEqual(client.call(LOOKUP, string('computer') + b'\xff' * surplus).string(),
                             'computer')


class Pieces(WireTest):
    CALLS = (packet(LOOKUP, string('computer'), serial=7) + PING_PACKET +
             packet(GET_TYPE, serial=8))

    def check_answers(self, client):
        self.assertEqual(client.answer(LOOKUP, 7).string(), 'computer')
        self.assertEqual(client.receive().procedure, PONG)
        self.assertEqual(client.answer(GET_TYPE, 8).string(), 'nodedev')

    def test_one_byte_at_a_time(self):
        client = self.start().open()
        for i in range(len(self.CALLS)):
            client.send(self.CALLS[i:i + 1])
            time.sleep(0.001)
        self.check_answers(client)

    def test_cut_at_every_place(self):
        client = self.start().open()
        for cut in range(1, len(self.CALLS)):
            client.send(self.CALLS[:cut])
            time.sleep(0.001)
            client.send(self.CALLS[cut:])
            self.check_answers(client)

    def test_a_thousand_calls_at_once(self):
        client = self.start().open()
        client.send(b''.join(packet(GET_TYPE, serial=n) for n in range(1000)))
        for n in range(1000):
            self.assertEqual(client.answer(GET_TYPE, n).string(), 'nodedev')

    def test_any_serial_is_echoed(self):
        client = self.start().open()
        for serial in (0, 0, 1, 0x7fffffff, 0x80000000, 0xffffffff):
            client.send(packet(GET_TYPE, serial=serial))
            client.answer(GET_TYPE, serial)

    def test_one_who_asks_and_never_listens(self):
        """The daemon stops to read, keeps little, and answers everything once it is listened to."""
        client = self.start().open()
        calls = b''.join(packet(GET_URI, serial=n) for n in range(200000))
        client.socket.setblocking(False)
        sent = self.send_until_stuck(client, calls)
        self.assertLess(sent, len(calls), 'the daemon never stopped to read')
        self.assertLess(client.resident_kib(), 100000)

        whole = sent // 28
        client.socket.setblocking(True)
        client.socket.settimeout(PATIENCE)
        for n in range(whole):
            client.answer(GET_URI, n)
        client.send(calls[sent:(whole + 1) * 28])
        client.answer(GET_URI, whole)
        self.assert_alive(client)

    def send_until_stuck(self, client, data):
        sent = 0
        while sent < len(data) and select.select([], [client.socket], [], 2)[1]:
            try:
                sent += client.socket.send(data[sent:sent + 65536])
            except BlockingIOError:
                pass
        return sent


class Ends(WireTest):
    def test_end_of_stream_anywhere(self):
        call = packet(LOOKUP, string('computer'))
        for cut in range(len(call) + 1):
            with self.subTest(cut), Client() as client:
                client.open()
                client.send(call[:cut])
                client.socket.close()
                self.assert_clean_end(client)

    def test_half_close_still_gets_its_answers(self):
        client = self.start().open()
        client.send(packet(GET_TYPE, serial=1) + packet(GET_TYPE, serial=2) + b'\0\0')
        client.socket.shutdown(socket.SHUT_WR)
        client.answer(GET_TYPE, 1)
        client.answer(GET_TYPE, 2)
        self.assertTrue(client.is_closed())
        self.assert_clean_end(client)

    def test_client_vanishes_while_answers_wait(self):
        """Neither SIGPIPE nor a full socket keeps the daemon from ending in order."""
        for calls in (1, 50, 3000):
            with self.subTest(calls), Client() as client:
                client.open()
                call = packet(XML, string('computer') + u32(0))
                client.socket.setblocking(False)
                try:
                    client.send(call * calls)
                except BlockingIOError:
                    pass
                client.socket.close()
                self.assert_clean_end(client)

    def test_close_waits_for_the_answers_before_it(self):
        client = self.start().open()
        count = 2000
        client.send(packet(GET_URI) * count + packet(CLOSE))
        for _ in range(count):
            client.answer(GET_URI, 0)
        client.answer(CLOSE, 0).end()
        self.assertTrue(client.is_closed())
        self.assert_clean_end(client)


class Headers(WireTest):
    def test_unknown_program_or_version(self):
        client = self.start().open()
        for program, version in ((0x20008087, 1), (0x06900690, 1), (REMOTE, 2), (REMOTE, 0),
                                 (KEEPALIVE, 1), (0, 0), (0xffffffff, 0xffffffff)):
            client.send(packet(1, program=program, version=version, serial=9))
            reply = client.receive()
            self.assertEqual((reply.program, reply.version, reply.procedure), (program, version, 1))
            self.assertEqual((reply.kind, reply.serial, reply.status), (REPLY, 9, ERROR))
            error = RemoteError(reply.payload)
            self.assertEqual((error.code, error.domain), (39, 7))
        client.call(GET_TYPE)

    def test_status_of_a_call(self):
        client = self.start().open()
        for status in (ERROR, CONTINUE, 3, -1):
            client.send(packet(GET_TYPE, status=status))
            with self.assertRaises(RemoteError) as caught:
                client.answer(GET_TYPE, 0)
            self.assertEqual((caught.exception.code, caught.exception.domain), (39, 7))
        client.call(GET_TYPE)

    def test_what_is_no_call_is_dropped(self):
        client = self.start().open()
        for kind in (REPLY, MESSAGE, STREAM, REPLY_WITH_FDS, STREAM_HOLE, 7, 1000, -1):
            for status in (OK, ERROR, CONTINUE):
                client.send(packet(GET_TYPE, b'\xff' * 40, kind=kind, status=status))
        self.assert_alive(client)


class Descriptors(WireTest):
    def setUp(self):
        self.client = self.start().open()
        self.fd = os.open('/dev/null', os.O_RDONLY)
        self.addCleanup(os.close, self.fd)

    def call_with(self, count):
        payload = u32(count) + string('computer')
        return packet(LOOKUP, payload, kind=CALL_WITH_FDS, serial=3)

    def test_taken_closed_and_answered(self):
        before = self.client.descriptors()
        for count in (0, 1, 2, 32):
            self.client.send(self.call_with(count))
            for _ in range(count):
                self.client.send_with_fds(b'\0', [self.fd])
            self.assertEqual(self.client.answer(LOOKUP, 3).string(), 'computer')
            self.assertEqual(self.client.descriptors(), before)

    def test_carrier_in_the_same_piece_as_the_packet(self):
        data = self.call_with(1)
        self.client.send(data[:-5])
        self.client.send_with_fds(data[-5:] + b'\0', [self.fd])
        self.assertEqual(self.client.answer(LOOKUP, 3).string(), 'computer')
        self.client.call(GET_TYPE)

    def test_carriers_are_waited_for(self):
        self.client.send(self.call_with(2))
        self.client.send_with_fds(b'\0', [self.fd])
        self.assertTrue(self.client.is_silent())
        self.client.send_with_fds(b'\0', [self.fd])
        self.client.answer(LOOKUP, 3)

    def test_too_many(self):
        for count in (33, 0xffffffff):
            with Client() as client:
                client.open()
                client.send(self.call_with(count))
                self.assertTrue(client.is_closed())
                self.assert_clean_end(client)

    def test_no_count(self):
        self.client.send(packet(GET_TYPE, kind=CALL_WITH_FDS))
        self.assertTrue(self.client.is_closed())

    def test_carrier_without_descriptor(self):
        self.client.send(self.call_with(1) + b'\0')
        self.assertTrue(self.client.is_closed())

    def test_descriptors_that_nobody_asked_for(self):
        before = self.client.descriptors()
        for _ in range(20):
            self.client.send_with_fds(packet(GET_TYPE), [self.fd] * 200)
            self.client.answer(GET_TYPE, 0)
        self.assertEqual(self.client.descriptors(), before)


class Keepalive(WireTest):
    # What stock libvirt does, and we do: five seconds of silence, then a ping.
    INTERVAL = 5

    def test_ping_byte_for_byte(self):
        client = self.start()
        client.send(bytes.fromhex('0000001c 6b656570 00000001 00000001 00000002 00000000 00000000'))
        self.assertEqual(client.receive_bytes(28), bytes.fromhex(
            '0000001c 6b656570 00000001 00000002 00000002 00000000 00000000'))

    def test_other_messages_are_ignored(self):
        client = self.start()
        for procedure in (0, PONG, 3, -1):
            client.send(packet(procedure, program=KEEPALIVE, kind=MESSAGE))
        client.send(packet(PING, program=KEEPALIVE, version=2, kind=MESSAGE))
        self.assertTrue(client.is_silent())
        self.assert_alive(client)

    def test_pings_begin_after_feature_10_only(self):
        silent, asked = self.start().open(), self.start().open()
        begin = time.monotonic()
        self.assertEqual(asked.call(FEATURE, u32(10)).i32(), 1)
        self.assertEqual(asked.receive_bytes(28), PING_PACKET)
        # Never earlier; how much later is up to the machine.
        self.assertGreaterEqual(time.monotonic() - begin, self.INTERVAL)
        asked.send(PONG_PACKET)
        self.assertTrue(silent.is_silent(1))
        silent.call(GET_TYPE)


if __name__ == '__main__':
    unittest.main()
