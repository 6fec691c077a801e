#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""README.md's table of what is tested where is what scripts and .ci/run do, and what this machine has."""

import os
import re
import subprocess
import unittest

SOURCE = os.environ['ZPCI_SOURCE_DIR']
COLUMNS = {'bookworm': 'Debian 12', 'trixie': 'Debian 13', 'sid': 'Debian sid'}
NOT_TESTED = ('Fedora', 'openSUSE, SLES')
VERSIONS = {'libvirt': ('pkg-config', '--modversion', 'libvirt'),
            'libxml2': ('pkg-config', '--modversion', 'libxml-2.0'),
            'GLib': ('pkg-config', '--modversion', 'glib-2.0'),
            'gcc': ('gcc', '-dumpfullversion')}
OR_NEWER = ' or newer'


def read(*path):
    with open(os.path.join(SOURCE, *path), encoding='utf-8') as stream:
        return stream.read()


def output(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, encoding='utf-8', check=False).stdout.strip()


def shell_lib(command):
    return output('sh', '-euc', f'. "$1" && {command}', 'sh', os.path.join(SOURCE, 'scripts/lib.sh'))


def two_numbers(version):
    return tuple(int(number) for number in version.split('.')[:2])


class TestReleases(unittest.TestCase):
    def setUp(self):
        found = re.search(r'(?m)^\| tested \|.*\n\|[-|]+\|\n((?:\|.*\n)+)', read('README.md'))
        self.assertIsNotNone(found)
        head, _, *body = ([cell.strip() for cell in line.strip('|').split('|')]
                          for line in found[0].rstrip('\n').split('\n'))
        self.columns = head[1:]
        self.rows = {row[0]: dict(zip(self.columns, row[1:])) for row in body}

    def test_its_columns_are_the_releases_that_scripts_know(self):
        self.assertEqual(shell_lib('echo "$debian_releases"').split(), list(COLUMNS))
        self.assertEqual(tuple(self.columns), (*COLUMNS.values(), *NOT_TESTED))
        self.assertEqual(set(self.rows), {'suites', *VERSIONS})
        for row in self.rows.values():
            self.assertEqual({row[column] for column in NOT_TESTED}, {'not tested'})

    def test_all_suites_run_but_those_that_the_other_releases_leave_out(self):
        release = re.search(r'(?ms)^check_release\(\) \{.*?^\}', read('scripts/check'))[0]
        always, of_sid = ([{'cross': 's390x'}.get(name, name) for name in re.findall(r'--no-(\w+)', line)]
                          for line in release.split('\n') if 'less=' in line)
        self.assertEqual((always.pop(), of_sid), ('releases', ['style']))
        self.assertIn('"$1" != sid', release)
        expected = {'Debian 12': 'all', 'Debian 13': 'all but ' + ', '.join(always),
                    'Debian sid': 'all but ' + ', '.join(of_sid + always)}
        self.assertEqual({column: self.rows['suites'][column] for column in COLUMNS.values()}, expected)
        self.assertRegex(read('.ci/run'), r'(?m)^export CI=true\nexec scripts/check "\$@"$')

    def test_the_versions_are_those_of_this_machine(self):
        here = shell_lib('debian_release || true')
        for name, command in VERSIONS.items() if here else ():
            said = self.rows[name][COLUMNS[here]]
            found = two_numbers(output(*command))
            with self.subTest(name, found=found):
                self.assertEqual(said.endswith(OR_NEWER), here == 'sid')
                if here == 'sid':
                    self.assertGreaterEqual(found, two_numbers(said.removesuffix(OR_NEWER)))
                else:
                    self.assertEqual(found, two_numbers(said))


if __name__ == '__main__':
    unittest.main()
