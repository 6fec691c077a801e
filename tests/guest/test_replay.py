#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""usage: test_replay.py VIRT-ZPCI [NAME]

A captured host shows on any machine, byte for byte, what virtzpcid printed on the live one. In a cross
build Meson says in the environment how to run the program."""

import os
import shlex
import subprocess
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
DATA = os.path.join(os.path.dirname(HERE), "data")
DEFAULT_NAME = "qemu-s390x-states"

# As tests/guest/record-states leaves them.
VFIO, HOST_BOUND, STANDBY = "0005:00:00.0", "007a:00:00.0", "007b:00:00.0"
STANDBY_FID = "00000101"


class Replay(unittest.TestCase):
    maxDiff = None
    command = []
    host = documents = ""

    def tool(self, *arguments):
        result = subprocess.run([*self.command, "--root", self.host, *arguments], stdin=subprocess.DEVNULL,
                                capture_output=True, timeout=60, check=False)
        self.assertEqual((result.returncode, result.stderr), (0, b""))
        return result.stdout

    def live(self, name):
        with open(os.path.join(self.documents, f"{name}.xml"), "rb") as file:
            return file.read()

    def test_documents_are_those_of_the_live_host(self):
        names = sorted(file.removesuffix(".xml") for file in os.listdir(self.documents))
        self.assertIn("computer", names)
        self.assertEqual([name for name in names if name.startswith("pci_")],
                         ["pci_0005_00_00_0", "pci_007a_00_00_0"])
        for name in names:
            # Interfaces of no PCI function are not captured.
            if name.startswith("net_") and b"<parent>computer</parent>" in self.live(name):
                continue
            with self.subTest(name):
                self.assertEqual(self.tool("dumpxml", name), self.live(name))

    def test_each_function_was_captured_in_its_state(self):
        self.assertIn(b"<source identity='sysfs' function='vfio' group='vfio'/>", self.live("pci_0005_00_00_0"))
        self.assertIn(b"<source identity='sysfs' function='clp' group='clp'/>", self.live("pci_007a_00_00_0"))
        self.assertEqual(os.listdir(os.path.join(self.host, "chain")), [VFIO])
        self.assertEqual(sorted(os.listdir(os.path.join(self.host, "sys/bus/pci/devices"))), [VFIO, HOST_BOUND])
        with open(os.path.join(self.host, f"sys/bus/pci/slots/{STANDBY_FID}/power"), "rb") as file:
            self.assertEqual(file.read(), b"0\n")
        self.assertTrue(os.path.exists(os.path.join(self.host, f"clp/function-{STANDBY_FID}")))


def main():
    wrapper = os.environ.get("MESON_EXE_WRAPPER", "")
    Replay.command = shlex.split(wrapper) + [sys.argv[1]]
    name = sys.argv[2] if len(sys.argv) > 2 else DEFAULT_NAME
    Replay.host, Replay.documents = os.path.join(DATA, "hosts", name), os.path.join(DATA, "live", name)
    unittest.main(argv=sys.argv[:1])


if __name__ == "__main__":
    main()
