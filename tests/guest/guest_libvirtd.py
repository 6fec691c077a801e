# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""The machine's own stock libvirtd, inside the guest: what it says of devices, its death and its return."""

import contextlib
import os
import re
import signal
import subprocess

import libvirt

from guest_case import STOCK, connection, wait_until

START_SECONDS = 120

LIFECYCLES = {libvirt.VIR_NODE_DEVICE_EVENT_CREATED: "created",
              libvirt.VIR_NODE_DEVICE_EVENT_DELETED: "deleted",
              libvirt.VIR_NODE_DEVICE_EVENT_DEFINED: "defined",
              libvirt.VIR_NODE_DEVICE_EVENT_UNDEFINED: "undefined"}


def answer_of(call):
    """What a call returns, or code, domain and message of its error."""
    try:
        return call()
    except libvirt.libvirtError as error:
        return error.get_error_code(), error.get_error_domain(), error.get_error_message()


def without_zpci(document):
    return re.sub(r"^ *<zpci [^>]*(/>|>.*?</zpci>)\n", "", document, flags=re.MULTILINE | re.DOTALL)


def describe(opened, name):
    """Everything that the API says about a device, without zPCI."""
    device = opened.nodeDeviceLookupByName(name)
    return {"document": without_zpci(device.XMLDesc()),
            "parent": device.parent(),
            "capabilities": [each for each in device.listCaps() if each != "zpci"],
            "active": device.isActive(),
            "persistent": answer_of(device.isPersistent),
            "autostart": answer_of(device.autostart)}


def names_of(opened):
    return sorted(device.name() for device in opened.listAllDevices())


def libvirtd_answers(uri=STOCK):
    with contextlib.suppress(libvirt.libvirtError), connection(uri) as direct:
        return len(direct.listAllDevices()) > 1
    return False


def pid_of_libvirtd():
    for pid in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError), open(f"/proc/{pid}/cmdline", "rb") as file:
            if os.path.basename(file.read().split(b"\0")[0]) == b"libvirtd":
                return int(pid)
    return None


def kill_libvirtd():
    os.kill(pid_of_libvirtd(), signal.SIGKILL)
    wait_until(lambda: pid_of_libvirtd() is None, "libvirtd is dead")


def start_libvirtd(*options, uri=STOCK):
    # It stays when this case is over.
    with open("/run/libvirtd.log", "ab") as log:
        subprocess.Popen(["libvirtd", *options], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                         start_new_session=True)
    wait_until(lambda: libvirtd_answers(uri), "libvirtd answers", START_SECONDS)


class Events:
    """What a client hears, as ("created", NAME) and so on."""

    def __init__(self, opened):
        self.told = []
        self._opened = opened
        self._number = opened.nodeDeviceEventRegisterAny(
            None, libvirt.VIR_NODE_DEVICE_EVENT_ID_LIFECYCLE, self._heard, None)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._opened.nodeDeviceEventDeregisterAny(self._number)

    def _heard(self, _connection, device, event, _detail, _opaque):
        self.told.append((LIFECYCLES[event], device.name()))

    def of(self, name):
        return [event for event, whose in self.told if whose == name]

    def wait_for(self, name, expected):
        wait_until(lambda: len(self.of(name)) >= len(expected), f"{expected} of {name}: {self.told}")
        if self.of(name) != expected:
            raise AssertionError(f"{name}: {self.of(name)}, not {expected}")
