#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Tells several daemons at the same time of changed devices, until a client of each has heard of all.

Usage: bench_events.py SYSFS {URI PID}...

Prints, for each daemon, the seconds that passed and those of its processor time, both for one event.
"""

import json
import os
import pathlib
import sys
import time

for directory in ('tests/client', 'tests/wire'):
    sys.path.insert(0, str(pathlib.Path(os.environ['ZPCI_SOURCE_DIR'], directory)))

import libvirt  # noqa: E402
import udev_double  # noqa: E402
from served_daemons import cpu_seconds  # noqa: E402

EVENTS = 400
# What waits in a socket of netlink is bounded, so it is never more than this.
WAITING = 20
SECONDS = 20


def kernel_properties(device):
    """What the kernel says of it with each event; the stock daemon takes none for PCI without."""
    return [line.split('=', 1) for line in (device / 'uevent').read_text().splitlines()]


class Listener:
    def __init__(self, uri, pid):
        self.pid = int(pid)
        self.heard = 0
        self.connection = libvirt.open(uri)
        self.callback = self.connection.nodeDeviceEventRegisterAny(
            None, libvirt.VIR_NODE_DEVICE_EVENT_ID_UPDATE, self.hear, None)
        self.begin()

    def begin(self):
        self.cpu, self.begun = cpu_seconds(self.pid), time.perf_counter()

    def hear(self, *_):
        self.heard += 1
        if self.heard == EVENTS:
            self.sample = ((time.perf_counter() - self.begun) / EVENTS,
                           (cpu_seconds(self.pid) - self.cpu) / EVENTS)


def run_loop_until_heard(listeners, number):
    deadline = time.monotonic() + SECONDS
    while any(listener.heard < number for listener in listeners):
        if time.monotonic() > deadline:
            sys.exit(f'Of {EVENTS} events came: {[listener.heard for listener in listeners]}')
        libvirt.virEventRunDefaultImpl()


def main():
    sysfs, *daemons = sys.argv[1:]
    libvirt.virEventRegisterDefaultImpl()
    libvirt.virEventAddTimeout(100, lambda *_: None, None)
    listeners = [Listener(*pair) for pair in zip(daemons[::2], daemons[1::2])]
    devices = sorted(pathlib.Path(sysfs, 'bus/pci/devices').iterdir())
    udev = udev_double.UdevDouble()
    for listener in listeners:
        listener.begin()
    for number in range(EVENTS):
        device = devices[number % len(devices)]
        udev.tell('change', 'pci', device, sysfs, kernel_properties(device))
        run_loop_until_heard(listeners, number - WAITING)
    run_loop_until_heard(listeners, EVENTS)
    json.dump([listener.sample for listener in listeners], sys.stdout)
    for listener in listeners:
        listener.connection.nodeDeviceEventDeregisterAny(listener.callback)
        listener.connection.close()


if __name__ == '__main__':
    main()
