# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Someone asks for the URI of a host, and whether documents are valid."""

import os
import tempfile
import unittest
from urllib.parse import parse_qs, urlsplit

from tool_case import LPAR, QEMU, ToolCase, run


class Uri(ToolCase):
    def test_names_the_daemon_that_was_built_with_the_tool(self):
        uri = urlsplit(self.succeed('uri').rstrip('\n'))
        self.assertEqual((uri.scheme, uri.netloc, uri.path), ('nodedev+ext', '', '/system'))
        command, = parse_qs(uri.query)['command']
        self.assertTrue(os.access(command, os.X_OK), command)
        self.assertEqual(os.path.basename(command), 'virtzpcid')

    def test_names_a_captured_host_by_its_whole_path(self):
        result = run('uri', '--root', 'lpar-roce', cwd=LPAR.parent)
        query = parse_qs(urlsplit(result.stdout.rstrip('\n')).query)
        self.assertEqual(query['root'], [os.path.join(os.path.realpath(LPAR.parent), 'lpar-roce')])

    def test_escapes_what_a_uri_cannot_hold(self):
        with tempfile.TemporaryDirectory() as directory:
            root = os.path.join(directory, 'a host & more=%')
            os.symlink(QEMU, root)
            uri = self.succeed('uri', '-R', root).rstrip('\n')
            self.assertNotIn(' ', uri)
            self.assertEqual(parse_qs(urlsplit(uri).query)['root'], [root])

    def test_refuses_what_is_no_captured_host(self):
        self.assertIn('/nonexistent', self.fail_with(1, 'uri', '--root', '/nonexistent'))


class Validate(ToolCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.directory = holder.name
        self.good = self.write('good.xml', self.succeed('dumpxml', '-R', QEMU, 'uid=5'))

    def write(self, name, text):
        path = os.path.join(self.directory, name)
        with open(path, 'w', encoding='utf-8') as stream:
            stream.write(text)
        return path

    def damaged(self):
        with open(self.good, encoding='utf-8') as stream:
            text = stream.read()
        self.line = text[:text.index('<zpci')].count('\n') + 1
        return self.write('bad.xml', text.replace("uid='0x0005'", "uid='5'"))

    def test_says_nothing_of_a_good_document(self):
        self.assertEqual(self.succeed('validate', self.good, self.good), '')

    def test_names_file_and_line_of_a_fault(self):
        bad = self.damaged()
        result = run('validate', self.good, bad)
        self.assertEqual((result.returncode, result.stderr), (1, ''))
        self.assertRegex(result.stdout, rf'\A{bad}:{self.line}: error: [^\n]+\n\Z')

    def test_reads_standard_input(self):
        with open(self.damaged(), 'rb') as stream:
            result = run('validate', '-', stdin=stream.read())
        self.assertEqual(result.returncode, 1)
        self.assertRegex(result.stdout, rf'\A-:{self.line}: error: ')

    def test_what_cannot_be_judged_outweighs_a_fault(self):
        foreign = self.write('network.xml', '<network/>\n')
        result = run('validate', foreign, self.damaged(), self.good)
        self.assertEqual(result.returncode, 2)
        self.assertEqual(result.stdout.count('\n'), 1)
        self.assertRegex(result.stderr, rf"\Avirt-zpci: {foreign}: [^\n]*'network'[^\n]*\n\Z")
        self.assertIn('/nonexistent', self.fail_with(2, 'validate', '/nonexistent'))

    def test_a_document_that_is_no_xml_has_a_fault(self):
        result = run('validate', '-', stdin=b'uid=5\n')
        self.assertEqual(result.returncode, 1)
        self.assertRegex(result.stdout, r'\A-:1: error: [^\n]*not well-formed')


if __name__ == '__main__':
    unittest.main()
