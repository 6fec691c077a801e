# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""virt-zpci as somebody runs it, and what came of it."""

import fcntl
import json
import os
import pathlib
import pty
import struct
import subprocess
import termios
import unittest

import jsonschema

SOURCE = pathlib.Path(os.environ['ZPCI_SOURCE_DIR'])
PROGRAM = pathlib.Path(os.environ['ZPCI_BUILD_DIR']) / 'src' / 'tools' / 'virt-zpci'
HOSTS = SOURCE / 'tests' / 'data' / 'hosts'
QEMU = HOSTS / 'qemu-s390x'
STATES = HOSTS / 'qemu-s390x-states'
MODERN = HOSTS / 'qemu-s390x-modern'
LPAR = HOSTS / 'lpar-roce'
REPLIES = SOURCE / 'tests' / 'data' / 'get-info-linux-6.1-s390x.txt'
MODERN_REPLY = SOURCE / 'tests' / 'data' / 'get-info-linux-7.3-s390x.txt'
GOLDEN = SOURCE / 'tests' / 'tools' / 'golden'
PATIENCE = 60

OK, FAILED, USAGE = 0, 1, 2


def libvirt_release():
    """That of the installed libvirt, (9, 0, 0): its schemas are the ones that documents must satisfy."""
    result = subprocess.run(['virsh', '--version'], stdout=subprocess.PIPE, encoding='utf-8', check=True,
                            timeout=PATIENCE)
    return tuple(int(part) for part in result.stdout.strip().split('.'))


def run(*arguments, stdin=b'', **options):
    """Runs virt-zpci with these arguments; its output as text."""
    result = subprocess.run([PROGRAM, *arguments], input=stdin, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, check=False, timeout=PATIENCE, **options)
    result.stdout = result.stdout.decode('utf-8')
    result.stderr = result.stderr.decode('utf-8')
    return result


def run_on_terminal(*arguments, width=None, **environment):
    """What a person sees who runs virt-zpci, and its exit status."""
    leader, follower = pty.openpty()
    if width:
        fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack('HHHH', 24, width, 0, 0))
    environment = dict(os.environ, TERM='xterm', **environment)
    environment.pop('COLUMNS', None)
    text = b''
    with subprocess.Popen([PROGRAM, *arguments], stdout=follower, stderr=follower, env=environment) as process:
        os.close(follower)
        while True:
            try:
                piece = os.read(leader, 4096)
            except OSError:
                break
            if not piece:
                break
            text += piece
        os.close(leader)
    return text.decode(), process.returncode


def make_strict(schema):
    """The same schema, which also refuses members that it does not describe."""
    if isinstance(schema, list):
        return [make_strict(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    strict = {key: part if key == 'if' else make_strict(part) for key, part in schema.items()}
    if isinstance(schema.get('properties'), dict) and schema.get('type') == 'object':
        strict.setdefault('additionalProperties', False)
    return strict


def read_json(text, name):
    """The document; all of it is as schemas/virt-zpci-NAME.json describes it."""
    schema = json.loads((SOURCE / 'schemas' / f'virt-zpci-{name}.json').read_text(encoding='utf-8'))
    jsonschema.Draft7Validator.check_schema(schema)
    document = json.loads(text)
    jsonschema.Draft7Validator(make_strict(schema)).validate(document)
    return document


class ToolCase(unittest.TestCase):
    maxDiff = None

    def succeed(self, *arguments, stdin=b''):
        """What it prints to standard output; it must not complain."""
        result = run(*arguments, stdin=stdin)
        self.assertEqual((result.returncode, result.stderr), (OK, ''))
        return result.stdout

    def fail_with(self, status, *arguments, stdin=b''):
        """The one line that it prints to standard error; there must be nothing else."""
        result = run(*arguments, stdin=stdin)
        self.assertEqual((result.returncode, result.stdout), (status, ''), result.stderr)
        self.assertRegex(result.stderr, r'\Avirt-zpci: [^\n]+\n\Z')
        return result.stderr

    def assert_golden(self, text, name):
        """The text is that of golden/NAME; ZPCI_REGENERATE=1 writes it, for you to read."""
        path = GOLDEN / name
        if os.environ.get('ZPCI_REGENERATE'):
            path.write_text(text, encoding='utf-8')
        self.assertEqual(text, path.read_text(encoding='utf-8'), f'not as in {name}')
