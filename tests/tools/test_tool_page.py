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

from tool_case import FAILED, LPAR, OK, PROGRAM, QEMU, SOURCE, STATES, ToolCase, run

PATIENCE = 240
LOGS = pathlib.Path(os.environ['ZPCI_BUILD_DIR']) / 'meson-logs'
BROWSER = ('chromium-headless-shell', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage')
LEAKS = SOURCE / 'tests' / 'tools' / 'graphviz-leaks.txt'
BUILT_WITH_GRAPHVIZ = 'GRAPHVIZ_LIBRARY' in (pathlib.Path(os.environ['ZPCI_BUILD_DIR']) / 'config.h').read_text()
CELL_ENDS = {'td', 'th'}
LINE_ENDS = {'tr', 'p', 'h1', 'h2', 'summary', 'title', 'text', 'svg'}


class Reader(html.parser.HTMLParser):
    """The text of a page, a row of a table in one line; its elements and what they refer to."""

    def __init__(self, page):
        super().__init__()
        self.text, self.tags, self.ids, self.links, self.hidden = '', set(), [], [], False
        self.attributes, self.picture, self.depth, self.is_drawn = set(), '', 0, False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {key for key, _ in attrs}
        self.hidden = tag == 'style'
        self.is_drawn = tag == 'text'
        self.depth += tag == 'ul'
        if tag == 'li':
            self.text = self.text.rstrip('\n') + '\n' + '  ' * (self.depth - 1) + '- '
        self.ids += [value for key, value in attrs if key == 'id']
        self.links += [value for key, value in attrs if key in ('href', 'src')]

    def handle_endtag(self, tag):
        self.hidden = False
        if tag in ('ul', 'text', 'svg'):
            self.depth -= tag == 'ul'
            self.is_drawn = False
            self.picture += '\n'
            self.text += '\n' if tag == 'ul' and self.depth == 0 else ''
        self.text += ' | ' if tag in CELL_ENDS else '\n' if tag in LINE_ENDS else ''

    def handle_data(self, data):
        if not self.hidden:
            self.text += data.strip('\n')
        if self.is_drawn:
            self.picture += data.strip('\n')


class PageCase(ToolCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.directory = pathlib.Path(holder.name)
        self.page = self.directory / 'page.html'

    def report(self, root, draws=False):
        """The page. Without plug-ins, Graphviz draws nothing, so that pages are the same wherever they are written."""
        environment = dict(os.environ, LSAN_OPTIONS=f'suppressions={LEAKS}:print_suppressions=0')
        if not draws:
            environment['GVBINDIR'] = str(self.directory / 'no-plug-ins')
        result = run('report', '-R', root, self.page, env=environment)
        self.assertEqual((result.returncode, result.stdout, result.stderr), (OK, '', ''))
        return self.page.read_text(encoding='utf-8')

    def copy_host(self):
        root = self.directory / 'host'
        shutil.copytree(QEMU, root, symlinks=True)
        return root, root / 'sys/devices/pci0005:00/0005:00:00.0'

    def names(self, root):
        """What hangs in the tree, line by line."""
        return [re.sub(r'\A[ |`-]*', '', line).split('  ')[0].split(' 0x000')[0].strip()
                for line in self.succeed('tree', '-R', root).splitlines()[1:]]

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


class Tree(PageCase):
    def test_is_lists_where_there_is_no_picture(self):
        page = self.report(LPAR)
        self.assertNotIn('<svg', page)
        lists = page.partition('<h2>What fails together</h2>')[2].partition('<h2>')[0]
        self.assertEqual([text.strip() for text in re.findall(r'<li>([^<]+)', lists)], self.names(LPAR))
        self.assertEqual((lists.count('<ul>'), lists.count('<li>')), (lists.count('</ul>'), lists.count('</li>')))

    def test_of_too_many_functions_is_lists(self):
        root, function = self.copy_host()
        for number in range(0x1000, 0x1000 + 200):
            copy = root / f'sys/devices/pci{number:04x}:00/{number:04x}:00:00.0'
            copy.mkdir(parents=True)
            for name in ('vendor', 'device', 'class', 'uid'):
                shutil.copy(function / name, copy)
            (copy / 'function_id').write_text(f'0x{number:08x}\n')
            (root / f'sys/bus/pci/devices/{copy.name}').symlink_to(f'../../../devices/pci{number:04x}:00/{copy.name}')
        page = self.report(root, draws=True)
        self.assertNotIn('<svg', page)
        self.assertGreater(page.count('<li>'), 200)


class Picture(PageCase):
    def test_shows_the_tree(self):
        page = Reader(self.report(LPAR, draws=True))
        texts = [line for line in page.picture.split('\n') if line]
        self.assertEqual(sorted(set(texts) & set(self.names(LPAR))), sorted(set(self.names(LPAR))))
        self.assertNotIn('ul', page.tags)

    def test_has_a_title_and_refers_to_nothing(self):
        page = Reader(self.report(LPAR, draws=True))
        self.assertIn('Cards, ports, functions, and who uses them\n', page.text)
        self.assertEqual(sorted(page.links), sorted('#' + name for name in page.ids))
        self.assertEqual({key for key in page.attributes if 'xlink' in key or key.startswith('on') or key == 'style'}, set())
        self.assertEqual(page.tags & {'script', 'link', 'img', 'image', 'use', 'iframe', 'object', 'a:a'}, set())

    def test_browser_lays_it_out(self):
        """The texts in it have places of their own."""
        self.report(LPAR, draws=True)
        shown = Reader(self.browse('--dump-dom'))
        written = Reader(self.page.read_text(encoding='utf-8'))
        self.assertEqual(shown.picture, written.picture)
        self.assertGreater(len(shown.picture), 100)
        drawn, plain = LOGS / 'report-tree.png', LOGS / 'report-no-tree.png'
        self.browse(f'--screenshot={drawn}', '--window-size=1400,2000')
        self.page.write_text(re.sub('<svg.*</svg>', '', self.page.read_text(encoding='utf-8'), flags=re.DOTALL))
        self.browse(f'--screenshot={plain}', '--window-size=1400,2000')
        self.assertNotEqual(drawn.read_bytes(), plain.read_bytes())
        self.assertEqual(drawn.read_bytes()[:8], b'\x89PNG\r\n\x1a\n')

    def test_text_of_others_is_text_in_it(self):
        root, function = self.copy_host()
        evil = '<script>document.title="ran"<\\script><image href=x onerror=document.title="ran">"&amp;'
        (function / 'driver').unlink()
        (function / 'driver').symlink_to('../../../bus/pci/drivers/' + evil)
        self.report(root, draws=True)
        shown = Reader(self.browse('--dump-dom'))
        self.assertIn('driver ' + evil.replace('\\', '\\'), shown.picture)
        self.assertEqual(shown.tags & {'script', 'image', 'img'}, set())
        self.assertNotIn('ran\n', shown.text)


# One that draws nothing has nothing to show.
if not BUILT_WITH_GRAPHVIZ:
    del Picture


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
