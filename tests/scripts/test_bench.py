#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""What scripts/bench takes, and how its table judges. What it measures is no test."""

import os
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

SOURCE = os.environ['ZPCI_SOURCE_DIR']
BENCH = os.path.join(SOURCE, 'scripts/bench')
for directory in ('tests/bench', 'tests/client'):
    sys.path.insert(0, os.path.join(SOURCE, directory))

import bench_table  # noqa: E402
import served_daemons  # noqa: E402
from bench_table import Sample  # noqa: E402


def bench(*arguments):
    return subprocess.run([BENCH, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          encoding='utf-8', check=False)


class TestBench(unittest.TestCase):
    def test_help(self):
        done = bench('--help')
        self.assertEqual((done.returncode, done.stderr), (0, ''))
        self.assertIn('Usage: scripts/bench', done.stdout)

    def test_the_emulated_machine_goes_with_nothing_else(self):
        for other in ('200', '--interfaces', '--one-processor'):
            done = bench(other, '--guest')
            self.assertEqual((done.returncode, done.stdout), (1, ''), other)
            self.assertIn('--guest goes with nothing else', done.stderr)

    def test_what_is_no_number_of_functions_is_refused(self):
        for argument in ('0', '65536', '-1', '2k', '', '1000000'):
            done = bench(argument)
            self.assertEqual((done.returncode, done.stdout), (1, ''), argument)
            self.assertRegex(done.stderr, '^bench: .*' + argument)


class TestTable(unittest.TestCase):
    def test_both_targets_must_be_reached(self):
        for ours, word in ((Sample(5e-5, 2e-5), 'yes'), (Sample(6e-5, 1e-5), 'no'),
                           (Sample(1e-5, 3e-5), 'no')):
            row = bench_table.row_of_calls('XML', ours, Sample(1e-4, 1e-4))
            self.assertEqual(row[-2:], ('0.5, CPU 0.2', word))

    def test_what_has_no_target_is_not_judged(self):
        row = bench_table.row_of_calls('empty call', Sample(2e-3, 1.5), Sample(1e-3, 3))
        self.assertEqual(row, ('empty call', '2 ms', '1 ms', '2.000', '1.5 s', '3 s', '0.500', '', ''))

    def test_memory_is_judged_without_processor_time(self):
        self.assertEqual(bench_table.row_of_memory(10240, 20480),
                         ('memory', '10.0 MiB', '20.0 MiB', '0.500', '', '', '', '0.5', 'yes'))

    def test_the_median_is_of_each_kind(self):
        sample = bench_table.median([Sample(1, 30), Sample(3, 10), Sample(2, 20)])
        self.assertEqual((sample.elapsed, sample.cpu), (2, 20))


class TestDaemons(unittest.TestCase):
    def test_both_look_at_the_same_tree(self):
        """A copy would be on another file system, and its making would count as the stock daemon's start."""
        def launch(daemon):
            daemon.process = mock.Mock(pid=1)

        with tempfile.TemporaryDirectory(prefix='zpci-bench-') as root, \
                mock.patch.object(served_daemons.Stock, 'launch', launch):
            os.mkdir(os.path.join(root, 'sys'))
            with served_daemons.Stock(root) as stock:
                self.assertTrue(os.path.samefile(stock.sysfs, os.path.join(root, 'sys')))
            self.assertTrue(os.path.isdir(os.path.join(root, 'sys')))


if __name__ == '__main__':
    unittest.main()
