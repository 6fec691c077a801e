# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""What virt-zpci validate says of a domain is what libvirt's QEMU driver does with it.

Hundreds of domains, right ones and wrong ones, are judged by both. They may differ only where libvirt is known
to be wrong (FAULTS), and a fault that libvirt no longer has may not stay in that list.
ZPCI_SEED in the environment makes other domains.
"""

import collections
import json
import os
import pathlib
import re
import subprocess
import unittest
from xml.etree import ElementTree

import libvirt

from domain_generator import MUTATIONS, S390X, generate
from stock_daemon import StockDaemon, require_qemu

SOURCE = pathlib.Path(os.environ['ZPCI_SOURCE_DIR'])
PROGRAM = pathlib.Path(os.environ['ZPCI_BUILD_DIR']) / 'src' / 'tools' / 'virt-zpci'
QEMU = SOURCE / 'tests' / 'data' / 'hosts' / 'qemu-s390x'
FUNCTION = 'fid=0xc'
COUNT = 500
COMPLETED = 40
# Of right and of wrong ones at least, so that neither verdict is worth nothing.
SHARE = COUNT // 5
PATIENCE = 280

Verdict = collections.namedtuple('Verdict', 'domain path text errors warnings refusal made')
Fault = collections.namedtuple('Fault', 'ours theirs reason')

# ours is what we say, theirs what libvirt says; without theirs, it says nothing and defines the domain.
FAULTS = {
    'order': Fault(
        r'has no (UID|FID)\. libvirt may choose 0x', r'zPCI (uid|fid) .* is already reserved',
        'A half of an address that is left out is chosen before it is known what later devices ask for. Which '
        'device comes later is not up to the author, so the document is right, and we warn.'),
    'multifunction': Fault(
        r'multifunction device', None,
        'QEMU refuses multifunction devices in s390x guests; the guest would not start.'),
    'octal': Fault(
        r'libvirt reads as octal', None,
        'Digits behind a zero are read as octal, which nobody means who writes 0010.'),
    'sign': Fault(
        r"is '[+ ]\d+', which is no number", None,
        "strtoul() takes a sign and blanks, and libvirt's schema strips blanks."),
    'driver': Fault(
        r"asks for '(kvm|xen)', but only 'vfio' passes", None,
        'Drivers that no s390x host has are refused when the guest starts only.'),
}


class Verdicts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        require_qemu()
        libvirt.registerErrorHandler(lambda *_: None, None)
        cls.stock = cls.enterClassContext(StockDaemon(None))
        cls.connection = libvirt.open(f'qemu+unix:///system?socket={cls.stock.directory}/libvirt-sock')
        cls.addClassCleanup(cls.connection.close)
        cls.verdicts = list(cls.judge(generate(os.environ.get('ZPCI_SEED', '1'), COUNT)))

    @classmethod
    def judge(cls, domains):
        domains = {os.path.join(cls.stock.directory, f'{number}.xml'): domain
                   for number, domain in enumerate(domains)}
        for path, domain in domains.items():
            with open(path, 'w', encoding='utf-8') as stream:
                stream.write(domain.text())
        result = subprocess.run([PROGRAM, 'validate', '--json', *domains], stdout=subprocess.PIPE, check=False,
                                timeout=PATIENCE)
        for file in json.loads(result.stdout):
            said = [[found['message'] for found in file['findings'] if found['severity'] == severity]
                    for severity in ('error', 'warning')]
            domain = domains[file['file']]
            yield Verdict(domain, file['file'], domain.text(), *said, *cls.define(domain.text()))

    @classmethod
    def define(cls, text):
        """Why libvirt does not define the domain, or what it makes of it."""
        try:
            domain = cls.connection.defineXMLFlags(text, libvirt.VIR_DOMAIN_DEFINE_VALIDATE)
        except libvirt.libvirtError as error:
            return str(error), None
        made = domain.XMLDesc()
        domain.undefine()
        return None, made

    def excuses(self, verdict):
        """The faults of libvirt that explain why it does not say what we say; none if they do not."""
        if verdict.refusal is None:
            names = [self.match(message, lambda fault: fault.theirs is None) for message in verdict.errors]
            return set(names) if None not in names else set()
        names = [self.match(message, lambda fault: fault.theirs and re.search(fault.theirs, verdict.refusal))
                 for message in verdict.warnings]
        return set(names) - {None}

    @staticmethod
    def match(message, counts):
        return next((name for name, fault in FAULTS.items() if counts(fault) and re.search(fault.ours, message)), None)

    def test_agree(self):
        tally = collections.Counter()
        for verdict in self.verdicts:
            if bool(verdict.errors) == (verdict.refusal is not None):
                tally['wrong' if verdict.errors else 'right'] += 1
                continue
            excuses = self.excuses(verdict)
            self.assertTrue(excuses, f'{" + ".join(verdict.domain.mutations)}: we say {verdict.errors} and '
                            f'warn {verdict.warnings}; libvirt says {verdict.refusal}\n{verdict.text}')
            tally.update(excuses)
        self.assertEqual(len(self.verdicts), COUNT)
        self.assertGreater(min(tally['right'], tally['wrong']), SHARE, tally)
        for name, fault in FAULTS.items():
            self.assertTrue(tally[name], f'libvirt no longer has the fault "{name}": {fault.reason} Take it out, '
                            'and let validate say no more than libvirt does.')

    def test_every_rule_was_tried(self):
        self.assertEqual({name for verdict in self.verdicts for name in verdict.domain.mutations}, set(MUTATIONS))

    def test_what_becomes_of_octal_numbers(self):
        """We tell which number it becomes, and libvirt has that one."""
        count = 0
        for verdict in self.verdicts:
            for message in verdict.errors if verdict.made else ():
                if found := re.search(r'attribute (\w+) of the element zpci .* octal: it becomes (0x\w+)\.', message):
                    self.assertIn(f"{found[1]}='{found[2]}'", verdict.made)
                    count += 1
        self.assertGreater(count, 0)

    def test_what_the_builder_completes(self):
        """Half an address is no obstacle any more, wherever it stands, and what is whole stays."""
        halves = [verdict for verdict in self.verdicts if not verdict.errors and verdict.refusal]
        others = [verdict for verdict in self.verdicts if not verdict.errors and not verdict.refusal]
        for verdict in [*halves, *others[:COMPLETED]]:
            if verdict.domain.architecture != S390X:
                continue
            result = subprocess.run([PROGRAM, 'hostdev', '-R', QEMU, '-x', verdict.path, FUNCTION],
                                    stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding='utf-8', check=False,
                                    timeout=PATIENCE)
            self.assertEqual(result.returncode, 0, f'{result.stderr}\n{verdict.text}')
            refusal, made = self.define(result.stdout)
            self.assertIsNone(refusal, result.stdout)
            # Devices without an address get one from libvirt.
            self.assertLessEqual(numbers(result.stdout), numbers(made))
            self.assertLessEqual(numbers(verdict.text), numbers(result.stdout))

    def test_what_is_passed_keeps_its_numbers(self):
        """What has none gets from the builder what libvirt gives it, though another function is added."""
        count = 0
        for verdict in self.verdicts:
            if verdict.made is None or verdict.errors or verdict.domain.architecture != S390X:
                continue
            result = subprocess.run([PROGRAM, 'hostdev', '-R', QEMU, '--policy', 'first-free', '-x', verdict.path,
                                     FUNCTION], stdout=subprocess.PIPE, encoding='utf-8', check=True, timeout=PATIENCE)
            before, after, made = (passed(text) for text in (verdict.text, result.stdout, verdict.made))
            for source, number in before.items():
                if number is None:
                    self.assertEqual(after[source], made[source], verdict.text)
                    count += 1
            if count > COMPLETED:
                return
        self.fail(f'There were {count} devices without numbers only.')


def passed(text):
    """The numbers of what is passed, by its address on the host; None for none."""
    found = {}
    for device in ElementTree.fromstring(text).iter():
        source = device.find('source/address') if device.tag in ('hostdev', 'interface') else None
        zpci = device.find('address/zpci')
        if source is not None:
            found[source.get('domain')] = (None if zpci is None or not zpci.attrib else
                                           (int(zpci.get('uid', '-1'), 0), int(zpci.get('fid', '-1'), 0)))
    return found


def numbers(text):
    """Those of all zPCI addresses that have both."""
    return {(int(zpci.get('uid'), 0), int(zpci.get('fid'), 0)) for zpci in ElementTree.fromstring(text).iter('zpci')
            if zpci.get('uid') and zpci.get('fid')}


if __name__ == '__main__':
    unittest.main()
