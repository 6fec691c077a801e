# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""What the tests with a guest that runs share: one stock libvirtd with virtzpcid in front of it, and what is done to the
guest over it and without."""

import glob
import os
import re
import subprocess
import unittest

import libvirt
from client_case import SECONDS
from echo_guest import QEMU_CONF, UUID, describe, make_disk, write_program
from front_place import FrontPlace, without_chance
from stock_daemon import require_qemu
from upstream_case import answer_of

GUEST = 'guest'
TABLET = "<input type='tablet' bus='usb'><alias name='ua-tablet'/></input>"
CDROM = """<disk type='file' device='cdrom'><driver name='qemu' type='raw'/>{source}<target dev='sda' bus='scsi'/>
<readonly/></disk>"""
FILES = {
    'tablet.xml': TABLET,
    'pool.xml': "<pool type='dir'><name>pool</name><target><path>{directory}/pool</path></target></pool>",
    'net.xml': "<network><name>net</name><forward mode='open'/><bridge name='zpcibr'/><mac address='52:54:00:00:00:01'/>"
               "<dns enable='no'/><ip address='192.0.2.1' netmask='255.255.255.0'/></network>",
    'filter.xml': f"<filter name='filter'><uuid>{UUID}</uuid></filter>",
    'secret.xml': f"<secret ephemeral='no' private='no'><uuid>{UUID}</uuid><usage type='volume'>"
                  "<volume>/nowhere</volume></usage></secret>",
}


def virsh(uri, script, *options):
    """What it says to a script of commands."""
    result = subprocess.run(['virsh', *options, '-c', uri], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, input=script,
                            encoding='utf-8', check=False, timeout=10 * SECONDS,
                            env=dict(os.environ, LC_ALL='C', EDITOR='true'))
    return result.stdout


def without_chance_of_guests(output):
    """The same guest, started again: another process, terminal and number, and it has run for another time."""
    output = re.sub(r'/dev/pts/\d+', 'TERMINAL', without_chance(output))
    output = re.sub(r'((?:user|system|delay|wait|rss)[\w.]*[= ])\d+', r'\1NUMBER', output)
    output = re.sub(r"(<domain type='qemu' id=|\bId: +|\bpid=)'?\d+'?", r'\1NUMBER', output)
    return output


class GuestCase(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        require_qemu()
        cls.place = cls.enterClassContext(FrontPlace(for_guests=True, qemu=QEMU_CONF))
        cls.directory = cls.place.stock.directory
        write_program(cls.directory)
        os.mkdir(cls.place.path('pool'))
        for name, text in {'guest.xml': describe(cls.directory, GUEST), **FILES}.items():
            with open(cls.place.path(name), 'w', encoding='utf-8') as stream:
                stream.write(text.replace('{directory}', cls.directory))

    def setUp(self):
        self.forget_guest()

    def forget_guest(self):
        """Whatever somebody has left of it."""
        direct = libvirt.open(self.place.uri('directly'))
        for domain in direct.listAllDomains():
            answer_of(domain.destroy)
            domain.undefineFlags(libvirt.VIR_DOMAIN_UNDEFINE_MANAGED_SAVE |
                                 libvirt.VIR_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA)
        direct.close()
        for path in glob.glob(self.place.path(f'{GUEST}.qcow2')) + glob.glob(self.place.path('copy.*')):
            os.unlink(path)
        make_disk(self.place.path(f'{GUEST}.qcow2'))

    def fill(self, script):
        return ''.join(f'{line.strip()}\n' for line in script.replace('{directory}', self.directory).strip().split('\n'))

    def each_way(self, script):
        """What virsh says to this script each way."""
        said = {}
        for way in self.place.ways:
            said[way] = without_chance_of_guests(virsh(self.place.uri(way), self.fill(script)))
            self.forget_guest()
        return said

    def assert_same(self, said, *expected):
        self.assertEqual(said['through the front'], said['directly'])
        for text in expected:
            self.assertIn(text, said['directly'])
