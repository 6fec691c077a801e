#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Every document of good/ is valid; every one of bad/ fails at the elements that it names.

In bad/, a comment "bad: NAME" stands on the line above each element <NAME> at which the document
must fail. Our library, xmllint and jing must be of one mind, our library and jing about the lines too.
"""

import glob
import os
import re
import unittest

from schema_judges import ask_jing, ask_tool, ask_xmllint, root_name

HERE = os.path.dirname(os.path.realpath(__file__))


def samples(directory):
    return sorted(glob.glob(os.path.join(HERE, directory, '*.xml')))


def read_marks(path):
    """The (line, element) pairs that a bad sample names."""
    marks = []
    with open(path, encoding='utf-8') as file:
        lines = file.read().splitlines()
    for number, line in enumerate(lines, 1):
        mark = re.search(r'<!-- bad: ([\w-]+) -->', line)
        if mark:
            marks.append((number + 1, mark.group(1)))
    return marks


class Samples(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.good, cls.bad = samples('good'), samples('bad')
        paths = cls.good + cls.bad
        cls.tool, cls.xmllint, cls.jing = ask_tool(paths), ask_xmllint(paths), ask_jing(paths)

    def test_both_kinds_have_both(self):
        for paths in self.good, self.bad:
            self.assertEqual({root_name(path) for path in paths}, {'device', 'domain', 'hostdev', 'interface'})

    def test_good_ones_are_valid(self):
        for path in self.good:
            with self.subTest(os.path.relpath(path, HERE)):
                self.assertEqual(self.tool[path], [])
                self.assertTrue(self.xmllint[path])
                self.assertEqual(self.jing[path], set())

    def test_bad_ones_name_an_element_that_stands_there(self):
        for path in self.bad:
            with self.subTest(os.path.relpath(path, HERE)):
                with open(path, encoding='utf-8') as file:
                    lines = file.read().splitlines()
                self.assertNotEqual(read_marks(path), [])
                for line, element in read_marks(path):
                    self.assertRegex(lines[line - 1], rf'^ *<{element}[ />]')

    def test_bad_ones_fail_at_the_element_that_they_name(self):
        for path in self.bad:
            with self.subTest(os.path.relpath(path, HERE)):
                marks = read_marks(path)
                self.assertEqual([line for line, _ in self.tool[path]], [line for line, _ in marks])
                for (_, element), (_, message) in zip(marks, self.tool[path]):
                    self.assertRegex(message, rf"\b(?i:element) '?{element}\b")

    def test_bad_ones_are_invalid_to_the_others(self):
        for path in self.bad:
            with self.subTest(os.path.relpath(path, HERE)):
                self.assertFalse(self.xmllint[path])
                self.assertEqual(self.jing[path], {line for line, _ in read_marks(path)})


if __name__ == '__main__':
    unittest.main()
