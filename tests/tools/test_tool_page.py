# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Someone makes a page of a host, and somebody else opens it in a browser."""

import html.parser
import json
import os
import pathlib
import re
import shutil
import struct
import subprocess
import tempfile
import unittest

from tool_case import FAILED, LPAR, PROGRAM, QEMU, STATES, ToolCase

PATIENCE = 240
LOGS = pathlib.Path(os.environ['ZPCI_BUILD_DIR']) / 'meson-logs'
BROWSER = ('chromium-headless-shell', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage')
CELL_ENDS = {'td', 'th'}
LINE_ENDS = {'tr', 'p', 'h1', 'h2', 'li', 'summary', 'title'}


class Reader(html.parser.HTMLParser):
    """The text of a page, a row of a table in one line; its elements and what they refer to."""

    def __init__(self, page):
        super().__init__()
        self.text, self.tags, self.ids, self.links, self.hidden = '', set(), [], [], False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.hidden = tag == 'style'
        self.ids += [value for key, value in attrs if key == 'id']
        self.links += [value for key, value in attrs if key in ('href', 'src')]

    def handle_endtag(self, tag):
        self.hidden = False
        self.text += ' | ' if tag in CELL_ENDS else '\n' if tag in LINE_ENDS else ''

    def handle_data(self, data):
        if not self.hidden:
            self.text += data.strip('\n')


class PageCase(ToolCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.directory = pathlib.Path(holder.name)
        self.page = self.directory / 'page.html'

    def report(self, root):
        self.assertEqual(self.succeed('report', '-R', root, self.page), '')
        return self.page.read_text(encoding='utf-8')

    def copy_host(self):
        root = self.directory / 'host'
        shutil.copytree(QEMU, root, symlinks=True)
        return root, root / 'sys/devices/pci0005:00/0005:00:00.0'

    def browse(self, *words):
        """What a browser prints that opens the page, with its scripts allowed."""
        result = subprocess.run([*BROWSER, f'--user-data-dir={self.directory}/profile', *words, self.page.as_uri()],
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding='utf-8',
                                timeout=PATIENCE, check=False)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout


class Text(PageCase):
    def test_is_as_reviewed(self):
        for root in (LPAR, STATES):
            with self.subTest(host=root.name):
                text = Reader(self.report(root)).text
                text = re.sub(r'virt-zpci \S+ on \S+ \S+ UTC', 'virt-zpci VERSION on DATE', text)
                self.assert_golden(text.replace(str(root), root.name), f'report-{root.name}.txt')

    def test_has_all_facts_with_their_sources(self):
        text = Reader(self.report(LPAR)).text
        for function in json.loads(self.succeed('list', '--all', '--json', '-R', LPAR))['functions']:
            part = text.partition(f'\n{function["name"]}\n')[2]
            for name, source in function['provenance'].items():
                row = re.search(rf'^{name} \| .* \| (.*) \| $', part, re.MULTILINE)
                self.assertEqual(row[1], source, f'{function["name"]}: {name}')
            for sentence in (*function['missing'].values(), *function['warnings']):
                self.assertIn(sentence, text)

    def test_refers_to_nothing_but_itself(self):
        page = Reader(self.report(LPAR))
        self.assertGreater(len(page.links), 5)
        self.assertEqual(sorted(page.links), sorted('#' + name for name in page.ids))
        self.assertEqual(page.tags & {'script', 'link', 'img', 'iframe', 'object', 'base'}, set())

    def test_of_a_host_without_functions(self):
        root, function = self.copy_host()
        shutil.rmtree(root / 'sys/bus/pci/devices')
        (root / 'sys/bus/pci/devices').mkdir()
        self.assertIn('This host has no zPCI functions.', self.report(root))
        self.assertTrue(function.exists())

    def test_warns_of_sources_that_disagree(self):
        root, function = self.copy_host()
        (function / 'pchid').write_text('0x01c0\n')
        self.assertRegex(Reader(self.report(root)).text,
                         '\npci_0005_00_00_0: .*0x0000 according to vfio.*0x01c0 according to sysfs')

    def test_goes_into_a_directory(self):
        self.succeed('report', '-R', QEMU, self.directory)
        self.assertTrue((self.directory / 'virt-zpci-report.html').exists())

    def test_that_does_not_fit_leaves_what_was_there(self):
        self.page.write_text('old')
        result = subprocess.run(['bash', '-c', 'trap "" XFSZ; ulimit -f 4; exec "$@"', 'bash', PROGRAM, 'report',
                                 '-R', LPAR, self.page], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                encoding='utf-8', timeout=PATIENCE, check=False)
        self.assertEqual(result.returncode, FAILED)
        self.assertRegex(result.stderr, r'\Avirt-zpci: Writing the output failed: .*File too large')
        self.assertEqual(self.page.read_text(), 'old')
        self.assertEqual([*self.directory.iterdir()], [self.page])


class Browser(PageCase):
    def test_shows_what_the_page_says(self):
        written = Reader(self.report(LPAR))
        shown = Reader(self.browse('--dump-dom'))
        self.assertEqual(shown.text.split(), written.text.split())
        self.assertEqual(shown.ids, written.ids)

    def test_draws_it(self):
        self.report(LPAR)
        picture = LOGS / 'report-lpar-roce.png'
        picture.unlink(missing_ok=True)
        self.browse(f'--screenshot={picture}', '--window-size=1400,1000')
        content = picture.read_bytes()
        self.assertEqual(content[:8], b'\x89PNG\r\n\x1a\n')
        self.assertEqual(struct.unpack('>II', content[16:24]), (1400, 1000))
        # A white page of this size has less than a tenth of it.
        self.assertGreater(len(content), 50000)

    def test_runs_and_loads_nothing_that_the_host_says(self):
        root, function = self.copy_host()
        evil = '<script>document.title="ran"<\\script><img src=x onerror=document.title="ran">"\'&amp;'
        (function / 'driver').unlink()
        (function / 'driver').symlink_to('../../../bus/pci/drivers/' + evil)
        self.report(root)
        shown = Reader(self.browse('--dump-dom'))
        self.assertIn(evil, shown.text)
        self.assertNotIn('ran\n', shown.text)
        self.assertEqual(shown.tags & {'script', 'img'}, set())


if __name__ == '__main__':
    unittest.main()
