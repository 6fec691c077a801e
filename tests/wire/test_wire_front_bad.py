#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""In front of libvirtd: what is cut off, lies, or never comes, from either side and at every stage, costs one
connection at most."""

import os
import socket
import unittest

from libvirtd_double import GET_HOSTNAME, LibvirtdDouble, ServingFront
from serving_daemon import wait_for
from upstream_double import error_payload
from wire import (
    AUTH_LIST, CALL_WITH_FDS, COUNT, ERROR, GET_URI, LIST_ALL, LIST_CAPS, LIST_NAMES, LOOKUP, MESSAGE, NOISE, OPEN,
    PING_PACKET, REPLY, REPLY_WITH_FDS, SET_IDENTITY, WireTest, XML, optional, packet, string, u32,
)

FUNCTION, STANDBY = 'pci_0005_00_00_0', 'zpci_00000101'
CONTROLLED = 'auth_unix_ro = "none"\nauth_unix_rw = "none"\naccess_drivers = [ "polkit" ]\n'
DOMAIN_CALL = 16
# What libvirtd is asked while a client comes, one after the other. The client opens no URI, so that it is asked for that.
STAGES = (AUTH_LIST, OPEN, SET_IDENTITY, GET_HOSTNAME, GET_URI)
GOOD = {AUTH_LIST: u32(1) + u32(0), OPEN: b'', SET_IDENTITY: b'', GET_HOSTNAME: string('here'),
        GET_URI: string('qemu:///system')}
# Lengths that no frame has, and the beginning of a long one that is none.
LENGTHS = (b'\0\0\0\0', u32(27), u32(33554437), u32(0xffffffff), b'HTTP/1.1 200 OK\r\n\r\n')


class BadInput(WireTest):
    def setUp(self):
        self.libvirtd = self.enterContext(LibvirtdDouble())
        self.front = self.enterContext(ServingFront(self.libvirtd, CONTROLLED)).start()
        self.client, self.behind = self.come()
        self.before = self.front.descriptors()

    def come(self, stage=None):
        """A client that has come as far as this stage, where libvirtd has been asked and not answered; None is all
        the way. And libvirtd's end."""
        client = self.front.connect()
        self.addCleanup(client.socket.close)
        client.send(packet(AUTH_LIST))
        behind = self.libvirtd.accept()
        self.addCleanup(behind.socket.close)
        for asked in STAGES:
            if asked == OPEN:
                client.answer(AUTH_LIST, 0)
                client.send(packet(OPEN, optional(None) + u32(0), serial=1))
            call = behind.expect(asked)
            if asked == stage:
                self.call = call
                return client, behind
            behind.reply(call, GOOD[asked])
        client.answer(OPEN, 1).end()
        client.serial = 2
        return client, behind

    def assert_others_go_on(self):
        for sender, receiver in ((self.client, self.behind), (self.behind, self.client)):
            sender.send(PING_PACKET)
            self.assertEqual(receiver.receive_bytes(len(PING_PACKET)), PING_PACKET)
        self.assertEqual(self.client.call(LOOKUP, string(STANDBY)).string(), STANDBY)

    def assert_over(self, *peers):
        """Whatever is still said to them, it ends, and leaves nothing."""
        for peer in peers:
            try:
                while peer.socket.recv(65536):
                    pass
            except ConnectionResetError:
                pass
            peer.socket.close()
        wait_for(lambda: self.front.descriptors() <= self.before, 'a descriptor leaks')
        self.assert_others_go_on()


class OfClients(BadInput):
    def test_frames_that_are_cut_off(self):
        whole = (packet(AUTH_LIST), packet(OPEN, optional('qemu:///system') + u32(0)), packet(LOOKUP, string(STANDBY)),
                 packet(XML, string(FUNCTION) + u32(0)), packet(DOMAIN_CALL, bytes(100)),
                 packet(349, u32(2) + bytes(8), kind=CALL_WITH_FDS) + b'\0')
        for frame in whole:
            for size in (1, 4, 27, 28, len(frame) - 1):
                with self.subTest(frame=frame[:28], size=size):
                    client, behind = self.come()
                    client.send(frame[:size])
                    client.socket.close()
                    self.assert_over(behind)
                    client = self.front.connect()
                    client.send(frame[:size])
                    client.socket.close()
        wait_for(lambda: self.front.descriptors() <= self.before, 'a descriptor leaks')
        self.assert_others_go_on()

    def test_calls_that_do_not_decode_are_libvirtds(self):
        """What is wrong with them, it says better."""
        for number in (COUNT, LIST_NAMES, LOOKUP, XML, LIST_CAPS, LIST_ALL, 374, 375):
            for payload in (b'', u32(0xffffffff), u32(1) * 2, string('x' * 5000)[:-8], b'\xff' * 64):
                call = packet(number, payload, serial=77)
                self.client.send(call)
                self.assertEqual(self.behind.receive_bytes(len(call)), call)
                answer = packet(number, error_payload(1, 7, 'Unable to decode'), kind=REPLY, serial=77, status=ERROR)
                self.behind.send(answer)
                self.assertEqual(self.client.receive_bytes(len(answer)), answer)
        self.assert_others_go_on()


class OfLibvirtd(BadInput):
    def test_no_frames_at_every_stage(self):
        for stage in STAGES:
            for garbage in (*LENGTHS, NOISE):
                with self.subTest(stage=stage, garbage=garbage[:4]):
                    client, behind = self.come(stage)
                    try:
                        behind.send(garbage)
                    except OSError:
                        pass
                    self.assert_over(client)
                    self.assert_over(behind)

    def test_answers_that_are_cut_off_at_every_stage(self):
        for stage in STAGES:
            whole = packet(stage, GOOD[stage], kind=REPLY)
            for size in {0, 1, 4, 27, len(whole) - 1}:
                with self.subTest(stage=stage, size=size):
                    client, behind = self.come(stage)
                    behind.send(whole[:size])
                    behind.socket.close()
                    self.assert_over(client)

    def test_answers_that_are_none_at_every_stage(self):
        """Another number, no status, and what does not decode: nobody gets in by that, and nothing breaks."""
        for stage in STAGES:
            for payload, fields in ((GOOD[stage], {'serial': 4711}), (GOOD[stage], {'status': 7}),
                                    (u32(0xffffffff) * 3, {}), (b'', {'status': ERROR}), (b'\xff' * 40, {'status': ERROR}),
                                    (NOISE[:4096], {'status': ERROR})):
                with self.subTest(stage=stage, payload=payload[:8], fields=fields):
                    client, behind = self.come(stage)
                    behind.send(packet(stage, payload, **{'kind': REPLY, 'serial': self.call.serial, **fields}))
                    if stage in (AUTH_LIST, SET_IDENTITY) and fields:
                        # Its answer is an error, or the end.
                        if not client.is_silent(60) and client.socket.recv(1, socket.MSG_PEEK):
                            self.assertEqual(client.receive().status, ERROR)
                        self.assert_over(client)
                    client.socket.close()
                    self.assert_over(behind)

    def test_names_that_are_none(self):
        for payload in (string('qemu:///system')[:-4], u32(0xffffffff), string(b'\xff\xfe://'), string('x' * 60000)):
            client, behind = self.come(GET_URI)
            behind.reply(self.call, payload)
            client.answer(OPEN, 1).end()
            # Whose devices these are, nobody knows.
            call = packet(LOOKUP, string(STANDBY), serial=2)
            client.send(call)
            self.assertEqual(behind.receive_bytes(len(call)), call)
            client.socket.close()
            self.assert_over(behind)

    def answer(self, number, arguments, payload, **fields):
        """What a client gets when libvirtd answers so."""
        self.client.send(packet(number, arguments, serial=self.client.serial))
        answer = packet(number, payload, serial=self.behind.expect(number).serial, **{'kind': REPLY, **fields})
        self.behind.send(answer)
        got = self.client.receive_bytes(len(answer))
        self.client.serial += 1
        self.assertEqual(got, answer)

    def test_lists_that_lie(self):
        for payload in (b'', u32(0xffffffff), u32(1000000), u32(1) + u32(0xffffffff), u32(2) + string('a'),
                        u32(1) + string('a')[:-1], b'\xff' * 1000):
            self.answer(LIST_NAMES, optional(None) + u32(9) + u32(0), payload)
            self.answer(LIST_CAPS, string(FUNCTION) + u32(9), payload)
        for payload in (b'', u32(1) + string('a'), u32(1)):
            self.answer(LIST_ALL, u32(1) + u32(0), payload)
        self.answer(COUNT, optional(None) + u32(0), b'')
        self.assert_others_go_on()

    def test_frames_that_end_within_an_answer_that_is_held(self):
        whole = packet(XML, string('<device/>' * 1000), kind=REPLY, serial=2)
        for size in (4, 28, 4000, len(whole) - 1):
            client, behind = self.come()
            client.send(packet(XML, string(FUNCTION) + u32(0), serial=2))
            behind.expect(XML)
            behind.send(whole[:size])
            behind.socket.close()
            self.assert_over(client)

    def test_two_answers_to_one_call(self):
        self.client.send(packet(LIST_CAPS, string(FUNCTION) + u32(9), serial=2))
        self.behind.expect(LIST_CAPS)
        answer = packet(LIST_CAPS, u32(1) + string('pci'), kind=REPLY, serial=2)
        self.behind.send(answer * 2)
        got = [self.client.receive().payload for _ in range(2)]
        self.assertEqual(sorted(got, key=len), [u32(1) + string('pci'), u32(2) + string('pci') + string('zpci')])
        self.client.serial = 3
        self.assert_others_go_on()

    def test_too_many_descriptors(self):
        for count, fds in ((33, 0), (0xffffffff, 0), (1, 33)):
            with self.subTest(count=count, fds=fds):
                client, behind = self.come()
                null = os.open('/dev/null', os.O_RDONLY)
                try:
                    behind.send(packet(349, u32(count), kind=REPLY_WITH_FDS))
                    behind.send_with_fds(b'\0', [null] * fds)
                except OSError:
                    pass
                os.close(null)
                self.assert_over(client)
                self.assert_over(behind)

    def test_it_hangs_at_every_stage(self):
        """Who waits for it may go; others have their answers meanwhile."""
        for stage in STAGES:
            client, behind = self.come(stage)
            client.send(packet(DOMAIN_CALL) + packet(LOOKUP, string(STANDBY)))
            self.assert_others_go_on()
            client.socket.close()
            self.assert_over(behind)

    def test_it_hangs_with_an_answer(self):
        """Others of the same client pass."""
        self.client.send(packet(XML, string(FUNCTION) + u32(0), serial=1000))
        self.behind.expect(XML)
        self.assert_others_go_on()
        self.client.send(packet(DOMAIN_CALL, serial=1001))
        self.behind.reply(self.behind.expect(DOMAIN_CALL), b'of guest')
        self.assertEqual(self.client.answer(DOMAIN_CALL, 1001).bytes(8), b'of guest')

    def test_it_hangs_at_the_door(self):
        """There, nobody stays longer than who does not show who it is."""
        self.front.configure(auth_timeout=1)
        self.front.reload()
        client, behind = self.come(AUTH_LIST)
        self.assert_over(client, behind)

    def test_events_without_end(self):
        """Of devices, while an answer is being made."""
        event = packet(377, u32(5) + string('x' * 4000), kind=MESSAGE)
        self.client.send(packet(374, u32(1) + optional(None), serial=2))
        answer = packet(374, u32(5), kind=REPLY, serial=self.behind.expect(374).serial)
        self.behind.send(answer + event * 100)
        self.assertEqual(self.client.receive_bytes(len(answer) + 100 * len(event)), answer + event * 100)
        self.client.serial = 3
        self.assert_others_go_on()


if __name__ == '__main__':
    unittest.main()
