# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""One emulated s390x machine: its command line, and watching over it while it runs."""

import collections
import contextlib
import json
import os
import re
import selectors
import socket
import subprocess
import time

CONSOLE_LINES = 60

# What stands behind a function, and its device. romfile: the package with the option ROMs is not
# needed for anything else. QEMU 7.2 for s390x has neither NVMe nor igb.
KINDS = {
    "blk": (["-blockdev", "null-co,node-name=disk{0},size=1048576,read-zeroes=on"],
            "virtio-blk-pci,drive=disk{0}"),
    # It remembers what is written, until the machine ends.
    "disk": (["-drive", "driver=null-co,size=4194304,read-zeroes=on,snapshot=on,"
                        "if=none,id=disk{0}"], "virtio-blk-pci,drive=disk{0}"),
    "igb": (["-netdev", "user,id=net{0},restrict=on"], "igb,netdev=net{0},romfile="),
    "net": (["-netdev", "user,id=net{0},restrict=on"], "virtio-net-pci,netdev=net{0},romfile="),
    "nvme": (["-blockdev", "null-co,node-name=disk{0},size=16777216,read-zeroes=on"],
             "nvme,serial=serial{0},drive=disk{0}"),
    "rng": ([], "virtio-rng-pci"),
    "scsi": ([], "virtio-scsi-pci"),
}

# What the guest may ask of its own machine: to plug functions, nothing else.
MONITOR_COMMANDS = {"device_add", "device_del", "netdev_add", "netdev_del", "query-pci", "set_link"}


def function_arguments(index, text):
    """QEMU's arguments for one function, given as KIND:UID:FID, :bridge or :bridge2 and so on at the end."""
    match = re.fullmatch(r"(\w+):(\w+):(\w+)(?::(bridge\d*))?", text)
    if not match:
        raise ValueError(f"'{text}' is not KIND:UID:FID, as in net:5:0xc")
    kind, uid, fid, bridge = match.groups()
    bus = f",bus={bridge}" if bridge else ""
    if kind not in KINDS:
        raise ValueError(f"'{kind}' is no kind of function: there are {', '.join(KINDS)}")
    backend, device = KINDS[kind]
    return [*(word.format(index) for word in backend),
            "-device", f"zpci,uid={uid},fid={fid},target=fn{index}",
            "-device", f"{device.format(index)},id=fn{index}{bus}"]


def machine_arguments(kernel, initrd, append, functions, share=None):
    """functions: a list of what function_arguments returned."""
    arguments = [
        "qemu-system-s390x", "-M", "s390-ccw-virtio", "-cpu", "max", "-m", "2048", "-smp", "2",
        "-nographic", "-nodefaults", "-no-reboot",
        "-kernel", kernel, "-initrd", initrd, "-append", f"console=ttyS0 rdinit=/init {append}",
    ]
    bridges = {match[1] for function in functions if (match := re.search(r",bus=(bridge\d*)$", function[-1]))}
    for number, bridge in enumerate(sorted(bridges), 1):
        arguments += ["-device", f"pci-bridge,id={bridge},chassis_nr={number}"]
    for function in functions:
        arguments += function
    if share:
        arguments += ["-fsdev", f"local,id=share,path={share},security_model=none",
                      "-device", "virtio-9p-ccw,fsdev=share,mount_tag=share"]
    return arguments


class GuestMachine:
    """Runs a machine until it stops or its time is over, and feeds what it reports to a report."""

    def __init__(self, arguments, report, echo=None):
        self.arguments = arguments
        self.report = report
        self.panicked = False
        self._echo = echo
        self._console = collections.deque([b""], maxlen=CONSOLE_LINES)
        self._sockets = {}
        self._buffers = collections.defaultdict(bytes)

    def run(self, seconds):
        """Returns why the machine stopped, in words for a person."""
        with contextlib.ExitStack() as stack:
            ends = [stack.enter_context(self._channel(name)) for name in ("report", "monitor", "qmp")]
            process = stack.enter_context(self._process(ends))
            for end in ends:
                end.close()
            return self._watch(process, time.monotonic() + seconds)

    def console_tail(self):
        return [line.decode("utf-8", "replace").rstrip("\r") for line in self._console]

    def _channel(self, name):
        ours, theirs = socket.socketpair()
        self._sockets[name] = ours
        return theirs

    @contextlib.contextmanager
    def _process(self, ends):
        report, monitor, qmp = (end.fileno() for end in ends)
        arguments = self.arguments + [
            "-serial", "stdio", "-device", "virtio-serial-ccw",
            "-chardev", f"socket,id=report,fd={report}",
            "-device", "virtserialport,chardev=report,name=zpci.report",
            "-chardev", f"socket,id=monitor,fd={monitor}",
            "-device", "virtserialport,chardev=monitor,name=zpci.monitor",
            "-chardev", f"socket,id=qmp,fd={qmp}", "-mon", "chardev=qmp,mode=control",
        ]
        process = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT, pass_fds=(report, monitor, qmp))
        try:
            yield process
        finally:
            process.kill()
            process.wait()
            for ours in self._sockets.values():
                ours.close()

    def _watch(self, process, deadline):
        selector = selectors.DefaultSelector()
        selector.register(process.stdout, selectors.EVENT_READ, self._on_console)
        for name, ours in self._sockets.items():
            selector.register(ours, selectors.EVENT_READ, getattr(self, f"_on_{name}"))
        self._send("qmp", {"execute": "qmp_capabilities"})
        while not self.report.done:
            if time.monotonic() >= deadline:
                return "its time is over"
            # All ends are closed once QEMU is gone, and what it had said is read.
            if not selector.get_map():
                return self._why_stopped(process)
            for key, _ in selector.select(timeout=1):
                if data := self._read(key.fd):
                    key.data(data)
                else:
                    selector.unregister(key.fileobj)
        return "the machine is done"

    @staticmethod
    def _read(descriptor):
        with contextlib.suppress(ConnectionResetError):
            return os.read(descriptor, 65536)
        return b""

    def _why_stopped(self, process):
        status = process.wait()
        if self.panicked:
            return "the guest's kernel panicked"
        return f"the machine stopped (exit status {status})"

    def _on_console(self, data):
        if self._echo:
            self._echo(data)
        first, *others = data.split(b"\n")
        self._console[-1] += first
        self._console.extend(others)

    def _on_report(self, data):
        self.report.feed(data)

    def _on_monitor(self, data):
        """A line from the guest is a QMP command; the answer goes back to it as a line."""
        for line in self._lines("monitor", data):
            request = json.loads(line)
            if request["execute"] in MONITOR_COMMANDS:
                self._send("qmp", {**request, "id": "guest"})
            else:
                self._send("monitor", {"error": {"desc": "not for guests"}})

    def _on_qmp(self, data):
        for line in self._lines("qmp", data):
            message = json.loads(line)
            if message.get("event") == "GUEST_PANICKED":
                self.panicked = True
            elif message.pop("id", None) == "guest":
                self._send("monitor", message)

    def _lines(self, name, data):
        *lines, self._buffers[name] = (self._buffers[name] + data).split(b"\n")
        return [line for line in lines if line.strip()]

    def _send(self, name, message):
        # A machine that has just stopped is noticed by the reader, with a reason.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self._sockets[name].sendall(json.dumps(message).encode() + b"\n")
