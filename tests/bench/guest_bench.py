#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""virtzpcid beside the stock libvirtd in the emulated s390x machine; scripts/bench --guest runs it.

The machine sees the directory tests as /mnt."""

import os
import sys
import time

SHARE = '/mnt'
sys.path[:0] = [os.path.join(SHARE, name) for name in ('bench', 'client')]

import libvirt  # noqa: E402
import bench_client  # noqa: E402
import bench_table  # noqa: E402
import served_daemons  # noqa: E402

ROUNDS, LOOKS = 5, 64
START_SECONDS = 240


class Ours(served_daemons.Ours):
    """As it is installed."""

    def command(self):
        return ['/usr/sbin/virtzpcid']


class Stock:
    """The one that runs in the machine already."""

    def __init__(self):
        self.pid = find_process('libvirtd')
        self.connection = connect('qemu:///system')


def find_process(name):
    for pid in filter(str.isdigit, os.listdir('/proc')):
        try:
            with open(f'/proc/{pid}/comm', encoding='ascii') as file:
                if file.read().strip() == name:
                    return int(pid)
        except FileNotFoundError:
            continue
    sys.exit(f'{name} does not run in this machine')


def connect(uri):
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            return libvirt.open(uri)
        except libvirt.libvirtError:
            if time.monotonic() > deadline:
                raise
            time.sleep(1)


def main():
    libvirt.registerErrorHandler(lambda *_: None, None)
    stock = Stock()
    with Ours(None) as ours:
        clients = [bench_client.Client(daemon, LOOKS) for daemon in (ours, stock)]
        first = bench_client.in_turn(clients, bench_client.Client.document, 1)
        rows = [bench_table.row_of_calls('XML, first time', *first)]
        for name, work in bench_client.CALLS.items():
            rows.append(bench_table.row_of_calls(name, *bench_client.in_turn(clients, work, ROUNDS)))
        rows.append(bench_table.row_of_memory(*(served_daemons.resident_kib(daemon.pid)
                                                for daemon in (ours, stock))))
        listed = ' and '.join(str(len(client.connection.listAllDevices(0))) for client in clients)
    count = len(os.listdir('/sys/bus/pci/devices'))
    bench_table.print_table(f'Emulated s390x machine, {count} PCI functions; devices listed by ours and stock: '
                            f'{listed}', rows)


if __name__ == '__main__':
    main()
