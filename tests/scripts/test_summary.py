#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""scripts/test-summary on logs as Meson writes them."""

import json
import os
import subprocess
import tempfile
import unittest

SUMMARY = os.path.join(os.environ['ZPCI_SOURCE_DIR'], 'scripts/test-summary')
# The same tests as Meson 1.0 and as Meson 1.12 name them.
NAMES = (('libvirt-zpci:unit / number', 'libvirt-zpci:wire / stock'),
         ('unit - libvirt-zpci:number', 'wire - libvirt-zpci:stock'))


class TestSummary(unittest.TestCase):
    def summarize(self, results, **variables):
        environment = {name: value for name, value in os.environ.items() if name != 'CI'}
        with tempfile.NamedTemporaryFile('w', encoding='utf-8') as log:
            for name, result, *said in results:
                log.write(json.dumps({'name': name, 'result': result, **dict(*said)}) + '\n')
            log.flush()
            done = subprocess.run([SUMMARY, f'native={log.name}'], env={**environment, **variables},
                                  stdout=subprocess.PIPE, encoding='utf-8', check=False)
        return done.returncode, done.stdout.splitlines()

    def test_suites_and_names_of_each_meson(self):
        for names in NAMES:
            self.assertEqual(self.summarize(zip(names, ('OK', 'FAIL'))),
                             (1, ['Summary', '  native unit  1 passed', '  native wire  1 failed',
                                  '  failed (fail): native wire: stock', '1 passed, 1 failed']))

    def test_a_skipped_test_fails_where_nothing_may_be_missing(self):
        for ci, code, last in (('false', 0, '1 passed, 0 failed'), ('true', 1, '1 passed, 1 failed')):
            status, lines = self.summarize(zip(NAMES[0], ('OK', 'SKIP')), CI=ci)
            self.assertEqual((status, lines[-1]), (code, last))

    def test_what_a_failed_test_said_last_comes_first(self):
        number, stock = NAMES[0]
        many = ''.join(f'line {line}\n' for line in range(1000))
        _, lines = self.summarize(((number, 'OK', {'stdout': 'all is well\n'}),
                                   (stock, 'FAIL', {'stdout': many, 'stderr': 'AssertionError: 1 != 2\n'})))
        self.assertEqual(lines[0], 'native wire: stock said last')
        self.assertEqual(lines[-6:-4], ['  AssertionError: 1 != 2', 'Summary'])
        self.assertIn('  line 999', lines)
        self.assertNotIn('  line 900', lines)
        self.assertNotIn('  all is well', lines)

    def test_nothing_passed_is_no_success(self):
        self.assertEqual(self.summarize([]), (1, ['Summary', '0 passed, 0 failed']))


if __name__ == '__main__':
    unittest.main()
