# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Someone names a file in which there is nothing to read."""

import os
import tempfile
import unittest

from tool_case import FAILED, QEMU, SOURCE, USAGE, ToolCase, run

NODE = f'test://{SOURCE / "tests" / "data" / "domains" / "node.xml"}'
# What reads documents, and with which status it ends if it cannot; FILE stands for the file.
DOCUMENTS = ((('check', '-R', QEMU, 'FILE'), USAGE), (('validate', 'FILE'), USAGE),
             (('validate', '--host', '-R', QEMU, 'FILE'), USAGE),
             (('hostdev', '-R', QEMU, 'uid=5', '-x', 'FILE'), FAILED),
             (('attach', '-c', NODE, '-R', QEMU, 'zguest', '-x', 'FILE'), FAILED),
             (('detach', '-c', NODE, '-R', QEMU, 'zguest', '-x', 'FILE'), FAILED))
READERS = (*DOCUMENTS, (('decode', 'FILE'), FAILED))
MAXIMUM = 16 * 1024 * 1024


class Files(ToolCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.directory = holder.name

    def write(self, content):
        path = os.path.join(self.directory, 'some.xml')
        with open(path, 'wb') as stream:
            stream.write(content)
        return path

    def refuse(self, readers, path, reason, stdin=b''):
        """One line says which file it is, once, and what is wrong with it."""
        name = 'The standard input' if path == '-' else path
        for words, status in readers:
            with self.subTest(command=words[0]):
                complaint = self.fail_with(status, *(path if word == 'FILE' else word for word in words), stdin=stdin)
                self.assertIn(reason, complaint)
                self.assertEqual(complaint.count(name), 1, complaint)

    def test_without_a_byte(self):
        self.refuse(READERS, self.write(b''), ' is empty.')
        self.refuse(READERS, '-', ' is empty.')

    def test_that_are_not_there(self):
        self.refuse(READERS[1:], os.path.join(self.directory, 'nosuch'), 'No such file or directory')

    def test_that_are_directories(self):
        self.refuse(READERS, self.directory, 'Is a directory')

    def test_that_cannot_be_read(self):
        self.refuse(READERS, '/proc/self/mem', 'Input/output error')

    def test_that_are_too_large(self):
        path = self.write(b'')
        os.truncate(path, MAXIMUM + 1)
        self.refuse(DOCUMENTS, path, f'larger than the {MAXIMUM} bytes')
        self.refuse(READERS[-1:], path, 'larger than the ')

    def test_with_white_space_only(self):
        self.refuse(DOCUMENTS, self.write(b' \t\r\n\n'), 'empty but for white space')

    def test_with_zero_bytes(self):
        path = self.write(b'<domain>\n\0</domain>')
        self.refuse(DOCUMENTS[:1] + DOCUMENTS[3:], path, 'zero byte at offset 9')
        self.refuse(DOCUMENTS[:1] + DOCUMENTS[3:], self.write(b'<domain/>\0<domain>'), 'zero byte at offset 9')
        result = run('validate', self.write(b'<domain>\n\0</domain>'))
        self.assertEqual((result.returncode, result.stderr), (FAILED, ''))
        self.assertRegex(result.stdout, rf'\A{path}:2: error: [^\n]* zero byte at offset 9\.\n\Z')

    def test_as_json(self):
        path = self.write(b'')
        result = run('validate', '--json', path)
        self.assertEqual(result.returncode, USAGE)
        self.assertIn(f'"error" : "{path} is empty."', result.stdout)

    def test_with_a_document_that_is_none(self):
        self.refuse(DOCUMENTS[:1] + DOCUMENTS[3:], self.write(b'<domain'), 'not well-formed')


if __name__ == '__main__':
    unittest.main()
