# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""The judges that tests ask about a document: our tool, xmllint and jing.

A judge takes documents of one kind and answers {path: lines at which it complains}; a valid
document has no lines.
"""

import os
import re
import subprocess

SCHEMA_DIR = os.environ['LIBVIRT_ZPCI_SCHEMA_DIR']
TOOL = os.path.join(os.environ['ZPCI_BUILD_DIR'], 'src/tools/virt-zpci')

# The schemas that a document must satisfy, all of them, by the name of its root.
SCHEMAS = {
    'device': ['nodedev.rng'],
    'domain': ['domain.rng', 'zpciaddress.rng'],
    'hostdev': ['domaindevice.rng', 'zpciaddress.rng'],
    'interface': ['domaindevice.rng', 'zpciaddress.rng'],
}


def _run(command, allowed):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in allowed:
        raise AssertionError(f'{command[0]} ended with {done.returncode}:\n{done.stdout}{done.stderr}')
    return done


def root_name(path):
    with open(path, encoding='utf-8') as file:
        return re.search(r'<([a-z]\w*)', re.sub(r'<!--.*?-->', '', file.read(), flags=re.S)).group(1)


def split_by_schemas(paths):
    """Yield (schema file, documents that must satisfy it)."""
    for root, files in SCHEMAS.items():
        documents = [path for path in paths if root_name(path) == root]
        for file in files if documents else []:
            yield os.path.join(SCHEMA_DIR, file), documents


def ask_tool(paths):
    """{path: [(line, message)]} as virt-zpci validate prints it."""
    done = _run([TOOL, 'validate', *paths], (0, 1))
    found = {path: [] for path in paths}
    for line in done.stdout.splitlines():
        path, number, kind, message = re.fullmatch(r'(.+?):(\d+): (error|warning|hint): (.*)', line).groups()
        if kind != 'hint':
            found[path].append((int(number), message))
    if (done.returncode == 1) != any(found.values()):
        raise AssertionError(f'exit status {done.returncode} does not fit:\n{done.stdout}')
    return found


def ask_xmllint(paths):
    """{path: whether it is valid}; the lines that xmllint names are seldom those of the fault."""
    valid = dict.fromkeys(paths, True)
    for schema, documents in split_by_schemas(paths):
        output = _run(['xmllint', '--noout', '--nonet', '--relaxng', schema, *documents], (0, 3)).stderr
        for path in documents:
            fails, passes = (f'{path} {verdict}' in output.splitlines()
                             for verdict in ('fails to validate', 'validates'))
            if fails == passes:
                raise AssertionError(f'no verdict on {path}:\n{output}')
            valid[path] = valid[path] and passes
    return valid


def ask_jing(paths):
    """{path: set of lines}. Its start takes a second, so it gets all documents at once."""
    found = {path: set() for path in paths}
    for schema, documents in split_by_schemas(paths):
        done = _run(['jing', schema, *documents], (0, 1))
        complaints = re.findall(r'^(.+?):(\d+):\d+: (?:error|fatal): ', done.stdout, re.M)
        if (done.returncode == 1) != bool(complaints):
            raise AssertionError(f'exit status {done.returncode} does not fit:\n{done.stdout}')
        for path, line in complaints:
            found[path].add(int(line))
    return found
