# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""The source tree as the style rules see it, and the little C that they need to understand."""

import os
import re

SKIPPED_DIRECTORIES = {'.git', '.cache', '__pycache__', 'node_modules'}
COMMENT_OR_STRING = re.compile(
    r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.DOTALL)
STRING = re.compile(r'"(?:\\.|[^"\\\n])*"')
INCLUDE = re.compile(r'^\s*#\s*include\s+(["<])([^">]+)[">]')
# The formatter puts the name of a function that is defined at the start of its line.
DEFINITION = re.compile(r'^(?!G_DEFINE_)([a-zA-Z_]\w*)\((?:[^;{}]*)\)\n\{$', re.MULTILINE)


def _blank(match):
    """Takes comments and the inside of strings away, keeps the lines."""
    text = match.group(0)
    if text[0] in '"\'':
        return text[0] + text[-1]
    return '\n' * text.count('\n') or ' '


class Function:
    def __init__(self, name, static, first, last):
        self.name = name
        self.static = static
        self.first = first
        self.last = last

    @property
    def lines(self):
        """From the name to the closing brace."""
        return self.last - self.first + 1


class SourceFile:
    """One file; path is relative to the tree, with slashes."""

    def __init__(self, root, path):
        self.path = path
        self.name = path.rpartition('/')[2]
        self.stem, _, self.suffix = self.name.rpartition('.')
        self.directory = path.rpartition('/')[0]
        with open(os.path.join(root, path), 'rb') as stream:
            self.bytes = stream.read()
        self.text = self.bytes.decode('utf-8', 'replace')
        self.lines = self.text.split('\n')

    @property
    def is_c(self):
        return self.suffix in ('c', 'h')

    @property
    def is_binary(self):
        return b'\0' in self.bytes

    @property
    def code(self):
        """The C text without comments and without what strings say, line for line."""
        return COMMENT_OR_STRING.sub(_blank, self.text)

    @property
    def without_comments(self):
        """The same with what strings say."""
        return COMMENT_OR_STRING.sub(lambda match: match.group(0) if match.group(0)[0] in '"\'' else _blank(match),
                                     self.text)

    def includes(self):
        """Yields (line number, is system header, name)."""
        for number, line in enumerate(self.lines, 1):
            match = INCLUDE.match(line)
            if match:
                yield number, match.group(1) == '<', match.group(2)

    def strings(self):
        """Yields (line number, text between the quotes), comments left out."""
        for match in COMMENT_OR_STRING.finditer(self.text):
            if match.group(0).startswith('"'):
                yield self.line_of(match.start()), match.group(0)[1:-1]

    def functions(self):
        """Yields the functions that are defined here."""
        code = self.code
        for match in DEFINITION.finditer(code):
            first = self.line_of(match.start(), code)
            closing = code.find('\n}', match.end())
            head = code[:match.start()].rstrip('\n').rpartition('\n')[2]
            yield Function(match.group(1), 'static' in head.split(), first,
                           self.line_of(closing + 1, code))

    def line_of(self, offset, text=None):
        return (self.text if text is None else text).count('\n', 0, offset) + 1

    def at(self, line, message):
        return f'{self.path}:{line}: {message}'


class Tree:
    """All files of the project: what is below the root, without build directories."""

    def __init__(self, root):
        self.root = os.path.abspath(root)
        self._files = None

    @property
    def files(self):
        if self._files is None:
            self._files = [SourceFile(self.root, path) for path in self._paths()]
        return self._files

    def _paths(self):
        for directory, names, files in os.walk(self.root):
            names[:] = sorted(name for name in names if not self._is_skipped(directory, name))
            for name in sorted(files):
                path = os.path.join(directory, name)
                if not os.path.islink(path):
                    yield os.path.relpath(path, self.root).replace(os.sep, '/')

    def _is_skipped(self, directory, name):
        at_top = os.path.abspath(directory) == self.root
        return (name in SKIPPED_DIRECTORIES or (at_top and name.startswith('build'))
                or os.path.islink(os.path.join(directory, name)))

    def below(self, *directories):
        return [file for file in self.files
                if any(file.path.startswith(directory + '/') for directory in directories)]

    def find(self, path):
        return next((file for file in self.files if file.path == path), None)

    def c_files(self, *directories):
        return [file for file in self.below(*(directories or ('src',))) if file.is_c]
