# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""What OpenStack Nova asks of a host to know its PCI devices, by its own code."""

import gc
import logging
from unittest import mock

import libvirt
from nova.virt.libvirt import driver
from nova.virt.libvirt import host as nova_host


class NovaPass:
    """Nova's own code, which opens a connection of its own."""

    def __init__(self, uri):
        # Nova warns that a node-device connection has no domain events; so it has none.
        logging.getLogger('nova').setLevel(logging.ERROR)
        self.nova = nova_host.Host(uri, read_only=False)

    def run(self):
        # The driver's constructor would set the one; a connection without a hypervisor cannot answer
        # the other.
        with mock.patch.object(driver, 'libvirt', libvirt), \
                mock.patch.object(self.nova, 'has_min_version', return_value=True):
            driver.LibvirtDriver._get_pci_passthrough_devices(mock.Mock(_host=self.nova))

    def close(self):
        # Nova never leaves a connection: its callback and devices in cycles would keep this one open.
        connection = self.nova.get_connection()
        connection.unregisterCloseCallback()
        gc.collect()
        connection.close()
