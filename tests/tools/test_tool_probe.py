# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Someone asks a function for its capability chain; of a captured host, for the one that was recorded."""

import json
import pathlib
import re
import shutil
import tempfile
import unittest

from tool_case import FAILED, LPAR, QEMU, ToolCase, run

# Each captured function that has a chain.
PROBED = ((QEMU, 'pci_0005_00_00_0', '0005:00:00.0'), (QEMU, 'pci_007a_00_00_0', '007a:00:00.0'),
          (LPAR, 'pci_0000_00_00_3', '0000:00:00.3'))


def recorded(root, address):
    text = (root / 'chain' / address).read_text(encoding='utf-8')
    return bytes.fromhex(re.sub('#.*', '', text))


class Chain(ToolCase):
    def test_text_is_that_of_decode_below_the_name(self):
        for root, name, address in PROBED:
            with self.subTest(name=name):
                self.assertEqual(self.succeed('probe', '--root', root, name),
                                 f'[{name}]\n' + self.succeed('decode', root / 'chain' / address))

    def test_json_is_that_of_decode_with_the_name(self):
        for root, name, address in PROBED:
            with self.subTest(name=name):
                probed = json.loads(self.succeed('probe', '--json', '-R', root, name))
                self.assertEqual(probed.pop('section'), name)
                decoded, = json.loads(self.succeed('decode', '-j', root / 'chain' / address))
                self.assertEqual(decoded.pop('section'), '')
                self.assertEqual(probed, decoded)
                self.assertEqual(probed['capabilities'][0]['name'], 'BASE')

    def test_raw_bytes_are_those_that_were_recorded(self):
        for root, name, address in PROBED:
            with self.subTest(name=name):
                comment, *lines = self.succeed('probe', '--raw', '-R', root, name).splitlines()
                self.assertEqual(comment, f'# VFIO_DEVICE_GET_INFO of {name}')
                self.assertEqual(bytes.fromhex(''.join(lines)), recorded(root, address))
                self.assertLessEqual(max(map(len, lines)), 72)

    def test_raw_bytes_can_be_decoded(self):
        for root, name, address in PROBED:
            with self.subTest(name=name):
                raw = self.succeed('probe', '-r', '-R', root, name).encode()
                self.assertEqual(self.succeed('decode', '-', stdin=raw),
                                 self.succeed('decode', root / 'chain' / address))

    def test_several_are_told_one_after_the_other(self):
        names = [name for root, name, _ in PROBED if root == QEMU]
        for option in ([], ['--raw']):
            text = self.succeed('probe', *option, '-R', QEMU, *names)
            alone = [self.succeed('probe', *option, '-R', QEMU, name) for name in names]
            self.assertEqual(re.sub(r'^\[.*\n', '', text, flags=re.M) if option else text,
                             ''.join(alone))
        raw = self.succeed('probe', '-r', '-R', QEMU, *names).encode()
        self.assertEqual(self.succeed('decode', '-', stdin=raw), self.succeed('probe', '-R', QEMU, *names))
        self.assertEqual(json.loads(self.succeed('probe', '-j', '-R', QEMU, *names)),
                         [json.loads(self.succeed('probe', '-j', '-R', QEMU, name)) for name in names])

    def test_one_that_fails_does_not_hide_the_others(self):
        result = run('probe', '-j', '-R', LPAR, '00:00.2', '00:00.3')
        self.assertEqual(result.returncode, FAILED)
        self.assertEqual(result.stderr, 'virt-zpci: This capture has no capability chain of 0000:00:00.2.\n')
        self.assertEqual([reply['section'] for reply in json.loads(result.stdout)], ['pci_0000_00_00_3'])

    def test_every_form_of_a_name_finds_the_function(self):
        text = self.succeed('probe', '-R', QEMU, 'pci_0005_00_00_0')
        for name in ('0005:00:00.0', 'fid=0xc', 'uid=5'):
            self.assertEqual(self.succeed('probe', '-R', QEMU, name), text)

    def test_nothing_is_opened_of_a_capture_even_again(self):
        text = self.succeed('probe', '-R', QEMU, 'uid=5')
        for option in ('-a', '--again'):
            self.assertEqual(self.succeed('probe', option, '-R', QEMU, 'uid=5'), text)


class NoChain(ToolCase):
    def test_function_that_has_none(self):
        for words in ((), ('--json',), ('--raw',)):
            with self.subTest(words=words):
                self.assertEqual(self.fail_with(FAILED, 'probe', *words, '-R', LPAR, '00:00.2'),
                                 'virt-zpci: This capture has no capability chain of 0000:00:00.2.\n')

    def test_device_that_there_is_not(self):
        self.assertEqual(self.fail_with(FAILED, 'probe', '-R', QEMU, 'nix'),
                         "virt-zpci: There is no node device 'nix'.\n")

    def test_device_that_is_no_function(self):
        self.assertIn('computer', self.fail_with(FAILED, 'probe', '-R', QEMU, 'computer'))

    def test_damaged_chain_is_still_given_as_bytes(self):
        """Of what cannot be decoded, somebody needs the bytes all the more, to report it."""
        with tempfile.TemporaryDirectory() as directory:
            root = pathlib.Path(directory, 'host')
            shutil.copytree(QEMU, root, symlinks=True)
            (root / 'chain/0005:00:00.0').write_text('00 00 00 7c\n')
            for words in ((), ('--json',)):
                self.assertRegex(self.fail_with(FAILED, 'probe', *words, '-R', root, 'uid=5'),
                                 'ends at offset 4')
            self.assertEqual(self.succeed('probe', '--raw', '-R', root, 'uid=5').splitlines()[1:],
                             ['0000007c'])


class Help(ToolCase):
    def test_says_what_opening_does(self):
        text = self.succeed('probe', '--help')
        for word in ('--again', 'resets', 'guest', 'in use'):
            self.assertIn(word, text)


if __name__ == '__main__':
    unittest.main()
