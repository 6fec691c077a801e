#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""scripts/clean-root, where mmdebstrap only tells what it was asked, or what apt says of a name that it does not know."""

import os
import subprocess
import tempfile
import unittest

CLEAN_ROOT = os.path.join(os.environ['ZPCI_SOURCE_DIR'], 'scripts/clean-root')
# The last three arguments are the release, the target and "-".
MAKES = 'for word; do target=$last last=$word; done\nmkdir "$target"\necho "$@" >"$target/asked"'
UNKNOWN = ('echo "E: Unable to locate package jingle" >&2', '''echo "E: Package 'jingle' has no installation candidate" >&2''')


class TestCleanRoot(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix='zpci-clean-root-')
        self.addCleanup(directory.cleanup)
        self.directory = directory.name
        self.write_program('apt-config', 'exit 0')

    def write_program(self, name, body):
        path = os.path.join(self.directory, 'bin', name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'w', encoding='utf-8') as stream:
            stream.write(f'#!/bin/sh\n{body}\n')
        os.chmod(path, 0o755)

    def clean_root(self, *arguments):
        environment = dict(os.environ, LIBVIRT_ZPCI_CACHE=os.path.join(self.directory, 'cache'),
                           LIBVIRT_ZPCI_MIRROR='file:///mirror',
                           PATH=f'{self.directory}/bin:{os.environ["PATH"]}')
        return subprocess.run([CLEAN_ROOT, *arguments], env=environment, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, encoding='utf-8', check=False)

    def test_it_is_made_once(self):
        self.write_program('mmdebstrap', MAKES)
        first = self.clean_root('--release', 'sid', 'gcc', 'jing')
        self.assertEqual(first.returncode, 0, first.stderr)
        with open(os.path.join(first.stdout.rstrip('\n'), 'asked'), encoding='utf-8') as stream:
            asked = stream.read()
        self.assertIn('--include=gcc,jing ', asked)
        self.assertIn(' sid ', asked)
        self.write_program('mmdebstrap', 'exit 1')
        again = self.clean_root('--release', 'sid', 'jing', 'gcc')
        self.assertEqual((again.returncode, again.stdout, again.stderr), (0, first.stdout, ''))
        other = self.clean_root('--release', 'trixie', 'jing', 'gcc')
        self.assertNotEqual(other.returncode, 0)

    def test_a_name_that_the_release_has_not_is_a_sentence(self):
        for says in UNKNOWN:
            self.write_program('mmdebstrap', says + '\nexit 25')
            done = self.clean_root('--release', 'trixie', 'gcc', 'jingle')
            self.assertNotEqual(done.returncode, 0)
            self.assertEqual(done.stdout, '')
            self.assertIn("Debian trixie has no package named 'jingle'", done.stderr)
            self.assertEqual(os.listdir(os.path.join(self.directory, 'cache')), ['clean-trixie.lock'])

    def test_what_else_goes_wrong_is_told_as_it_is(self):
        self.write_program('mmdebstrap', 'echo "E: no space left" >&2; exit 1')
        done = self.clean_root('--release', 'trixie', 'gcc')
        self.assertNotEqual(done.returncode, 0)
        self.assertIn('E: no space left\n', done.stderr)
        self.assertNotIn('no package', done.stderr)


if __name__ == '__main__':
    unittest.main()
