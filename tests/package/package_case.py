# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""What the tests of the packages share: commands, and the source as it is committed."""

import os
import shlex
import shutil
import subprocess

SOURCE_DIR = os.environ['ZPCI_SOURCE_DIR']
SECONDS = 60
BUILD_SECONDS = 900


def run(*command, **options):
    """Returns what it prints; a failure shows all of it."""
    options.setdefault('timeout', SECONDS)
    result = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, encoding='utf-8', check=False, **options)
    if result.returncode != 0:
        raise AssertionError(f'{shlex.join(command)}: {result.returncode}\n{result.stdout}')
    return result.stdout


def read(*path):
    with open(os.path.join(*path), encoding='utf-8') as stream:
        return stream.read()


def export(directory, name):
    """Makes directory/name of what is committed; if this is no checkout, of the source as it is."""
    if os.path.exists(os.path.join(SOURCE_DIR, '.git')):
        archive = os.path.join(directory, 'source.tar')
        run('git', '-C', SOURCE_DIR, 'archive', '--prefix', name + '/', '-o', archive, 'HEAD')
        run('tar', '-x', '-C', directory, '-f', archive)
    else:
        shutil.copytree(SOURCE_DIR, os.path.join(directory, name), symlinks=True,
                        ignore=shutil.ignore_patterns('build*', '__pycache__'))
    return os.path.join(directory, name)
