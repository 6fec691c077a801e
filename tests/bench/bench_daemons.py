#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""virtzpcid beside the stock libvirtd, on the same tree of functions, in one run."""

import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

SOURCE = pathlib.Path(os.environ['ZPCI_SOURCE_DIR'])
BUILD = pathlib.Path(os.environ['ZPCI_BUILD_DIR'])
TOOL = BUILD / 'src/tools/virt-zpci'
sys.path.insert(0, str(SOURCE / 'tests/client'))

import libvirt  # noqa: E402
import stock_daemon  # noqa: E402
import sysfs_tree  # noqa: E402

COUNT = int(os.environ.get('ZPCI_BENCH_COUNT', '2000'))
DOCUMENTS = 500
ROUNDS = 5


def milliseconds(work):
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def measure(connection, flags=0, others=1):
    """Milliseconds of one list, microseconds of one document. There are others among the COUNT."""
    devices = connection.listAllDevices(flags)
    assert len(devices) == COUNT + others, len(devices)
    listing = milliseconds(lambda: connection.listAllDevices(flags))
    chosen = devices[1:1 + DOCUMENTS]
    documents = milliseconds(lambda: [device.XMLDesc(0) for device in chosen])
    return listing, documents * 1000 / len(chosen)


def daemon_memory():
    """Resident KiB of the virtzpcid that this process started."""
    for status in pathlib.Path('/proc').glob('[0-9]*/status'):
        try:
            text = status.read_text()
        except OSError:
            continue
        if re.search(r'^Name:\s+virtzpcid$', text, re.M) and \
                re.search(rf'^PPid:\s+{os.getpid()}$', text, re.M):
            return int(re.search(r'^VmRSS:\s+(\d+)', text, re.M).group(1))
    raise AssertionError('virtzpcid is not running')


def print_measure(what, ours, theirs):
    print(f'{what}list: virtzpcid {ours[0]:.1f} ms, stock {theirs[0]:.1f} ms, '
          f'ratio {ours[0] / theirs[0]:.2f}')
    print(f'{what}document: virtzpcid {ours[1]:.0f} us, stock {theirs[1]:.0f} us, '
          f'ratio {ours[1] / theirs[1]:.2f}')


def measure_interfaces(directory):
    """The same functions with an interface each: these, and what they cost a list of functions."""
    sysfs_tree.make(COUNT, directory, interfaces=True)
    uri = subprocess.run([TOOL, 'uri', '--root', directory], stdout=subprocess.PIPE, check=True,
                         encoding='utf-8').stdout.strip()
    flags = (libvirt.VIR_CONNECT_LIST_NODE_DEVICES_CAP_PCI_DEV,
             libvirt.VIR_CONNECT_LIST_NODE_DEVICES_CAP_NET)
    connection = libvirt.open(uri)
    ours = [measure(connection, flag, 0) for flag in flags]
    connection.close()
    with stock_daemon.StockDaemon(directory) as stock:
        theirs = [measure(stock.connection, flag, 0) for flag in flags]
    for what, *pair in zip(('functions with interfaces, ', 'interfaces, '), ours, theirs):
        print_measure(what, *pair)


def main():
    with tempfile.TemporaryDirectory(prefix='zpci-bench-') as root:
        sysfs_tree.make(COUNT, root + '/host')
        root += '/host'
        tool = milliseconds(lambda: subprocess.run(
            [TOOL, '--root', root, 'list'], stdout=subprocess.DEVNULL, check=True))
        uri = subprocess.run([TOOL, 'uri', '--root', root], stdout=subprocess.PIPE, check=True,
                             encoding='utf-8').stdout.strip()
        connection = libvirt.open(uri)
        ours = measure(connection)
        memory = daemon_memory()
        connection.close()
        with stock_daemon.StockDaemon(root) as stock:
            theirs = measure(stock.connection)
    print(f'{COUNT} functions')
    print(f'virt-zpci list: {tool:.0f} ms (to reach: under 150 for 2000)')
    print_measure('', ours, theirs)
    print(f'memory of virtzpcid: {memory} KiB (to reach: under 20480 for 2000)')
    with tempfile.TemporaryDirectory(prefix='zpci-bench-') as root:
        measure_interfaces(root + '/host')


if __name__ == '__main__':
    main()
