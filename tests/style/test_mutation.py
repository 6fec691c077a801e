#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""scripts/mutation makes faults in code, and in nothing else."""

import importlib.machinery
import importlib.util
import os
import unittest

PATH = os.path.join(os.environ['ZPCI_SOURCE_DIR'], 'scripts/mutation')
LOADER = importlib.machinery.SourceFileLoader('mutation', PATH)
mutation = importlib.util.module_from_spec(importlib.util.spec_from_loader('mutation', LOADER))
LOADER.exec_module(mutation)


def source(*lines):
    return '\n'.join(['static int', 'f(int a)', '{', *(f'    {line}' for line in lines), '}', ''])


def faults(*lines):
    """What comes out of each fault: the lines that are not as they were."""
    text = source(*lines)
    found = []
    for fault in mutation.find_faults('a.c', text):
        before, after = text.split('\n'), mutation.put_in(text, fault).split('\n')
        found += [new.strip() for old, new in zip(before, after) if old != new]
    return found


class Faults(unittest.TestCase):
    def test_each_comparison_is_turned_round_or_moved(self):
        self.assertEqual(faults('if (a < b)'), ['if (a <= b)'])
        self.assertEqual(faults('if (a >= b)'), ['if (a > b)'])
        self.assertEqual(faults('if (a == b && c)'), ['if (a != b && c)', 'if (a == b || c)'])
        self.assertEqual(faults('if (!a)'), ['if (a)'])

    def test_results_and_numbers(self):
        self.assertEqual(faults('return TRUE;'), ['return FALSE;'])
        self.assertEqual(faults('a = b[3];'), ['a = b[4];', ';'])
        self.assertEqual(faults('return 0xf0;'), ['return 0xf1;'])
        self.assertEqual(faults('return a + b;'), ['return a - b;'])

    def test_statements_are_left_out_and_declarations_are_not(self):
        self.assertEqual(faults('g_string_append(text, name);'), [';'])
        self.assertEqual(faults('continue;'), [';'])
        self.assertEqual(faults('g_autoptr(GError) error = NULL;'), [])
        self.assertEqual(faults('const char *name = text;'), [])
        self.assertEqual(faults('g_free(text);', 'close(fd);'), [])

    def test_words_are_not_code(self):
        self.assertEqual(faults('/* if a < b && c == 1 */', '// a == b', 'return name["1 == 2 && 3"];'), [])
        self.assertEqual(faults('g_assert(a == b);'), [])
        # It begins in one line and ends in another.
        self.assertEqual(faults('/* a == b', ' * and c < d */'), [])

    def test_what_is_in_no_function_stays(self):
        text = '#define A 1\nstatic const int b[] = { 1, 2 };\n' + source('return a;')
        self.assertEqual(mutation.find_faults('a.c', text), [])

    def test_a_fault_says_where_it_is(self):
        fault, = mutation.find_faults('src/a.c', source('return a ==', '       b;'))
        self.assertEqual((fault.line, fault.column, fault.old, fault.new), (4, 13, '==', '!='))
        self.assertEqual(mutation.describe(fault, source('return a ==', '       b;')),
                         'src/a.c:4: return a ==   [== -> !=]')

    def test_the_same_seed_chooses_the_same(self):
        first, second = (mutation.choose(['src/util'], seed) for seed in (1, 1))
        self.assertEqual(first, second)
        self.assertNotEqual(first, mutation.choose(['src/util'], 2))
        self.assertGreater(len(first), 100)


if __name__ == '__main__':
    unittest.main()
