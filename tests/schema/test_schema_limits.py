#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""The numbers that the schemas let through for a guest are those that the code lets through."""

import os
import re
import tempfile
import unittest

from schema_judges import ask_jing, ask_tool, ask_xmllint

HEADER = os.path.join(os.environ['ZPCI_SOURCE_DIR'], 'src/domain/zpci-guest-address.h')

DOMAIN = """<domain type='kvm'>
  <name>guest</name>
  <memory unit='MiB'>512</memory>
  <os>
    <type arch='s390x' machine='s390-ccw-virtio'>hvm</type>
  </os>
  <devices>
    <hostdev mode='subsystem' type='pci'>
      <source>
        <address domain='0x0005' bus='0x00' slot='0x00' function='0x0'/>
      </source>
      <address type='pci' domain='0x0000' bus='0x00' slot='0x01' function='0x0'>
        <zpci {attribute}='0x{value:x}'/>
      </address>
    </hostdev>
  </devices>
</domain>
"""


def read_constants():
    with open(HEADER, encoding='utf-8') as file:
        found = re.findall(r'^#define (ZPCI_GUEST_\w+) (\w+)$', file.read(), re.M)
    return {name: int(value, 0) for name, value in found}


def edges(minimum, maximum):
    """Numbers on both sides of each limit, and whether each is within."""
    values = {minimum - 1, minimum, minimum + 1, maximum - 1, maximum, maximum + 1}
    return {value: minimum <= value <= maximum for value in values if value >= 0}


class Limits(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        constants = read_constants()
        limits = {'uid': (constants['ZPCI_GUEST_UID_MIN'], constants['ZPCI_GUEST_UID_MAX']),
                  'fid': (0, constants['ZPCI_GUEST_FID_MAX'])}
        cls.directory = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.directory.cleanup)
        cls.expected = {}
        for attribute, (minimum, maximum) in limits.items():
            for value, valid in edges(minimum, maximum).items():
                path = os.path.join(cls.directory.name, f'{attribute}-{value:x}.xml')
                with open(path, 'w', encoding='utf-8') as file:
                    file.write(DOMAIN.format(attribute=attribute, value=value))
                cls.expected[path] = valid

    def test_our_library(self):
        found = ask_tool(list(self.expected))
        self.assertEqual({path: lines == [] for path, lines in found.items()}, self.expected)

    def test_xmllint(self):
        self.assertEqual(ask_xmllint(list(self.expected)), self.expected)

    def test_jing(self):
        found = ask_jing(list(self.expected))
        self.assertEqual({path: lines == set() for path, lines in found.items()}, self.expected)


if __name__ == '__main__':
    unittest.main()
