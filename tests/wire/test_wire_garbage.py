# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Payloads that mean nothing: each gets an answer, and the connection goes on."""

import random
import unittest

from wire import (
    AUTH_LIST, CLOSE, COUNT, COUNT_CAPS, DEREGISTER_EVENT, FEATURE, GET_AUTOSTART, IS_ACTIVE,
    IS_PERSISTENT, LIST_ALL, LIST_CAPS, LIST_NAMES, LOOKUP, LOOKUP_WWN, OPEN, PARENT,
    REGISTER_EVENT, RemoteError, SET_IDENTITY, WireTest, XML, optional, string, u32, u64,
)

# For each call with arguments: a payload that decodes, and that is as short as can be for that.
PAYLOADS = {
    FEATURE: u32(10),
    COUNT: optional('pci') + u32(0),
    LIST_NAMES: optional('pci') + u32(10) + u32(0),
    LOOKUP: string('computer'),
    XML: string('computer') + u32(0),
    PARENT: string('computer'),
    COUNT_CAPS: string('computer'),
    LIST_CAPS: string('computer') + u32(10),
    124: string('computer'),
    LIST_ALL: u32(1) + u32(0),
    LOOKUP_WWN: string('20') + string('10') + u32(0),
    REGISTER_EVENT: u32(0) + optional('computer'),
    DEREGISTER_EVENT: u32(0),
    SET_IDENTITY: u32(2) + string('user-name') + u32(7) + string('alice') +
                  string('process-id') + u32(3) + u64(1) + u32(0),
    429: string('computer') + u32(0),
    430: string('computer') + u32(0),
    GET_AUTOSTART: string('computer'),
    434: string('computer') + u32(1),
    IS_PERSISTENT: string('computer'),
    IS_ACTIVE: string('computer'),
}


class Garbage(WireTest):
    def setUp(self):
        self.client = self.start().open()

    def call(self, number, payload):
        """Returns the error, or None if the call succeeded; anything else is an exception."""
        try:
            self.client.call(number, payload)
        except RemoteError as error:
            self.assertGreater(error.code, 0)
            self.assertTrue(error.message)
            return error
        return None

    def test_cut_at_every_length(self):
        for number, payload in PAYLOADS.items():
            for length in range(len(payload)):
                with self.subTest(number=number, length=length):
                    self.assert_refused(self.client, number, payload[:length], 39, 7)
            error = self.call(number, payload)
            self.assertTrue(error is None or error.code != 39, error)

    def test_open_cut_at_every_length(self):
        client = self.start()
        client.call(AUTH_LIST)
        payload = optional('nodedev:///system') + u32(0)
        for length in range(len(payload)):
            self.assert_refused(client, OPEN, payload[:length], 39, 7)
        client.call(OPEN, payload).end()

    def test_padding_and_truth_values_as_libvirt_takes_them(self):
        payload = u32(9) + b'computer\0' + b'\xff\xff\xff'
        self.assertEqual(self.client.call(LOOKUP, payload).string(), 'computer')
        self.assertEqual(self.client.call(COUNT, u32(0xdeadbeef) + string('zpci') + u32(0)).i32(), 2)

    def test_lengths_that_lie(self):
        for length in (5, 0x00400000, 0x00400001, 0x7ffffffc, 0x7fffffff, 0xfffffffc, 0xffffffff):
            for number in PAYLOADS:
                if number in (LIST_ALL, FEATURE, DEREGISTER_EVENT):
                    continue
                for payload in (u32(length), u32(length) + b'abcd', u32(1) + u32(length) + b'abcd'):
                    with self.subTest(number=number, payload=payload.hex()):
                        error = self.call(number, payload)
                        self.assertIsNotNone(error)

    def test_random(self):
        random.seed(20008086)
        numbers = [number for number in range(461) if number != CLOSE]
        for _ in range(4000):
            number = random.choice(numbers if random.random() < 0.3 else list(PAYLOADS))
            self.call(number, random.randbytes(random.randrange(0, 96)))
        self.assert_alive(self.client)

    def test_random_changes(self):
        random.seed(6)
        for _ in range(4000):
            number = random.choice(list(PAYLOADS))
            payload = bytearray(PAYLOADS[number])
            for _ in range(random.randrange(1, 4)):
                payload[random.randrange(len(payload))] = random.choice((0, 1, 4, 0x7f, 0x80, 0xff))
            self.call(number, bytes(payload))
        self.assert_alive(self.client)

    def test_random_names_to_open(self):
        random.seed(1)
        alphabet = 'nodedev:/system?root=&;#%20@[]ü\x01'
        client = self.start()
        client.call(AUTH_LIST)
        for _ in range(1000):
            name = 'nodedev://' * random.randrange(2) + ''.join(
                random.choice(alphabet) for _ in range(random.randrange(40)))
            with self.assertRaises(RemoteError):
                client.call(OPEN, optional(name or 'x') + u32(0))
        self.assert_alive(client)


if __name__ == '__main__':
    unittest.main()
