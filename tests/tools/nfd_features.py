# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""What Node Feature Discovery's manual says of files in features.d, under "Local feature source"."""

import re

# A larger file is not read at all.
MAX_FILE = 65536
NAME = re.compile(r'[A-Za-z0-9]([A-Za-z0-9_.-]{,61}[A-Za-z0-9])?')
DOMAIN = re.compile(r'[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*')
DIRECTIVE = re.compile(r'# \+(expiry-time=\S+|no-feature|no-label)')
DEFAULT = 'feature.node.kubernetes.io'


class NotAFeatureFile(ValueError):
    """It would not become labels as it is meant."""


def split_key(key):
    """[NAMESPACE/]NAME; what stands alone is in the default namespace."""
    domain, slash, name = key.rpartition('/')
    if slash and (not DOMAIN.fullmatch(domain) or len(domain) > 253):
        raise NotAFeatureFile(f'no namespace: {key}')
    if not NAME.fullmatch(name):
        raise NotAFeatureFile(f'no name of a label: {key}')
    return f'{domain or DEFAULT}/{name}'


def read_features(text):
    """The labels of the node: KEY=VALUE, or KEY alone, which is true; # begins a comment or a directive."""
    labels = {}
    if len(text.encode()) > MAX_FILE:
        raise NotAFeatureFile('too large')
    for line in text.split('\n'):
        line = line.strip()
        if line.startswith('# +') and not DIRECTIVE.fullmatch(line):
            raise NotAFeatureFile(f'no directive: {line}')
        if not line or line.startswith('#'):
            continue
        key, equals, value = line.partition('=')
        label = split_key(key)
        if label in labels:
            raise NotAFeatureFile(f'twice: {key}')
        if equals and value and not NAME.fullmatch(value):
            raise NotAFeatureFile(f'no value of a label: {line}')
        labels[label] = value if equals else 'true'
    return labels
