# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Rules that a tool checks, or that hold for every text of the tree."""

import os
import re
import subprocess

# From this one on, all versions that were tried format alike.
CLANG_FORMAT_VERSION = 14
SPELLED = ('.c', '.h', '.py', '.rst', '.md', '.rng', '.in', '.build', '.ini', '.sh')
IGNORED_WORDS = 'tests/style/ignored-words.txt'
# Where a link may lead. A machine that only one of us has does not belong in the tree.
HOSTS = {
    'docs.kernel.org', 'git.kernel.org', 'github.com', 'json-schema.org', 'libvirt.org', 'no-color.org', 'relaxng.org', 'www.gnu.org',
    'www.debian.org', 'www.kernel.org', 'www.w3.org', 'fsf.org', 'spdx.org', 'pci-ids.ucw.cz',
    'example.org', 'gitlab.com', 'keepachangelog.com', 'semver.org', 'www.ibm.com', 'mesonbuild.com',
}
LINK = re.compile(r'\b(?:https?|ftp|git|ssh)://(?:[\w-]+@)?([\w.-]+\.[a-z]{2,})')
PRIVATE_PATH = re.compile(r'(?<![\w.}$*-])(?<!\w["\'])/(?:work|root|home/\w+|Users|mnt/\w+|tmp/bash)(?=/|\b)')


def _run(command, **options):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          encoding='utf-8', errors='replace', check=False, timeout=300, **options)


def _clang_format():
    """The command of a version that formats as the tree is formatted; None if missing."""
    for command in (f'clang-format-{CLANG_FORMAT_VERSION}', 'clang-format'):
        try:
            version = re.search(r'version (\d+)\.', _run([command, '--version']).stdout)
        except FileNotFoundError:
            continue
        if version and int(version[1]) >= CLANG_FORMAT_VERSION:
            return command
    return None


def rule_format(tree):
    """clang-format would change nothing."""
    command = _clang_format()
    if command is None:
        yield f'clang-format {CLANG_FORMAT_VERSION} or newer is not installed'
        return
    paths = [file.path for file in tree.c_files('src', 'tests')]
    result = _run([command, '--style=file', '--dry-run', '--Werror', *paths], cwd=tree.root)
    if result.returncode != 0:
        yield from (line for line in result.stdout.splitlines() if ': error: ' in line)
        yield f'clang-format: run "{command} -i" on these files'


def rule_spelling(tree):
    """codespell finds nothing, neither in texts nor in the words that identifiers are made of."""
    paths = [file.path for file in tree.files
             if (file.name.endswith(SPELLED) or file.text.startswith('#!')) and not file.is_binary
             and not file.path.startswith(('po/', 'tests/data/', 'tests/style/test'))]
    command = ['codespell', '--quiet-level', '2']
    if os.path.exists(os.path.join(tree.root, IGNORED_WORDS)):
        command += ['--ignore-words', IGNORED_WORDS]
    for words in ([], ['--regex', '[A-Za-z][a-z]+']):
        try:
            result = _run(command + words + paths, cwd=tree.root)
        except FileNotFoundError:
            yield 'codespell is not installed'
            return
        if result.returncode != 0:
            yield from result.stdout.splitlines() or ['codespell failed']


def rule_private(tree):
    """No path of somebody's own machine, no host that the world cannot reach."""
    for file in tree.files:
        if file.is_binary or file.name == 'COPYING.LESSER':
            continue
        for number, line in enumerate(file.lines, 1):
            match = PRIVATE_PATH.search(line)
            if match:
                yield file.at(number, f'names {match.group(0)}, a path of one machine')
            for host in LINK.findall(line):
                if host.lower() not in HOSTS:
                    yield file.at(number, f'links to {host}, which is not in {__name__}.py')


RULES = [rule_format, rule_spelling, rule_private]
