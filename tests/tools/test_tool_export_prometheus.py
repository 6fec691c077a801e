# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Prometheus's own promtool reads what export prometheus writes."""

import json
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from tool_case import LPAR, PATIENCE, QEMU, STATES, ToolCase

SAMPLE = re.compile(r'(\w+)\{(.*)\} (\S+)')
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')


def samples(text):
    """Each sample as its name, labels and number, as the format has them."""
    for line in text.splitlines():
        if not line.startswith('#'):
            name, labels, number = SAMPLE.fullmatch(line).groups()
            yield name, {key: re.sub(r'\\(.)', lambda match: {'n': '\n'}.get(match[1], match[1]), value)
                         for key, value in LABEL.findall(labels)}, float(number)


class Metrics(ToolCase):
    def check(self, text):
        result = subprocess.run(['promtool', 'check', 'metrics'], input=text, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, encoding='utf-8', timeout=PATIENCE, check=False)
        self.assertEqual((result.returncode, result.stdout), (0, ''))

    def test_are_read_without_a_complaint(self):
        for root in (QEMU, LPAR, STATES):
            with self.subTest(host=root.name):
                self.check(self.succeed('export', 'prometheus', '-R', root))
        self.check(self.succeed('export', 'prometheus', '-R', LPAR, 'fid=0x202'))

    def test_have_one_series_of_each_function(self):
        found = [labels for name, labels, _ in samples(self.succeed('export', 'prometheus', '-R', LPAR))
                 if name == 'zpci_function_info']
        shown = json.loads(self.succeed('list', '--all', '--json', '-R', LPAR))['functions']
        self.assertEqual(len(found), len(shown))
        for labels, function in zip(found, shown):
            for key, value in labels.items():
                expected = ','.join(function[key] or []) if key in ('iface', 'disk') else function[key]
                self.assertEqual(value, '' if expected is None else str(expected))

    def test_have_the_limits_of_each_group_once(self):
        found = [(labels['pfgid'], number) for name, labels, number
                 in samples(self.succeed('export', 'prometheus', '-R', LPAR)) if name == 'zpci_group_interrupts']
        shown = json.loads(self.succeed('list', '--json', '-R', LPAR))['functions']
        self.assertEqual(dict(found), {row['pfgid']: row['noi'] for row in shown if row['noi'] is not None})
        self.assertEqual(len(found), len(dict(found)))

    def test_count_seconds(self):
        self.assertIn(('zpci_group_measurement_interval_seconds', {'pfgid': '0xff'}, 4.0),
                      [*samples(self.succeed('export', 'prometheus', '-R', QEMU))])

    def test_tell_who_is_in_standby(self):
        found = {labels['name']: number for name, labels, number
                 in samples(self.succeed('export', 'prometheus', '-R', STATES)) if name == 'zpci_function_configured'}
        self.assertEqual(found, {'pci_0005_00_00_0': 1, 'pci_007a_00_00_0': 1, 'zpci_00000101': 0})

    def test_carry_whatever_a_driver_is_called(self):
        with tempfile.TemporaryDirectory() as directory:
            root = pathlib.Path(directory, 'host')
            shutil.copytree(QEMU, root, symlinks=True)
            link = root / 'sys/devices/pci0005:00/0005:00:00.0/driver'
            for driver in ('we"ird', 'back\\slash\\n', 'two\nlines', 'x="y",z', 'schön', b'\xff\xfe'):
                with self.subTest(driver=driver):
                    link.unlink(missing_ok=True)
                    target = driver if isinstance(driver, bytes) else driver.encode()
                    link.symlink_to(b'../../../bus/pci/drivers/'.decode() + target.decode('utf-8', 'surrogateescape'))
                    text = self.succeed('export', 'prometheus', '-R', root)
                    self.check(text)
                    found, = [labels['driver'] for name, labels, _ in samples(text)
                              if name == 'zpci_function_info' and labels['fid'] == '0x0000000c']
                    self.assertEqual(found, target.decode('utf-8', 'replace'))


if __name__ == '__main__':
    unittest.main()
