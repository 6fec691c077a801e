#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""The hand-made host in the tree is what its generator writes."""

import os
import pathlib
import subprocess
import tempfile
import unittest

HOSTS = pathlib.Path(os.environ['ZPCI_SOURCE_DIR'], 'tests/data/hosts')


def read_tree(root):
    """{relative path: the bytes of a file or the target of a link}"""
    tree = {}
    for directory, directories, files in os.walk(root):
        for name in directories + files:
            path = pathlib.Path(directory, name)
            if path.is_symlink():
                tree[str(path.relative_to(root))] = os.readlink(path)
            elif path.is_file():
                tree[str(path.relative_to(root))] = path.read_bytes()
    return tree


class HandMadeHost(unittest.TestCase):
    def test_is_what_the_generator_writes(self):
        with tempfile.TemporaryDirectory() as directory:
            made = pathlib.Path(directory, 'made')
            subprocess.run([HOSTS / 'make-lpar-roce.py', made], check=True)
            self.assertEqual(read_tree(HOSTS / 'lpar-roce'), read_tree(made))

    def test_no_link_leads_nowhere(self):
        for host in HOSTS.iterdir():
            for directory, directories, files in os.walk(host):
                for name in directories + files:
                    path = pathlib.Path(directory, name)
                    with self.subTest(str(path.relative_to(HOSTS))):
                        self.assertTrue(path.exists())
                        self.assertTrue(path.resolve().is_relative_to(HOSTS))


if __name__ == '__main__':
    unittest.main()
