#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""The tests that libvirt's binding for Go has of its own, on the stock libvirtd with virtzpcid in front of it and
without: the same ones pass. Debian's package of the binding has their source."""

import glob
import os
import re
import shutil
import subprocess
import tempfile
import unittest

from client_case import BUILD_DIR, SECONDS
from front_place import FrontPlace
from stock_daemon import require_namespaces

BINDING = '/usr/share/gocode/src/github.com/libvirt/libvirt-go'
# Its tests open this name, which has no daemon; here they open what the environment says.
NAME = '"test:///default"'
ELSEWHERE = 'package libvirt\n\nimport "os"\n\nvar elsewhere = os.Getenv("ZPCI_URI")\n'
MODULE = 'module github.com/libvirt/libvirt-go\n\ngo 1.16\n'
# Nothing is fetched. What is compiled once, the standard library of Go above all, is kept beside what is built.
GO = {'GOCACHE': os.path.join(BUILD_DIR, 'tests/client/go'), 'GOPROXY': 'off', 'GOFLAGS': '-mod=mod',
      'GOTOOLCHAIN': 'local'}


class Binding(unittest.TestCase):
    def setUp(self):
        require_namespaces()
        self.place = self.enterContext(FrontPlace())
        self.directory = self.enterContext(tempfile.TemporaryDirectory())
        self.program = os.path.join(self.directory, 'suite')

    def build(self):
        source = os.path.join(self.directory, 'source')
        shutil.copytree(BINDING, source)
        replaced = 0
        for path in glob.glob(os.path.join(source, '*_test.go')):
            with open(path, encoding='utf-8') as stream:
                text = stream.read()
            replaced += text.count(NAME)
            self.write(path, text.replace(NAME, 'elsewhere'))
        self.assertGreater(replaced, 0)
        self.write(os.path.join(source, 'elsewhere_test.go'), ELSEWHERE)
        self.write(os.path.join(source, 'go.mod'), MODULE)
        subprocess.run(['go', 'test', '-vet=off', '-c', '-o', self.program, '.'], cwd=source, check=True,
                       env=dict(os.environ, HOME=self.directory, **GO))

    @staticmethod
    def write(path, text):
        with open(path, 'w', encoding='utf-8') as stream:
            stream.write(text)

    def run_suite(self, uri):
        """What became of each test."""
        result = subprocess.run([self.program, '-test.v'], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                encoding='utf-8', check=False, timeout=10 * SECONDS, cwd=self.directory,
                                env=dict(os.environ, ZPCI_URI=uri))
        return re.findall(r'^ *--- (PASS|FAIL|SKIP): (\S+)', result.stdout, re.MULTILINE)

    def test_the_same_pass(self):
        self.build()
        directly, through = (self.run_suite(self.place.uri(way, 'test:///default')) for way in self.place.ways)
        self.assertEqual(through, directly)
        passed = [name for result, name in through if result == 'PASS']
        print(f'{len(passed)} of {len(through)} tests of the binding pass both ways')
        self.assertGreater(len(passed), 100, through)


if __name__ == '__main__':
    unittest.main()
