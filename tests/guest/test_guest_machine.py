#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Whoever does not report, fails: the watching half of the guest suite, without a guest."""

import contextlib
import os
import socket
import sys
import tempfile
import textwrap
import threading
import unittest
from unittest import mock

from guest_channels import GuestChannels
from guest_machine import GuestMachine, function_arguments, machine_arguments
from guest_report import GuestReport, PlainReport

# For what ends by itself, in seconds, on a busy machine.
PATIENCE = 300

# Stands in for QEMU: its arguments name the sockets, its stdout is the console.
FAKE_QEMU = """
    import json, re, socket, sys, time

    def channel(name):
        found = re.search(rf"socket,id={name},fd=(\\d+)", " ".join(sys.argv))
        return socket.socket(fileno=int(found[1]))

    def report(text):
        channel_report.sendall(text.encode())

    def console(text):
        sys.stdout.write(text + "\\n")
        sys.stdout.flush()

    channel_report, channel_qmp, channel_monitor = map(channel, ("report", "qmp", "monitor"))
"""


def tap_of(cases, data, reason="the machine is done", tail=()):
    lines = []
    report = GuestReport(cases, lines.append)
    report.feed(data)
    report.finish(reason, tail)
    return lines, report.failures


class ReportTest(unittest.TestCase):
    def test_exit_status_is_a_point(self):
        lines, failures = tap_of(["a", "b"], b"\n@@ begin a\nhello\n\n@@ end a 0\n"
                                             b"\n@@ begin b\n\n@@ end b 3\n@@ done\n")
        self.assertEqual(lines, ["# hello", "ok 1 - a", "not ok 2 - b: exit status 3", "1..2"])
        self.assertEqual(failures, 1)

    def test_points_of_a_case_are_our_points(self):
        lines, failures = tap_of(["a"], b"@@ begin a\n1..2\nok 1 - x\nnot ok 2 - y\n@@ end a 1\n@@ done\n")
        self.assertEqual(lines, ["ok 1 - a: x", "not ok 2 - a: y", "not ok 3 - a: exit status 1", "1..3"])
        self.assertEqual(failures, 2)

    def test_a_broken_plan_is_a_failure(self):
        for plan in (b"", b"1..2\n", b"1..0\n"):
            lines, failures = tap_of(["a"], b"@@ begin a\n" + plan + b"ok 1 - x\n@@ end a 0\n@@ done\n")
            self.assertEqual(failures, 1, lines)

    def test_a_case_that_did_not_report_is_a_failure_with_the_console(self):
        lines, failures = tap_of(["a", "b", "c"], b"@@ begin a\n@@ end a 0\n@@ begin b\nhalf",
                                 "the guest's kernel panicked", ["Kernel panic"])
        self.assertEqual(lines, ["ok 1 - a", "not ok 2 - b: no report, the guest's kernel panicked",
                                 "not ok 3 - c: no report, the guest's kernel panicked",
                                 "# console: Kernel panic", "1..3"])
        self.assertEqual(failures, 2)

    def test_a_machine_that_stops_after_the_last_case_is_a_failure(self):
        lines, failures = tap_of(["a"], b"@@ begin a\n@@ end a 0\n", "it stopped", ["last words"])
        self.assertEqual(lines, ["ok 1 - a", "# console: last words", "not ok 2 - it stopped", "1..2"])
        self.assertEqual(failures, 1)

    def test_bytes_come_in_any_pieces(self):
        data = b"@@ begin a\r\n1..1\r\nok 1 - x\r\n@@ end a 0\r\n@@ done\r\n"
        lines = []
        report = GuestReport(["a"], lines.append)
        for position in range(len(data)):
            report.feed(data[position:position + 1])
        report.finish("", [])
        self.assertEqual(lines, ["ok 1 - a: x", "1..1"])

    def test_plain_output_is_the_scripts_own(self):
        lines = []
        report = PlainReport(["script"], lines.append)
        report.feed(b"\n@@ begin script\nok 1 - <a>\n\n</a>\n\n@@ end script 0\n\n@@ done\n")
        report.finish("", [])
        self.assertEqual((lines, report.failures), (["ok 1 - <a>", "\n</a>"], 0))

    def test_plain_output_that_breaks_off_is_a_failure(self):
        lines = []
        report = PlainReport(["script"], lines.append)
        report.feed(b"@@ begin script\nhello\n")
        report.finish("it stopped", ["panic"])
        self.assertEqual((lines, report.failures), (["hello", "panic", "it stopped"], 1))


class MachineTest(unittest.TestCase):
    def run_fake(self, body, clock=None):
        lines = []
        report = GuestReport(["a"], lines.append)
        with tempfile.NamedTemporaryFile("w", suffix=".py") as script:
            script.write(textwrap.dedent(FAKE_QEMU) + textwrap.dedent(body))
            script.flush()
            machine = GuestMachine([sys.executable, script.name], report)
            with mock.patch("guest_machine.time.monotonic", lambda: clock(machine)) if clock \
                    else contextlib.nullcontext():
                reason = machine.run(PATIENCE)
            report.finish(reason, machine.console_tail())
        return reason, lines, report.failures

    def test_good_run(self):
        reason, lines, failures = self.run_fake("""
            report("@@ begin a\\n@@ end a 0\\n@@ done\\n")
            time.sleep(60)
        """)
        self.assertEqual((reason, lines, failures), ("the machine is done", ["ok 1 - a", "1..1"], 0))

    def test_panic_shows_the_console(self):
        reason, lines, failures = self.run_fake("""
            report("@@ begin a\\n")
            channel_qmp.sendall(b'{"event": "GUEST_PANICKED"}\\n')
            console("Kernel panic - not syncing")
        """)
        self.assertEqual(reason, "the guest's kernel panicked")
        self.assertIn("# console: Kernel panic - not syncing", lines)
        self.assertEqual(failures, 1)

    def test_qemu_that_does_not_start_shows_why(self):
        reason, lines, failures = self.run_fake("""
            console("qemu: no such device")
            sys.exit(1)
        """)
        self.assertIn("exit status 1", reason)
        self.assertIn("# console: qemu: no such device", lines)
        self.assertEqual(failures, 1)

    def test_a_hang_ends_with_the_time_and_the_process(self):
        def over_when_something_is_said(machine):
            return 2 * PATIENCE if any("pid" in line for line in machine.console_tail()) else 0

        reason, lines, failures = self.run_fake("""
            import os
            report("@@ begin a\\n")
            console(f"pid {os.getpid()}")
            time.sleep(86400)
        """, over_when_something_is_said)
        self.assertEqual((reason, failures), ("its time is over", 1))
        pid = int(next(line for line in lines if "pid" in line).split()[-1])
        self.assertFalse(os.path.exists(f"/proc/{pid}"))

    def test_guest_may_plug_and_nothing_else(self):
        _, lines, failures = self.run_fake("""
            qmp, monitor = channel_qmp.makefile("rw"), channel_monitor.makefile("rw")
            assert json.loads(qmp.readline())["execute"] == "qmp_capabilities"
            print(json.dumps({"return": {}}), file=qmp, flush=True)
            print(json.dumps({"execute": "quit"}), file=monitor, flush=True)
            refused = "error" in json.loads(monitor.readline())
            print(json.dumps({"execute": "device_del", "arguments": {"id": "x"}}), file=monitor, flush=True)
            request = json.loads(qmp.readline())
            print(json.dumps({"event": "SOMETHING"}), file=qmp)
            print(json.dumps({"return": {}, "id": request["id"]}), file=qmp, flush=True)
            answered = json.loads(monitor.readline()) == {"return": {}}
            report(f"@@ begin a\\n1..2\\n{'ok' if refused else 'not ok'} 1 - refused\\n")
            report(f"{'ok' if answered else 'not ok'} 2 - answered\\n@@ end a 0\\n@@ done\\n")
            time.sleep(60)
        """)
        self.assertEqual((lines, failures), (["ok 1 - a: refused", "ok 2 - a: answered", "1..2"], 0))


class ChannelsTest(unittest.TestCase):
    """A guest that libvirt has started."""

    def run_guest(self, guest, seconds=PATIENCE):
        """guest gets the two ends, as files, and runs beside us."""
        def answer(request):
            if request != "chosen":
                raise ValueError("not for guests")
            return {"uid": 5}

        def live(ends):
            with ends["report"], ends["monitor"]:
                guest(ends["report"], ends["monitor"].makefile("rw"))

        lines = []
        with tempfile.TemporaryDirectory() as directory, \
                GuestChannels(directory, GuestReport(["a"], lines.append), answer) as channels:
            ends = {name: socket.socket(socket.AF_UNIX) for name in channels.paths}
            for name, end in ends.items():
                end.connect(channels.paths[name])
            channels.accept()
            thread = threading.Thread(target=live, args=[ends])
            thread.start()
            reason = channels.run(seconds)
            channels.report.finish(reason, [])
        thread.join()
        return reason, lines

    def test_guest_is_answered(self):
        def guest(report, monitor):
            answers = []
            for request in ("chosen", "quit"):
                monitor.write(f'{{"execute": "{request}"}}\n')
                monitor.flush()
                answers.append(monitor.readline())
            right = answers == ['{"return": {"uid": 5}}\n', '{"error": {"desc": "not for guests"}}\n']
            report.sendall(f"@@ begin a\n@@ end a {int(not right)}\n@@ done\n".encode())

        self.assertEqual(self.run_guest(guest), ("the machine is done", ["ok 1 - a", "1..1"]))

    def test_guest_that_goes_is_a_failure(self):
        reason, lines = self.run_guest(lambda report, _: report.sendall(b"@@ begin a\n"))
        self.assertEqual((reason, lines), ("the machine stopped",
                                           ["not ok 1 - a: no report, the machine stopped", "1..1"]))

    def test_guest_that_hangs_is_a_failure(self):
        """It stays until nobody listens any more."""
        reason, _ = self.run_guest(lambda report, _: report.recv(1), seconds=1)
        self.assertEqual(reason, "its time is over")


class FunctionTest(unittest.TestCase):
    def test_function_carries_its_identity(self):
        arguments = function_arguments(3, "scsi:0xffff:0xffffffff")
        self.assertIn("zpci,uid=0xffff,fid=0xffffffff,target=fn3", arguments)
        self.assertIn("virtio-scsi-pci,id=fn3", arguments)

    def test_function_behind_the_bridge(self):
        arguments = function_arguments(1, "rng:1:2:bridge")
        self.assertIn("virtio-rng-pci,id=fn1,bus=bridge", arguments)

    def test_each_bridge_that_is_named_is_there_once(self):
        functions = [function_arguments(i, text) for i, text in enumerate(
            ["rng:1:1", "rng:2:2:bridge", "net:3:3:bridge2", "rng:4:4:bridge2"])]
        arguments = machine_arguments("kernel", "initrd", "", functions)
        self.assertEqual([word for word in arguments if word.startswith("pci-bridge")],
                         ["pci-bridge,id=bridge,chassis_nr=1", "pci-bridge,id=bridge2,chassis_nr=2"])

    def test_unknown_kind_names_the_known_ones(self):
        with self.assertRaisesRegex(ValueError, "blk, disk, igb, net, nvme, rng, scsi"):
            function_arguments(0, "gpu:1:2")

    def test_text_of_another_form_shows_the_form(self):
        with self.assertRaisesRegex(ValueError, "'net:1' is not KIND:UID:FID"):
            function_arguments(0, "net:1")


if __name__ == "__main__":
    unittest.main()
