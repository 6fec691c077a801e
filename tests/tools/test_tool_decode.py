# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Someone decodes replies of VFIO_DEVICE_GET_INFO, real ones and damaged ones."""

import json
import re
import struct
import subprocess
import tempfile
import unittest

from tool_case import LPAR, MODERN_REPLY, PROGRAM, REPLIES, ToolCase

# Where the parts of the real reply stand.
CAP_OFFSET, BASE, GROUP, PFIP, SIZE = 16, 20, 60, 108, 124
NEXT = 4


def real_reply():
    """The first of the real replies as the kernel wrote it."""
    text = REPLIES.read_text(encoding='utf-8').partition('[0005:00:00.0]')[2].partition('[')[0]
    return bytearray.fromhex(re.sub('#.*', '', text))


def reply_with_util(size):
    """A chain of one: UTIL, that claims to have this many bytes and has 64."""
    return struct.pack('>IIIIIHHII', 20 + 12 + 64, 0x80, 9, 5, 20, 3, 1, 0, size) + b'\xc1' * 64


class Real(ToolCase):
    def test_text_is_as_reviewed(self):
        self.assert_golden(self.succeed('decode', REPLIES), 'decode-linux-6.1-s390x.txt')

    def test_json_is_as_reviewed(self):
        text = self.succeed('decode', '--json', REPLIES)
        self.assert_golden(text, 'decode-linux-6.1-s390x.json')
        first = json.loads(text)[0]
        self.assertEqual(first['section'], '0005:00:00.0')
        self.assertEqual([(part['offset'], part['id'], part['version'], part['name'])
                          for part in first['capabilities']],
                         [(20, 1, 2, 'BASE'), (60, 2, 2, 'GROUP'), (108, 4, 1, 'PFIP')])

    def test_modern_kernel_is_as_reviewed(self):
        self.assert_golden(self.succeed('decode', MODERN_REPLY), 'decode-linux-7.3-s390x.txt')

    def test_every_field_of_every_version_has_a_name(self):
        chain = LPAR / 'chain' / '0000:00:00.3'
        self.assert_golden(self.succeed('decode', chain), 'decode-lpar-roce.txt')

    def test_binary_reply_comes_through_standard_input(self):
        named = self.succeed('decode', REPLIES).partition('[007a:00:00.0]')[0]
        self.assertEqual('[0005:00:00.0]\n' + self.succeed('decode', '-', stdin=bytes(real_reply())),
                         named)

    def test_binary_reply_comes_from_a_file(self):
        with tempfile.NamedTemporaryFile() as file:
            file.write(real_reply())
            file.flush()
            self.assertEqual(self.succeed('decode', file.name),
                             self.succeed('decode', '-', stdin=bytes(real_reply())))

    def test_text_comes_through_standard_input(self):
        self.assertEqual(self.succeed('decode', '-', stdin=REPLIES.read_bytes()),
                         self.succeed('decode', REPLIES))

    def test_byte_order_may_be_named(self):
        self.assertEqual(self.succeed('decode', '--byte-order=big', REPLIES),
                         self.succeed('decode', REPLIES))
        little = struct.pack('<IIII', 16, 2, 9, 5)
        for words in ((), ('-b', 'little')):
            self.assertEqual(self.succeed('decode', *words, '-', stdin=little),
                             'argsz 16, flags 0x00000002, num_regions 9, num_irqs 5, cap_offset 0\n'
                             'no capabilities\n')

    def test_unknown_capability_is_shown_as_bytes(self):
        reply = real_reply()
        struct.pack_into('>H', reply, PFIP, 4711)
        text = self.succeed('decode', '-', stdin=bytes(reply))
        self.assertIn('offset 108: unknown capability, id 4711, version 1, 16 bytes\n'
                      '  data             0000000400000000\n', text)
        last = json.loads(self.succeed('decode', '-j', '-', stdin=bytes(reply)))[0]['capabilities'][-1]
        self.assertEqual((last['id'], last['data']), (4711, '0000000400000000'))
        self.assertNotIn('name', last)

    def test_duplicate_is_marked(self):
        reply = real_reply()
        struct.pack_into('>HH', reply, GROUP, 1, 2)
        text = self.succeed('decode', '-', stdin=bytes(reply))
        self.assertIn('offset 60: BASE, id 1, version 2, 48 bytes (duplicate, does not count)\n', text)

    def test_newer_version_shows_what_is_known(self):
        reply = real_reply()
        struct.pack_into('>H', reply, GROUP + 2, 9)
        fields = json.loads(self.succeed('decode', '-j', '-', stdin=bytes(reply)))[0]
        self.assertEqual(fields['capabilities'][1]['fields']['imaxstbl'], '0x0080')


class Damaged(ToolCase):
    """Exit status 1, nothing on standard output, one line that names offset and reason."""

    def patched(self, offset, layout, *values):
        reply = real_reply()
        struct.pack_into(layout, reply, offset, *values)
        return bytes(reply)

    def check(self, reply, *words):
        message = self.fail_with(1, 'decode', '-', '--byte-order=big', stdin=reply)
        for word in words:
            self.assertRegex(message, word)

    def test_chain_that_loops(self):
        self.check(self.patched(GROUP + NEXT, '>I', BASE), 'offset 64 .* offset 20', 'forward')
        self.check(self.patched(GROUP + NEXT, '>I', GROUP), 'offset 64 .* offset 60', 'forward')

    def test_chain_that_leaves_the_reply(self):
        self.check(self.patched(GROUP + NEXT, '>I', SIZE), 'offset 64 .* offset 124', 'ends')
        self.check(self.patched(GROUP + NEXT, '>I', 0xfffffffc), 'offset 4294967292', 'ends')

    def test_header_between_multiples_of_4(self):
        self.check(self.patched(GROUP + NEXT, '>I', PFIP + 2), 'offset 110', 'multiples of 4')

    def test_capability_before_the_end_of_the_fixed_part(self):
        self.check(self.patched(CAP_OFFSET, '>I', 8), 'offset 16 .* offset 8')

    def test_flags_that_promise_what_is_not_there(self):
        self.check(self.patched(CAP_OFFSET, '>I', 0), 'cap_offset at offset 16 is 0', 'too small')

    def test_reply_that_was_cut_off(self):
        self.check(b'', 'is empty')
        for size in (3, 15, 20, 60, SIZE - 1):
            with self.subTest(size=size):
                self.check(bytes(real_reply()[:size]), f'ends at offset {size}')

    def test_capability_that_is_cut_off(self):
        # The next one begins where pchid stands, and is the last one.
        reply = bytearray(self.patched(BASE + NEXT, '>I', BASE + 24))
        struct.pack_into('>I', reply, BASE + 24 + NEXT, 0)
        self.check(bytes(reply), 'BASE at offset 20 is cut off', 'pchid at offset 44')

    def test_size_of_the_fixed_part_is_wrong(self):
        self.check(self.patched(0, '>I', 15), 'argsz at offset 0 is 15', 'smaller')
        self.check(self.patched(0, '>I', SIZE + 1), 'argsz at offset 0 is 125')

    def test_string_that_is_longer_than_what_is_left(self):
        self.assertIn('size             0x00000040',
                      self.succeed('decode', '-b', 'big', '-', stdin=reply_with_util(64)))
        self.check(reply_with_util(65), 'UTIL at offset 20 is cut off', 'offset 32')
        self.check(reply_with_util(0xffffffff), 'UTIL at offset 20 is cut off')

    def test_version_0(self):
        self.check(self.patched(BASE + 2, '>H', 0), 'BASE at offset 20', 'version 0')

    def test_one_bad_reply_of_two_spoils_both(self):
        text = REPLIES.read_text(encoding='utf-8')
        head, heading, tail = text.partition('[007a:00:00.0]')
        message = self.fail_with(1, 'decode', '-',
                                 stdin=(head + heading + tail.replace('7c', '7d', 1)).encode())
        self.assertRegex(message, r'\[007a:00:00.0\] argsz at offset 0 is 125')

    def test_wrong_byte_order(self):
        message = self.fail_with(1, 'decode', '--byte-order=little', REPLIES)
        self.assertRegex(message, r'\[0005:00:00.0\] argsz at offset 0 is 2080374784')

    def test_text_that_is_no_hexadecimal_text(self):
        self.assertIn('Line 2 ', self.fail_with(1, 'decode', '-', stdin=b'00 00\n00 0g\n'))
        self.assertIn('Line 1 ', self.fail_with(1, 'decode', '-', stdin=b'# nothing\n'))

    def test_file_that_is_not_there_or_too_large(self):
        self.assertIn('/nonexistent', self.fail_with(1, 'decode', '/nonexistent'))
        self.assertIn('larger than', self.fail_with(1, 'decode', '-', stdin=bytes(1 << 20)))

    def test_any_byte_may_be_damaged(self):
        """Whatever it holds, the reply decodes in full or fails in one line."""
        for offset in range(SIZE):
            with self.subTest(offset=offset):
                reply = real_reply()
                reply[offset] ^= 0xff
                result = subprocess.run([PROGRAM, 'decode', '--json', '-b', 'big', '-'], input=reply,
                                        capture_output=True, check=False)
                self.assertIn(result.returncode, (0, 1))
                if result.returncode == 0:
                    self.assertEqual(result.stderr, b'')
                    self.assertEqual(len(json.loads(result.stdout)), 1)
                else:
                    self.assertEqual(result.stdout, b'')
                    self.assertRegex(result.stderr, rb'\Avirt-zpci: [^\n]* offset [0-9]+[^\n]*\n\Z')


if __name__ == '__main__':
    unittest.main()
