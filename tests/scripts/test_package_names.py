#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""scripts/packages on machines of several releases, with package tools that only tell what they were asked."""

import os
import subprocess
import tempfile
import unittest

PACKAGES = os.path.join(os.environ['ZPCI_SOURCE_DIR'], 'scripts/packages')
GROUPS = ('build', 'client', 'test', 'style', 'cross', 'guest', 'package', 'release')
RELEASES = {'bookworm': ('debian', '12 (bookworm)'), 'trixie': ('debian', '13 (trixie)'),
            'forky': ('debian', 'forky/sid')}
# Names that are not in all releases, and those that have them.
ONLY = {**{f'libvirt-daemon-driver-{name}': ('trixie', 'forky')
           for name in ('interface', 'network', 'nodedev', 'nwfilter', 'secret', 'storage')}, 'qemu-system-s390x': ('trixie', 'forky'),
        'qemu-system-riscv': ('trixie', 'forky'), 'qemu-system-misc': ('bookworm',),
        'qemu-user-static': ('bookworm',), 'qemu-user': ('trixie', 'forky'), 'systemd-dev': ('trixie', 'forky')}
NOTHING_IS_INSTALLED = 'exit 1'


class TestPackageNames(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix='zpci-packages-')
        self.addCleanup(directory.cleanup)
        self.directory = directory.name
        self.write_program('dpkg-query', NOTHING_IS_INSTALLED)
        self.write_program('sudo', 'exec "$@"')

    def write_program(self, name, body):
        path = os.path.join(self.directory, name)
        with open(path, 'w', encoding='utf-8') as stream:
            stream.write(f'#!/bin/sh\n{body}\n')
        os.chmod(path, 0o755)

    def packages(self, codename, *arguments):
        """Runs the script on a machine of this release."""
        system, version = RELEASES.get(codename, ('ubuntu', '24.04'))
        release = os.path.join(self.directory, 'os-release')
        with open(release, 'w', encoding='utf-8') as stream:
            stream.write(f'ID={system}\nVERSION_CODENAME={codename}\nPRETTY_NAME="{system} {version}"\n')
        environment = dict(os.environ, PATH=f'{self.directory}:{os.environ["PATH"]}', ZPCI_OS_RELEASE=release)
        return subprocess.run([PACKAGES, *arguments], env=environment, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, encoding='utf-8', check=False)

    def names(self, codename, *groups):
        result = self.packages(codename, *groups)
        self.assertEqual((result.returncode, result.stderr), (0, ''))
        return set(result.stdout.split())

    def test_each_release_has_names_of_its_own(self):
        for codename in RELEASES:
            names = self.names(codename, *GROUPS)
            for name, codenames in ONLY.items():
                self.assertEqual(name in names, codename in codenames, (codename, name))
            self.assertLess({'gcc', 'clang-format', 'libvirt-daemon'}, names)

    def test_a_release_that_is_not_known_has_the_newest_names_with_one_warning(self):
        result = self.packages('noble', *GROUPS)
        self.assertEqual(result.returncode, 0)
        self.assertEqual(set(result.stdout.split()), self.names('forky', *GROUPS))
        self.assertEqual(len(result.stderr.splitlines()), 1)
        self.assertIn('ubuntu 24.04 is no release of Debian that is known here', result.stderr)

    def test_another_release_can_be_asked_for(self):
        result = self.packages('bookworm', '--release', 'sid', *GROUPS)
        self.assertEqual((result.returncode, result.stderr), (0, ''))
        self.assertEqual(set(result.stdout.split()), self.names('forky', *GROUPS))
        result = self.packages('bookworm', '--release', 'potato', *GROUPS)
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("no release 'potato'", result.stderr)

    def test_a_name_that_the_release_has_not_is_told_before_anything_is_installed(self):
        self.write_program('apt-get', f'echo "$@" >>{self.directory}/log')
        self.write_program('apt-cache', 'for name; do :; done; [ "$name" != jing ]')
        result = self.packages('trixie', '--install', 'test')
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("debian 13 (trixie) has no package named 'jing'", result.stderr)
        with open(os.path.join(self.directory, 'log'), encoding='utf-8') as log:
            self.assertEqual(log.read(), 'update -q\n')


if __name__ == '__main__':
    unittest.main()
