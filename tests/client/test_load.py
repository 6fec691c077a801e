#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Many clients of python3-libvirt at once, while events flow.

Nothing is measured by the clock: the clients make so many calls, are told of so many events, and then the
memory of the daemon is looked at; five times. ZPCI_LOAD_ROUNDS in the environment says how often each
client asks for all devices in each of the five stages, 5 by default; the benchmark has more.
"""

import collections
import multiprocessing
import os
import signal
import sys
import threading
import traceback
import unittest

import libvirt

sys.path.append(os.path.join(os.environ['ZPCI_SOURCE_DIR'], 'tests/wire'))
from serving_daemon import (  # noqa: E402
    SPARE_DESCRIPTORS, ServingDaemon, require_root, wait_for,
)
from udev_double import UdevDouble, enter_network_namespace, first_interface  # noqa: E402

ROUNDS = int(os.environ.get('ZPCI_LOAD_ROUNDS', '5'))
STAGES = 5
PROCESSES = 8
CLIENTS = 200
CONNECTIONS = 1000
PATIENCE = 240
EVENTS = 50
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


class Meeting:
    """Where all clients and the test meet, and what they show each other."""

    def __init__(self):
        self.barrier = multiprocessing.Barrier(CLIENTS + 1)
        # How many events the first client has been told of.
        self.heard = multiprocessing.Value('i', 0)

    def wait(self):
        self.barrier.wait(PATIENCE)


class Worker:
    """A process with several clients, each in a thread of its own."""

    def __init__(self, path, first, count, meeting):
        self.path, self.numbers, self.meeting = path, range(first, first + count), meeting
        self.told = collections.Counter()

    def run(self, results):
        libvirt.virEventRegisterDefaultImpl()
        libvirt.virEventAddTimeout(100, lambda *_: None, None)
        threading.Thread(target=self.run_loop, daemon=True).start()
        threads = [threading.Thread(target=self.run_client, args=(number, results)) for number in self.numbers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    @staticmethod
    def run_loop():
        while True:
            libvirt.virEventRunDefaultImpl()

    def on_event(self, _connection, _device, number):
        self.told[number] += 1
        if number == 0:
            self.meeting.heard.value = self.told[number]

    def run_client(self, number, results):
        try:
            connection = libvirt.open(uri_of(self.path))
            registered = connection.nodeDeviceEventRegisterAny(
                None, libvirt.VIR_NODE_DEVICE_EVENT_ID_UPDATE, self.on_event, number)
            calls = self.ask(connection)
            # The events were sent before the end of the last stage, but perhaps not read.
            wait_for(lambda: self.told[number] >= STAGES * EVENTS, 'events')
            connection.nodeDeviceEventDeregisterAny(registered)
            connection.close()
            results.put({'calls': calls, 'told': self.told[number]})
        except Exception:
            self.meeting.barrier.abort()
            results.put({'error': traceback.format_exc()})

    def ask(self, connection):
        """Returns how many calls it made."""
        calls = 0
        self.meeting.wait()
        for _ in range(STAGES):
            for _ in range(ROUNDS):
                for device in connection.listAllDevices(0):
                    self.check(device)
                    calls += 1
                calls += 1
            # All have done the same work now; and they go on when the memory has been looked at.
            self.meeting.wait()
            self.meeting.wait()
        return calls

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

    def start_clients(self, meeting):
        share = CLIENTS // PROCESSES
        return [self.start(Worker(self.daemon.path, number * share, share, meeting).run)
                for number in range(PROCESSES)]

    def let_events_flow(self, meeting, udev, interface):
        """Each is told of when the one before has arrived, so that there are never many on the way."""
        for _ in range(EVENTS):
            before = meeting.heard.value
            udev.tell('change', 'net', interface)
            wait_for(lambda: meeting.heard.value > before, 'event')

    def assert_flat(self, memory):
        """Each stage has the same calls and events, so what is lost is lost in each; but a worker brings memory of its
        own, and comes when it is needed, which may be late."""
        print(f'memory in KiB after each stage: {memory}')
        growth = [after - before for before, after in zip(memory, memory[1:])]
        self.assertLess(min(growth), FLAT_KIB)

    def test_clients_while_events_flow(self):
        before = self.serve(root=None)
        meeting, udev, interface = Meeting(), UdevDouble(), first_interface()
        self.addCleanup(udev.close)
        self.start_clients(meeting)
        meeting.wait()
        memory = []
        for _ in range(STAGES):
            self.let_events_flow(meeting, udev, interface)
            meeting.wait()
            memory.append(self.daemon.resident_kib())
            meeting.wait()
        collected = self.collect(CLIENTS)
        calls = [result['calls'] for result in collected]
        print(f'{CLIENTS} clients made {sum(calls)} calls, each of them {calls[0]}')
        self.assertEqual(set(calls), {calls[0]})
        self.assertEqual({result['told'] for result in collected}, {STAGES * EVENTS})
        self.assert_flat(memory)
        self.assert_nobody_is_left(before)

    def test_clients_that_are_killed(self):
        before = self.serve(root=None)
        meeting, udev, interface = Meeting(), UdevDouble(), first_interface()
        self.addCleanup(udev.close)
        processes = self.start_clients(meeting)
        meeting.wait()
        self.let_events_flow(meeting, udev, interface)
        for process in processes:
            os.kill(process.pid, signal.SIGKILL)
        self.assert_nobody_is_left(before)


if __name__ == '__main__':
    unittest.main()
