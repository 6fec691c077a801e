#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""usage: test_capture.py VIRT-ZPCI

Captures a live host in the machine of the guest suite and replays it twice: with the native program, and
with that of build-s390x, big-endian, under qemu-user."""

import ast
import configparser
import os
import subprocess
import sys
import tempfile
import unittest

import test_replay

TOP = os.path.dirname(os.path.dirname(test_replay.HERE))
SCRIPTS = os.path.join(TOP, "scripts")


def setUpModule():
    directory = tempfile.TemporaryDirectory(prefix="zpci-capture-")
    unittest.addModuleCleanup(directory.cleanup)
    test_replay.Replay.host = os.path.join(directory.name, "host")
    test_replay.Replay.documents = os.path.join(directory.name, "documents")
    subprocess.run([f"{SCRIPTS}/guest", "capture", test_replay.Replay.host, test_replay.Replay.documents],
                   check=True)


class Native(test_replay.Replay):
    pass


class BigEndian(test_replay.Replay):
    @classmethod
    def setUpClass(cls):
        cross_file = subprocess.run([f"{SCRIPTS}/cross-sysroot"], check=True, stdout=subprocess.PIPE,
                                    text=True).stdout.strip()
        parser = configparser.ConfigParser()
        parser.read(cross_file)
        cls.command = [*ast.literal_eval(parser["binaries"]["exe_wrapper"]),
                       os.path.join(TOP, "build-s390x/src/tools/virt-zpci")]


if __name__ == "__main__":
    Native.command = [os.path.abspath(sys.argv[1])]
    unittest.main(argv=sys.argv[:1])
