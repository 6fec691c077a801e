# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Someone tries the examples of the manual, and looks for the files that it names."""

import os
import re
import subprocess
import unittest

from tool_case import PATIENCE, PROGRAM, SOURCE

# An indented line that begins with "$ "; the command goes on while lines end with "|", and what follows
# with the same indent is its output.
COMMAND = re.compile(r'^    \$ ((?:.*\|\n)*.*)\n((?:(?!    \$ )    .*\n|\n(?=    (?!\$ )))*)',
                     re.MULTILINE)

# A path of the source tree, as docs/internals.rst names it.
PATH = re.compile(r'``((?:src|schemas|data|docs|tests|scripts|po)/[^`]*)``')


def examples(path):
    for match in COMMAND.finditer(path.read_text(encoding='utf-8')):
        yield match.group(1), ''.join(line[4:] + '\n' for line in match.group(2).splitlines())


class Manual(unittest.TestCase):
    maxDiff = None

    def test_examples_print_what_stands_there(self):
        environment = dict(os.environ, PATH=f'{PROGRAM.parent}:{os.environ["PATH"]}')
        tried = 0
        for path in sorted((SOURCE / 'docs').glob('*.rst')):
            for command, output in examples(path):
                with self.subTest(page=path.name, command=command):
                    result = subprocess.run(['bash', '-c', command], cwd=SOURCE, env=environment,
                                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                            encoding='utf-8', timeout=PATIENCE, check=False)
                    self.assertEqual(result.stdout.rstrip('\n'), output.rstrip('\n'))
                    tried += 1
        self.assertGreater(tried, 5)

    def test_files_that_are_named_exist(self):
        named = PATH.findall((SOURCE / 'docs' / 'internals.rst').read_text(encoding='utf-8'))
        self.assertGreater(len(named), 50)
        self.assertEqual([path for path in named if not (SOURCE / path).exists()], [])


if __name__ == '__main__':
    unittest.main()
