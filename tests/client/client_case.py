# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""What the client tests share: hosts, the daemon behind libvirt's ext transport, golden files.

Each test ends with proof that every daemon it started has gone with exit status 0 and wrote nothing
to its standard error: there is where a sanitizer would report.
"""

import os
import shlex
import shutil
import subprocess
import tempfile
import time
import unittest
import urllib.parse

import libvirt

SOURCE_DIR = os.environ['ZPCI_SOURCE_DIR']
BUILD_DIR = os.environ['ZPCI_BUILD_DIR']
REGENERATE = os.environ.get('ZPCI_REGENERATE') == '1'
HOSTS_DIR = os.path.join(SOURCE_DIR, 'tests/data/hosts')
GOLDEN_DIR = os.path.join(SOURCE_DIR, 'tests/client/golden')
DAEMON = os.path.join(BUILD_DIR, 'src/daemon/virtzpcid')
TOOL = os.path.join(BUILD_DIR, 'src/tools/virt-zpci')
HOSTS = ('qemu-s390x', 'lpar-roce')
SECONDS = 60

# The client scrubs the environment of what it starts, hence the options of the sanitizers here. When
# it closes the connection it sends SIGTERM to what it started, so the daemon, which has to report
# its end, runs in a subshell beside that.
WRAPPER = '''#!/bin/sh
echo started >>{directory}/runs
export ASAN_OPTIONS=detect_leaks=1 UBSAN_OPTIONS=print_stacktrace=1
exec 3<&0
(
    {daemon} <&3 3<&- 2>>{directory}/stderr
    echo "ended $?" >>{directory}/runs
) &
exec 3<&-
wait
'''

libvirt.registerErrorHandler(lambda *_: None, None)


def host_dir(host):
    return os.path.join(HOSTS_DIR, host)


def without_zpci(xml):
    """The document without <zpci>, line by line: nothing else may have been touched."""
    lines = xml.split('\n')
    first = [number for number, line in enumerate(lines) if line.startswith('    <zpci ')]
    last = [number for number, line in enumerate(lines) if line == '    </zpci>']
    for start, end in reversed(list(zip(first, last))):
        del lines[start:end + 1]
    return '\n'.join(lines)


class ClientCase(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.directory = tempfile.mkdtemp(prefix='zpci-client-')
        self.addCleanup(shutil.rmtree, self.directory)
        self.daemon = os.path.join(self.directory, 'virtzpcid')
        self.write_wrapper([DAEMON])
        self.addCleanup(self.assert_daemons_ended_well)

    def write_wrapper(self, command):
        with open(self.daemon, 'w', encoding='utf-8') as script:
            script.write(WRAPPER.format(directory=self.directory, daemon=shlex.join(command)))
        os.chmod(self.daemon, 0o755)

    def read(self, name):
        try:
            with open(os.path.join(self.directory, name), encoding='utf-8') as stream:
                return stream.read()
        except FileNotFoundError:
            return ''

    def assert_daemons_ended_well(self):
        deadline = time.monotonic() + SECONDS
        while True:
            runs = self.read('runs').splitlines()
            if runs.count('started') * 2 == len(runs) or time.monotonic() > deadline:
                break
            time.sleep(0.01)
        self.assertEqual(set(runs) - {'started'}, {'ended 0'} if runs else set(),
                         self.read('stderr'))
        self.assertEqual(self.read('stderr'), '')

    def uri(self, root, daemon=None):
        """root is a captured host; None is this machine."""
        return ('nodedev+ext:///system?command=' + urllib.parse.quote(daemon or self.daemon)
                + ('' if root is None else '&root=' + urllib.parse.quote(root)))

    def virsh(self, root, *arguments, read_only=False):
        """Runs stock virsh on the captured host below root."""
        environment = dict(os.environ, LC_ALL='C')
        return subprocess.run(
            ['virsh', *(['-r'] if read_only else []), '-c', self.uri(root), *arguments],
            env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, encoding='utf-8', timeout=SECONDS, check=False)

    def virsh_output(self, root, *arguments, read_only=False):
        result = self.virsh(root, *arguments, read_only=read_only)
        self.assertEqual((result.returncode, result.stderr), (0, ''), arguments)
        return result.stdout

    def tool(self, *arguments):
        return subprocess.run([TOOL, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, encoding='utf-8', timeout=SECONDS,
                              check=False)

    def connect(self, root, read_only=False):
        """A python3-libvirt connection, closed when the test ends."""
        uri = self.uri(root)
        connection = libvirt.openReadOnly(uri) if read_only else libvirt.open(uri)
        self.addCleanup(connection.close)
        return connection

    def copy_host(self, host):
        """A copy of a shipped host that the test may damage."""
        root = os.path.join(self.directory, 'root')
        shutil.copytree(host_dir(host), root, symlinks=True)
        return root

    def assert_libvirt_error(self, code, message, call, *arguments):
        with self.assertRaises(libvirt.libvirtError) as raised:
            call(*arguments)
        self.assertEqual(raised.exception.get_error_code(), code, raised.exception)
        self.assertIn(message, str(raised.exception))

    def assert_golden(self, host, name, text):
        """Compares with a golden file, or writes it with ZPCI_REGENERATE=1."""
        path = os.path.join(GOLDEN_DIR, host, name)
        if REGENERATE:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, 'w', encoding='utf-8') as stream:
                stream.write(text)
        with open(path, encoding='utf-8') as stream:
            self.assertEqual(text, stream.read(), f'{path}: ZPCI_REGENERATE=1 writes it anew')
