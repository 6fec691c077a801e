#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Stock virsh and python3-libvirt over the daemon's sockets, as root and as somebody else."""

import os
import signal
import subprocess
import sys
import time
import unittest
import urllib.parse

import libvirt
from client_case import ClientCase, host_dir

sys.path.append(os.path.join(os.environ['ZPCI_SOURCE_DIR'], 'tests/wire'))
from polkit_double import PolkitDouble  # noqa: E402
from serving_daemon import STRANGER, ServingDaemon, require_root, wait_for  # noqa: E402

HOST = 'qemu-s390x'
FUNCTION = 'pci_0005_00_00_0'
MANAGE, MONITOR = 'org.libvirt.unix.manage', 'org.libvirt.unix.monitor'
SECONDS = 60


class SocketCase(ClientCase):
    def serve(self, **keys):
        daemon = ServingDaemon(**keys)
        self.addCleanup(daemon.close)
        return daemon

    @staticmethod
    def uri_of(path, kind='system'):
        return f'nodedev:///{kind}?socket={urllib.parse.quote(path)}'

    def run_virsh(self, uri, *arguments, read_only=False, **settings):
        environment = dict(os.environ, LC_ALL='C', HOME='/nowhere', XDG_RUNTIME_DIR='/nowhere',
                           XDG_CACHE_HOME='/nowhere')
        return subprocess.run(['virsh', *(['-r'] if read_only else []), '-c', uri, *arguments], cwd='/',
                              env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, encoding='utf-8', timeout=SECONDS, check=False,
                              **settings)

    def run_virsh_as_stranger(self, *arguments, **settings):
        return self.run_virsh(*arguments, user=STRANGER, group=STRANGER, extra_groups=[], **settings)

    def assert_output(self, result):
        self.assertEqual((result.returncode, result.stderr), (0, ''))
        return result.stdout


class Root(SocketCase):
    def setUp(self):
        super().setUp()
        require_root()
        self.server = self.serve().start()
        self.everything = self.uri_of(self.server.path)
        self.reading = self.uri_of(self.server.read_only_path)

    def test_shows_what_the_ext_transport_shows(self):
        names = self.virsh_output(host_dir(HOST), 'nodedev-list').split()
        self.assertIn(FUNCTION, names)
        for uri, read_only in ((self.everything, False), (self.everything, True), (self.reading, False),
                               (self.reading, True)):
            listed = self.assert_output(self.run_virsh(uri, 'nodedev-list', read_only=read_only))
            self.assertEqual(listed.split(), names)
            for name in names:
                self.assertEqual(
                    self.assert_output(self.run_virsh(uri, 'nodedev-dumpxml', name, read_only=read_only)),
                    self.virsh_output(host_dir(HOST), 'nodedev-dumpxml', name))

    def test_reading_changes_nothing(self):
        for uri, read_only in ((self.everything, True), (self.reading, False), (self.reading, True)):
            for command in (('nodedev-detach', FUNCTION), ('nodedev-reattach', FUNCTION),
                            ('nodedev-reset', FUNCTION), ('nodedev-destroy', FUNCTION),
                            ('nodedev-start', FUNCTION), ('nodedev-undefine', FUNCTION),
                            ('nodedev-autostart', FUNCTION)):
                with self.subTest(uri=uri, read_only=read_only, command=command):
                    result = self.run_virsh(uri, *command, read_only=read_only)
                    self.assertEqual(result.returncode, 1)
                    self.assertIn('read only access prevents vir', result.stderr)

    def test_root_parameter_is_refused(self):
        result = self.run_virsh(f'{self.everything}&root=/', 'nodedev-list')
        self.assertEqual(result.returncode, 1)
        self.assertIn('The URI parameter root= is only for the ext transport.', result.stderr)

    def test_python(self):
        connection = libvirt.open(self.everything)
        self.addCleanup(connection.close)
        names = sorted(device.name() for device in connection.listAllDevices(0))
        self.assertEqual(names, ['computer', FUNCTION, 'pci_007a_00_00_0'])
        self.assertEqual(connection.getType(), 'nodedev')
        # The client asks whether a local socket is secure, and it is.
        self.assertEqual(connection.isSecure(), 1)
        self.server.reload()
        self.assertIn('<zpci ', connection.nodeDeviceLookupByName(FUNCTION).XMLDesc(0))


class LoopCase(SocketCase):
    """With libvirt's event loop, for what comes unasked."""

    @classmethod
    def setUpClass(cls):
        require_root()
        libvirt.virEventRegisterDefaultImpl()

    def setUp(self):
        super().setUp()
        self.server = self.serve().start()
        self.reasons = []
        self.connection = libvirt.open(self.uri_of(self.server.path))
        self.connection.registerCloseCallback(lambda _connection, reason, _opaque:
                                              self.reasons.append(reason), None)

    def run_loop(self, condition, seconds=SECONDS):
        """Until condition() is true; without, for so long."""
        timer = libvirt.virEventAddTimeout(50, lambda *_: None, None)
        deadline = time.monotonic() + seconds
        while not condition() and time.monotonic() < deadline:
            libvirt.virEventRunDefaultImpl()
        libvirt.virEventRemoveTimeout(timer)

    def test_end_of_the_daemon(self):
        self.assertEqual(self.server.terminate(), (0, ''))
        self.run_loop(lambda: self.reasons)
        self.assertEqual(self.reasons, [libvirt.VIR_CONNECT_CLOSE_REASON_EOF])
        self.assertFalse(self.connection.isAlive())

    def test_daemon_answers_keepalive(self):
        """After six seconds without an answer the client would give it up."""
        self.connection.setKeepAlive(1, 5)
        self.run_loop(lambda: self.reasons, 8)
        self.assertEqual(self.reasons, [])
        self.assertTrue(self.connection.isAlive())

    def test_daemon_that_hangs(self):
        self.connection.setKeepAlive(1, 1)
        self.server.process.send_signal(signal.SIGSTOP)
        self.run_loop(lambda: self.reasons)
        self.server.process.send_signal(signal.SIGCONT)
        self.assertEqual(self.reasons, [libvirt.VIR_CONNECT_CLOSE_REASON_KEEPALIVE])


class HangingClient(SocketCase):
    def test_is_given_up(self):
        require_root()
        server = self.serve(keepalive_interval=1, keepalive_count=5).start()
        before = server.descriptors()
        virsh = subprocess.Popen(
            ['virsh', '-c', self.uri_of(server.path), 'nodedev-event', '--loop', '--event', 'lifecycle'],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_for(lambda: server.descriptors() > before, 'virsh')
            # Longer than one that does not answer would be kept.
            time.sleep(8)
            connected = server.descriptors()
            self.assertGreater(connected, before, 'one that answers was given up')
            virsh.send_signal(signal.SIGSTOP)
            wait_for(lambda: server.descriptors() < connected, 'end of one that hangs')
        finally:
            virsh.kill()
            virsh.wait()
        self.assertEqual(server.terminate(), (0, ''))


class Somebody(SocketCase):
    """Not root: polkit decides."""

    def setUp(self):
        super().setUp()
        require_root()

    def serve_guarded(self, answers):
        polkit = PolkitDouble(answers)
        self.addCleanup(polkit.__exit__)
        polkit.__enter__()
        server = self.serve()
        server.environment['DBUS_SYSTEM_BUS_ADDRESS'] = polkit.address
        return polkit, server.start()

    def test_allowed(self):
        polkit, server = self.serve_guarded('allow')
        output = self.assert_output(self.run_virsh_as_stranger(self.uri_of(server.path), 'nodedev-list'))
        self.assertIn(FUNCTION, output.split())
        question, = polkit.calls()
        self.assertEqual((question['action'], question['subject']['uid']), (MANAGE, STRANGER))

    def test_may_only_read(self):
        polkit, server = self.serve_guarded({MANAGE: 'deny', MONITOR: 'allow'})
        result = self.run_virsh_as_stranger(self.uri_of(server.path), 'nodedev-list')
        self.assertEqual(result.returncode, 1)
        self.assertIn('error: authentication failed: access denied by policy', result.stderr)
        output = self.assert_output(self.run_virsh_as_stranger(
            self.uri_of(server.read_only_path), 'nodedev-dumpxml', FUNCTION, read_only=True))
        self.assertIn('<zpci ', output)
        # virsh does not believe it at once.
        actions = [call['action'] for call in polkit.calls()]
        self.assertEqual(actions, [MANAGE] * (len(actions) - 1) + [MONITOR])

    def test_refused(self):
        polkit, server = self.serve_guarded('deny')
        for answer, message in (('dismiss', 'authentication cancelled: '),
                                ('challenge', 'authentication unavailable: ')):
            polkit.answer(answer)
            result = self.run_virsh_as_stranger(self.uri_of(server.path), 'nodedev-list')
            self.assertEqual(result.returncode, 1)
            self.assertIn(message, result.stderr)

    def test_cannot_open_a_socket_that_is_not_for_him(self):
        server = self.serve(auth_unix_rw='none', unix_sock_ro_perms='0700').start()
        for path in (server.path, server.read_only_path):
            result = self.run_virsh_as_stranger(self.uri_of(path), 'nodedev-list')
            self.assertEqual(result.returncode, 1)
            self.assertIn('Permission denied', result.stderr)


if __name__ == '__main__':
    unittest.main()
