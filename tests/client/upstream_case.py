# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""What the tests of the daemon behind ours share: connections through it, answers, and events."""

import os
import socket
import subprocess
import tempfile
import time
import urllib.parse

import libvirt
from client_case import DAEMON, SECONDS, ClientCase, without_zpci

# Before any connection is opened, as libvirt wants it.
libvirt.virEventRegisterDefaultImpl()
libvirt.virEventAddTimeout(20, lambda *_: None, None)

UNREACHABLE = 9  # VIR_ERR_OPERATION_FAILED
UNREACHABLE_DOMAIN = libvirt.VIR_FROM_NODEDEV
LIFECYCLES = {libvirt.VIR_NODE_DEVICE_EVENT_CREATED: '+',
              libvirt.VIR_NODE_DEVICE_EVENT_DELETED: '-',
              libvirt.VIR_NODE_DEVICE_EVENT_DEFINED: 'defined ',
              libvirt.VIR_NODE_DEVICE_EVENT_UNDEFINED: 'undefined '}

# Ours sees a captured host in place of this machine: not one that it calls captured, so that it may
# have a daemon behind it.
OVER_SYSFS = ('mount --make-rprivate / && mount --bind "$1" /sys && mount -t tmpfs tmpfs /run &&'
              ' exec "$2"')


def answer_of(call, *arguments):
    """What a call returns, or code, domain and message of its error."""
    try:
        return call(*arguments)
    except libvirt.libvirtError as error:
        return error.get_error_code(), error.get_error_domain(), error.get_error_message()


def accepts(path):
    with socket.socket(socket.AF_UNIX) as client:
        return client.connect_ex(path) == 0


def describe(device):
    """Everything that the API says about a device, the document without <zpci>."""
    capabilities = answer_of(device.listCaps)
    return {
        'xml': without_zpci(device.XMLDesc(0)),
        'parent': answer_of(device.parent),
        'capabilities': [name for name in capabilities if name != 'zpci'],
        'active': answer_of(device.isActive),
        'persistent': answer_of(device.isPersistent),
        'autostart': answer_of(device.autostart),
    }


def names_of(devices):
    return sorted(device.name() for device in devices)


class UpstreamCase(ClientCase):
    def over_sysfs(self, sysfs):
        """From now on ours runs on a machine whose /sys is this directory."""
        self.write_wrapper(['unshare', '--mount', 'sh', '-c', OVER_SYSFS, 'sh', sysfs, DAEMON])

    def through(self, upstream, read_only=False):
        """A connection to a daemon of ours that has @upstream behind it."""
        uri = self.uri(None) + '&upstream=' + urllib.parse.quote(upstream, safe='')
        connection = libvirt.openReadOnly(uri) if read_only else libvirt.open(uri)
        self.addCleanup(connection.close)
        return connection

    def serve(self, upstream):
        """Starts a daemon of ours with @upstream behind it, which all its clients share; its URI. The
        command line wins over the configuration, which names another."""
        directory = self.enterContext(tempfile.TemporaryDirectory())
        config, path = os.path.join(directory, 'conf'), os.path.join(directory, 'sock')
        with open(config, 'w', encoding='utf-8') as stream:
            stream.write('[virtzpcid]\nauth_unix_rw = none\nupstream = test:///nowhere\n')
        daemon = subprocess.Popen([DAEMON, '--config', config, '--socket', path, '--upstream', upstream],
                                  stdin=subprocess.DEVNULL)
        self.addCleanup(lambda: self.assertEqual(daemon.wait(SECONDS), 0))
        self.addCleanup(daemon.terminate)
        self.pump(lambda: accepts(path), 'nobody listens')
        return f'nodedev:///system?socket={path}'

    def pump(self, done, what, seconds=SECONDS):
        """Runs the event loop until done() is true."""
        deadline = time.monotonic() + seconds
        while not done():
            self.assertLess(time.monotonic(), deadline, what() if callable(what) else what)
            libvirt.virEventRunDefaultImpl()

    def listen(self, connection):
        """A list that is filled with what happens: "+name", "-name", "~name" and so on."""
        told = []

        def on_lifecycle(_connection, device, event, _detail, _opaque):
            told.append(LIFECYCLES[event] + device.name())

        def on_update(_connection, device, _opaque):
            told.append('~' + device.name())

        for event, callback in ((libvirt.VIR_NODE_DEVICE_EVENT_ID_LIFECYCLE, on_lifecycle),
                                (libvirt.VIR_NODE_DEVICE_EVENT_ID_UPDATE, on_update)):
            number = connection.nodeDeviceEventRegisterAny(None, event, callback, None)
            self.addCleanup(answer_of, connection.nodeDeviceEventDeregisterAny, number)
        return told

    def assert_told(self, told, expected):
        """Waits for these events of all; others may come between them."""
        self.pump(lambda: set(expected) <= set(told), lambda: f'{expected} were expected: {told}')

    def assert_same_device(self, ours, direct, name):
        self.assertEqual(describe(ours.nodeDeviceLookupByName(name)),
                         describe(direct.nodeDeviceLookupByName(name)), name)

    def assert_unreachable(self, call, *arguments, reason=''):
        answer = answer_of(call, *arguments)
        self.assertEqual(answer[:2], (UNREACHABLE, UNREACHABLE_DOMAIN), answer)
        self.assertRegex(answer[2], f'^operation failed: The node device daemon at .* cannot be '
                                    f'reached: .*{reason}')
