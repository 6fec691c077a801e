# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""What the cases in Python share, inside the guest. Each test method is one point of TAP."""

import contextlib
import ctypes
import json
import os
import struct
import subprocess
import sys
import time
import traceback
import unittest
import xml.etree.ElementTree as ElementTree

import libvirt

OURS = "nodedev+ext:///system?command=/usr/sbin/virtzpcid"
STOCK = "qemu:///system"
CONFIGURATION = "/etc/libvirt-zpci/virtzpcid.conf"
CHAINS = "/run/libvirt-zpci/chains"
DEVICES = "/sys/bus/pci/devices"
SLOTS = "/sys/bus/pci/slots"
IN_OPEN = 0x20

libvirt.registerErrorHandler(lambda *_: None, None)


def wait_until(condition, what, seconds=30):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"after {seconds} s still not: {what}")
        time.sleep(0.2)


def run(*command, status=0, **options):
    """Returns what the command printed; its exit status has to be the one expected."""
    result = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                            check=False, **options)
    if result.returncode != status:
        raise AssertionError(f"{' '.join(command)}: exit status {result.returncode}\n"
                             f"{result.stdout}{result.stderr}")
    return result.stdout if status == 0 else result.stderr


def tool_json(*arguments, **options):
    """What a command prints with --json; of functions, the list of them, or the one that is asked for."""
    answer = json.loads(run("virt-zpci", *arguments, "--json", **options))
    if "functions" not in answer:
        return answer
    return answer["functions"][0] if "show" in arguments else answer["functions"]


def write(path, text):
    with open(path, "w", encoding="ascii") as file:
        file.write(text)


def attribute(address, name):
    with open(f"{DEVICES}/{address}/{name}", encoding="ascii") as file:
        return file.read().strip()


def addresses():
    return sorted(os.listdir(DEVICES))


def node_name(address):
    return "pci_" + address.replace(":", "_").replace(".", "_")


def driver_of(address):
    with contextlib.suppress(FileNotFoundError):
        return os.path.basename(os.readlink(f"{DEVICES}/{address}/driver"))
    return None


def group_node(address):
    return "/dev/vfio/" + os.path.basename(os.readlink(f"{DEVICES}/{address}/iommu_group"))


def own_node(address):
    """Of a function that is bound to VFIO, where the kernel has such nodes."""
    name, = os.listdir(f"{DEVICES}/{address}/vfio-dev")
    return f"/dev/vfio/devices/{name}"


def bind(address, driver="vfio-pci"):
    """driver may be empty: the one that the kernel would choose."""
    write(f"{DEVICES}/{address}/driver_override", driver or "\n")
    if driver_of(address):
        write(f"{DEVICES}/{address}/driver/unbind", address)
    write("/sys/bus/pci/drivers_probe", address)
    run("udevadm", "settle")
    if driver_of(address) is None or driver and driver_of(address) != driver:
        raise AssertionError(f"{driver} did not take {address}, but {driver_of(address)}")


def configure(**keys):
    """The daemon's configuration; without keys there is none, which means the defaults."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(CONFIGURATION)
    if keys:
        os.makedirs(os.path.dirname(CONFIGURATION), exist_ok=True)
        write(CONFIGURATION, "[virtzpcid]\n" + "".join(f"{key} = {value}\n" for key, value in keys.items()))


@contextlib.contextmanager
def connection(uri=OURS):
    """Each has a daemon of its own behind it."""
    opened = libvirt.open(uri)
    try:
        yield opened
    finally:
        opened.close()


def xml_of(name, uri=OURS):
    with connection(uri) as opened:
        return opened.nodeDeviceLookupByName(name).XMLDesc()


def zpci_of(document):
    """The attributes of <zpci> and its children in one dictionary: uid, function.pchid, pfip, ..."""
    element = ElementTree.fromstring(document).find("capability/zpci")
    if element is None:
        raise AssertionError(f"no <zpci> in\n{document}")
    values = dict(element.attrib)
    for child in element:
        values.update({f"{child.tag}.{name}": value for name, value in child.attrib.items()})
        if child.text:
            values[child.tag] = child.text
    return values


def request_of_host(command, **arguments):
    """A change of the machine's own hardware, by QMP."""
    run("/zpci/host-request", json.dumps({"execute": command, "arguments": arguments}))


class OpenCounter:
    """Counts how often files are opened, by anybody, in between two looks at it."""

    def __init__(self, *paths):
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._fd = self._libc.inotify_init1(os.O_NONBLOCK)
        for path in paths:
            if self._libc.inotify_add_watch(self._fd, os.fsencode(path), IN_OPEN) < 0:
                raise OSError(ctypes.get_errno(), "inotify_add_watch", path)

    def close(self):
        os.close(self._fd)

    def count(self):
        try:
            events = os.read(self._fd, 65536)
        except BlockingIOError:
            return 0
        total = offset = 0
        while offset < len(events):
            _, mask, _, length = struct.unpack_from("iIII", events, offset)
            if not mask & IN_OPEN:
                raise AssertionError(f"inotify lost events: mask 0x{mask:x}")
            total += 1
            offset += 16 + length
        return total


class GuestCase(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.addCleanup(configure)

    def bind_for_test(self, address, driver="vfio-pci"):
        bind(address, driver)
        self.addCleanup(bind, address, "")

    def hide(self, path):
        """Until the end of the test."""
        os.rename(path, f"{path}.hidden")
        self.addCleanup(os.rename, f"{path}.hidden", path)

    @contextlib.contextmanager
    def holder(self, address, node):
        """Another process has the function, as QEMU would; at the end it has still what it had."""
        with subprocess.Popen(["/zpci/vfio-holder", address, node], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True) as process:
            reply = process.stdout.readline()
            self.assertTrue(reply, "the holder did not get the function")
            yield process
            process.stdin.write("\n")
            process.stdin.flush()
            self.assertEqual(process.stdout.readline(), reply)

    def count_opens(self, *paths):
        counter = OpenCounter(*paths)
        self.addCleanup(counter.close)
        return counter


class TapResult(unittest.TestResult):
    """Whatever is not a success is a failure, a skipped test too."""

    points = 0

    def _point(self, test, trouble=None):
        self.points += 1
        text = test.id().split(".")[-1].removeprefix("test_").replace("_", " ")
        print(f"{'not ok' if trouble else 'ok'} {self.points} - {text}")
        for line in (trouble or "").splitlines():
            print(f"# {line}")
        sys.stdout.flush()

    def addSuccess(self, test):
        super().addSuccess(test)
        self._point(test)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._point(test, "".join(traceback.format_exception(*err)))

    def addError(self, test, err):
        super().addError(test, err)
        self._point(test, "".join(traceback.format_exception(*err)))

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self._point(test, f"skipped: {reason}")

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err:
            self._point(test, "".join(traceback.format_exception(*err)))


def main():
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules["__main__"])
    result = TapResult()
    suite.run(result)
    print(f"1..{result.points}")
    sys.exit(0 if result.points and result.wasSuccessful() else 1)
