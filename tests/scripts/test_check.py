#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""scripts/check, with builds and clean systems that only tell what they were asked, and pass one test each."""

import os
import shutil
import subprocess
import tempfile
import unittest

SCRIPTS = os.path.join(os.environ['ZPCI_SOURCE_DIR'], 'scripts')
REAL = ('check', 'lib.sh', 'test-summary')
TELL = '#!/bin/sh\nset -eu\necho "${0##*/} $*" >>"$DOUBLES_LOG"\n'
ONE_PASSES = '''mkdir -p "$build/meson-logs"
echo '{"name": "libvirt-zpci:unit / number", "result": "OK"}' >"$build/meson-logs/${log:-testlog}.json"
'''
MESON = TELL + '''command=$1 && shift
while [ $# -gt 0 ]; do
    case $1 in
    -C) build=$2 ;;
    --logbase) log=$2 ;;
    esac
    shift
done
[ "$command" = test ] || exit 0
''' + ONE_PASSES
IN_RELEASE = TELL + '''case " $BROKEN " in
*" $1 "*) exit 1 ;;
esac
[ "$2" != --make ] || exit 0
build=build-$1
''' + ONE_PASSES
SYSTEMS = {'bookworm': ('trixie', 'sid'), 'trixie': ('bookworm', 'sid'), 'noble': ('bookworm', 'trixie', 'sid')}
LEFT_OUT = '--no-cross --no-guest --no-package --no-releases'


class TestCheck(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory(prefix='zpci-check-')
        self.addCleanup(directory.cleanup)
        self.top = directory.name
        self.log = os.path.join(self.top, 'log')
        for name in REAL:
            os.makedirs(os.path.join(self.top, 'scripts'), exist_ok=True)
            shutil.copy(os.path.join(SCRIPTS, name), os.path.join(self.top, 'scripts', name))
        for path in ('scripts/packages', 'scripts/cross-sysroot', 'scripts/guest', 'tests/guest/build-kernel'):
            self.write_program(path, TELL)
        self.write_program('scripts/in-release', IN_RELEASE)
        self.write_program('bin/meson', MESON)

    def write_program(self, name, text):
        path = os.path.join(self.top, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'w', encoding='utf-8') as stream:
            stream.write(text)
        os.chmod(path, 0o755)

    def check(self, *arguments, codename='bookworm', ci='', broken=''):
        """Runs it on a machine of this release: its status, its lines, and what it asked others."""
        release = os.path.join(self.top, 'os-release')
        with open(release, 'w', encoding='utf-8') as stream:
            stream.write(f'ID={"ubuntu" if codename == "noble" else "debian"}\nVERSION_CODENAME={codename}\n')
        with open(self.log, 'w', encoding='utf-8'):
            pass
        environment = dict(os.environ, CI=ci, BROKEN=broken, ZPCI_OS_RELEASE=release, DOUBLES_LOG=self.log,
                           PATH=f'{self.top}/bin:{os.environ["PATH"]}')
        done = subprocess.run([os.path.join(self.top, 'scripts/check'), *arguments], env=environment,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding='utf-8', check=False)
        with open(self.log, encoding='utf-8') as log:
            return done.returncode, done.stdout.splitlines(), log.read().splitlines()

    def assert_releases(self, asked, names):
        self.assertEqual([line for line in asked if line.startswith('in-release') and '--make' not in line],
                         [f'in-release {name} scripts/check --build build-{name} '
                          + ('--no-style ' if name == 'sid' else '') + LEFT_OUT for name in names])

    def test_continuous_integration_leaves_nothing_out(self):
        for codename, names in SYSTEMS.items():
            status, lines, asked = self.check(codename=codename, ci='true')
            self.assertEqual((status, lines[-1]), (0, f'{4 + len(names)} passed, 0 failed'))
            self.assert_releases(asked, names)
            self.assertIn('packages --install build client test style cross guest package release', asked)

    def test_a_person_gets_the_other_releases_on_demand(self):
        for arguments, ci, names in (((), '', ()), (('--releases',), '', SYSTEMS['bookworm']),
                                     (('--no-releases',), 'true', ())):
            status, lines, asked = self.check(*arguments, ci=ci)
            self.assertEqual((status, lines[-1]), (0, f'{4 + len(names)} passed, 0 failed'))
            self.assert_releases(asked, names)

    def test_one_release_alone(self):
        for name in ('bookworm', 'sid'):
            status, lines, asked = self.check('--release', name)
            self.assertEqual((status, lines[-1]), (0, '1 passed, 0 failed'))
            self.assertEqual(asked[0], 'packages --install release')
            self.assert_releases(asked, (name,))
            self.assertFalse([line for line in asked if line.startswith('meson')])

    def test_a_release_that_cannot_be_made_fails(self):
        status, lines, _ = self.check(ci='true', broken='trixie')
        self.assertEqual((status, lines[-1]), (1, '5 passed, 1 failed'))
        self.assertIn('  failed (no result): trixie: this run did not get as far as its tests', lines)

    def test_results_of_an_earlier_run_do_not_count(self):
        self.check('--release', 'sid')
        status, lines, _ = self.check('--release', 'sid', broken='sid')
        self.assertEqual((status, lines[-1]), (1, '0 passed, 1 failed'))

    def test_where_the_time_went(self):
        _, lines, _ = self.check(ci='true')
        parts = [line.split(None, 1)[1] for line in lines[1:lines.index('Summary')]]
        self.assertEqual(lines[0], 'Minutes')
        self.assertLess({'packages', 'native: building', 'native: testing', 's390x: testing', 'guest: making it',
                         'package: testing', 'sid: making it', 'sid: building and testing'}, set(parts))
        self.assertEqual(parts[-1], 'in all')

    def test_a_release_that_is_not_known(self):
        status, lines, asked = self.check('--release', 'potato')
        self.assertEqual((status, lines, asked), (1, [], []))


if __name__ == '__main__':
    unittest.main()
