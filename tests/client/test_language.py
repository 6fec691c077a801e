#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""A daemon that speaks German: its clients read German, and see the codes that they know."""

import os
import sys
import tempfile
import unittest
import urllib.parse

import libvirt
from client_case import ClientCase

sys.path += [os.path.join(os.environ['ZPCI_SOURCE_DIR'], 'tests', place) for place in ('wire', 'tools')]
from serving_daemon import ServingDaemon  # noqa: E402
from speaking import speaking  # noqa: E402


class Language(ClientCase):
    def test_errors_are_in_the_language_of_the_daemon(self):
        places = tempfile.TemporaryDirectory(prefix='zpci-locale-')
        self.addCleanup(places.cleanup)
        server = ServingDaemon()
        self.addCleanup(server.close)
        server.environment.update(speaking('de', places.name),
                                  NOTIFY_SOCKET=server.environment['NOTIFY_SOCKET'])
        server.start()
        connection = libvirt.open('nodedev:///system?socket=' + urllib.parse.quote(server.path))
        self.addCleanup(connection.close)
        self.assert_libvirt_error(libvirt.VIR_ERR_NO_NODE_DEVICE,
                                  "Kein Knotengerät mit übereinstimmendem Namen 'nix'",
                                  connection.nodeDeviceLookupByName, 'nix')


if __name__ == '__main__':
    unittest.main()
