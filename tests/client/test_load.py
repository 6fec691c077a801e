#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Many clients of python3-libvirt at once, while events flow.

ZPCI_LOAD_SECONDS in the environment says for how long, 10 by default; the benchmark takes a minute.
"""

import collections
import multiprocessing
import os
import signal
import sys
import threading
import time
import traceback
import unittest

import libvirt

sys.path.append(os.path.join(os.environ['ZPCI_SOURCE_DIR'], 'tests/wire'))
from serving_daemon import (  # noqa: E402
    SPARE_DESCRIPTORS, ServingDaemon, require_root, wait_for,
)
from udev_double import UdevDouble, enter_network_namespace, first_interface  # noqa: E402

DURATION = float(os.environ.get('ZPCI_LOAD_SECONDS', '10'))
# How many calls are made before that: threads start, and what is freed finds its places.
WARM_CALLS = 12000
PROCESSES = 8
CLIENTS = 200
CONNECTIONS = 1000
PATIENCE = 240
EVENTS_PER_SECOND = 20
# What memory may grow by while nothing new comes: fragments, and what the kernel has not taken back.
FLAT_KIB = 4096

libvirt.registerErrorHandler(lambda *_: None, None)


def uri_of(path):
    return f'nodedev:///system?socket={path}'


def hold_connections(path, count, all_open, results):
    """Opens so many, and asks through each while all are open."""
    try:
        connections = [libvirt.open(uri_of(path)) for _ in range(count)]
        all_open.wait(PATIENCE)
        for connection in connections:
            connection.nodeDeviceLookupByName('computer').XMLDesc(0)
        all_open.wait(PATIENCE)
        for connection in connections:
            connection.close()
        results.put({'asked': count})
    except Exception:
        all_open.abort()
        results.put({'error': traceback.format_exc()})


class Worker:
    """A process with several clients, each in a thread of its own."""

    def __init__(self, path, count, made, is_over):
        self.path, self.count, self.made, self.is_over = path, count, made, is_over
        self.told = collections.Counter()

    def run(self, results):
        libvirt.virEventRegisterDefaultImpl()
        libvirt.virEventAddTimeout(100, lambda *_: None, None)
        threading.Thread(target=self.run_loop, daemon=True).start()
        threads = [threading.Thread(target=self.run_client, args=(number, results))
                   for number in range(self.count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        results.put({'told': min(self.told[number] for number in range(self.count))})

    @staticmethod
    def run_loop():
        while True:
            libvirt.virEventRunDefaultImpl()

    def on_event(self, _connection, _device, number):
        self.told[number] += 1

    def run_client(self, number, results):
        try:
            calls = 0
            connection = libvirt.open(uri_of(self.path))
            registered = connection.nodeDeviceEventRegisterAny(
                None, libvirt.VIR_NODE_DEVICE_EVENT_ID_UPDATE, self.on_event, number)
            while not self.is_over.is_set():
                devices = connection.listAllDevices(0)
                for device in devices:
                    self.check(device)
                calls += 2 * len(devices)
                with self.made.get_lock():
                    self.made.value += 2 * len(devices)
            connection.nodeDeviceEventDeregisterAny(registered)
            connection.close()
            results.put({'calls': calls})
        except Exception:
            results.put({'error': traceback.format_exc()})

    @staticmethod
    def check(device):
        if f'<name>{device.name()}</name>' not in device.XMLDesc(0):
            raise ValueError(f'the document of {device.name()} is another one')


class Load(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        require_root()
        enter_network_namespace()

    def setUp(self):
        self.daemon = ServingDaemon()
        self.addCleanup(self.daemon.close)
        self.results = multiprocessing.Queue()
        self.made = multiprocessing.Value('L', 0)
        self.is_over = multiprocessing.Event()

    def serve(self, **settings):
        """Returns how many descriptors the daemon has, after a first client, when nobody is there."""
        self.daemon.start(**settings)
        connection = libvirt.open(uri_of(self.daemon.path))
        connection.listAllDevices(0)
        during = self.daemon.descriptors()
        connection.close()
        wait_for(lambda: self.daemon.descriptors() < during, 'end of a client')
        return self.daemon.descriptors()

    def assert_nobody_is_left(self, before):
        wait_for(lambda: self.daemon.descriptors() <= before + SPARE_DESCRIPTORS,
                 'descriptors of clients that have gone')
        self.assertEqual(self.daemon.terminate(), (0, ''))

    def start(self, target, *arguments):
        process = multiprocessing.Process(target=target, args=(*arguments, self.results), daemon=True)
        process.start()
        self.addCleanup(process.join)
        self.addCleanup(process.kill)
        return process

    def collect(self, count):
        """What so many results say in all; an error fails the test."""
        collected = [self.results.get(timeout=PATIENCE) for _ in range(count)]
        errors = [result['error'] for result in collected if 'error' in result]
        self.assertEqual(errors, [])
        return collected

    def test_thousand_connections(self):
        before = self.serve(files=(1024, 4096))
        all_open = multiprocessing.Barrier(PROCESSES + 1)
        for _ in range(PROCESSES):
            self.start(hold_connections, self.daemon.path, CONNECTIONS // PROCESSES, all_open)
        all_open.wait(PATIENCE)
        self.assertGreaterEqual(self.daemon.descriptors() - before, CONNECTIONS)
        all_open.wait(PATIENCE)
        asked = sum(result['asked'] for result in self.collect(PROCESSES))
        self.assertEqual(asked, CONNECTIONS)
        self.assert_nobody_is_left(before)

    def let_events_flow(self, seconds=0, calls=0):
        """For so long, and until so many calls were made. Meanwhile looks at the memory; returns how much
        it had each time."""
        udev = UdevDouble()
        interface = first_interface()
        deadline = time.monotonic() + seconds
        memory = []
        while time.monotonic() < deadline or self.made.value < calls:
            udev.tell('change', 'net', interface)
            memory.append(self.daemon.resident_kib())
            time.sleep(1 / EVENTS_PER_SECOND)
        udev.close()
        return memory

    def start_clients(self):
        return [self.start(Worker(self.daemon.path, CLIENTS // PROCESSES, self.made, self.is_over).run)
                for _ in range(PROCESSES)]

    def assert_flat(self, memory):
        half = len(memory) // 2
        before, after = max(memory[:half]), max(memory[half:])
        print(f'memory in KiB: at most {before}, and then {after}')
        self.assertLess(after - before, FLAT_KIB)

    def test_clients_while_events_flow(self):
        before = self.serve(root=None)
        self.start_clients()
        self.let_events_flow(calls=WARM_CALLS)
        memory = self.let_events_flow(DURATION)
        self.is_over.set()
        collected = self.collect(CLIENTS + PROCESSES)
        calls = [result['calls'] for result in collected if 'calls' in result]
        told = [result['told'] for result in collected if 'told' in result]
        print(f'{CLIENTS} clients made {sum(calls)} calls, each at least {min(calls)}, '
              f'and heard of at least {min(told)} events')
        self.assertEqual(len(calls), CLIENTS)
        self.assertGreater(min(calls), 0)
        self.assertGreater(min(told), 0)
        self.assert_flat(memory)
        self.assert_nobody_is_left(before)

    def test_clients_that_are_killed(self):
        before = self.serve(root=None)
        processes = self.start_clients()
        wait_for(lambda: self.daemon.descriptors() >= before + CLIENTS, 'clients')
        self.let_events_flow(1)
        for process in processes:
            os.kill(process.pid, signal.SIGKILL)
        self.assert_nobody_is_left(before)


if __name__ == '__main__':
    unittest.main()
