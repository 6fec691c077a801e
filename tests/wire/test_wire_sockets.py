# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""The sockets of a daemon: its own, those of systemd, those of a user; its signals and its end."""

import grp
import os
import shutil
import signal
import socket
import stat
import subprocess
import unittest
from pathlib import Path

from serving_daemon import (
    SPARE_DESCRIPTORS, STRANGER, ServingDaemon, Stranger, require_root, wait_for,
)
from test_wire_procedures import KNOWN, WRITES
from wire import (
    BUILD, CLOSE, COMMAND, DAEMON, GET_TYPE, GET_URI, HOSTS, LIST_NAMES, LOOKUP, OPEN, RemoteError,
    WireTest, AUTH_LIST, optional, packet, string, u32,
)

LONGEST_PATH = 107


class SocketTest(WireTest):
    def serve(self, **keys):
        daemon = ServingDaemon(**keys)
        self.addCleanup(daemon.close)
        return daemon

    def connect(self, daemon, **options):
        client = daemon.connect(**options)
        self.addCleanup(client.socket.close)
        return client

    def assert_serves(self, client):
        self.assertEqual(client.call(LOOKUP, string('computer')).string(), 'computer')

    def assert_fails(self, daemon, *message):
        status, complaints = daemon.wait()
        self.assertEqual(status, 1, complaints)
        for part in message:
            self.assertIn(part, complaints)
        self.assertEqual(complaints.count('\n'), 1, complaints)

    @staticmethod
    def mode(path):
        found = os.lstat(path)
        return oct(found.st_mode & 0o7777) if stat.S_ISSOCK(found.st_mode) else 'no socket'


class OwnSockets(SocketTest):
    def setUp(self):
        require_root()

    def modes(self, **keys):
        daemon = self.serve(**keys).start()
        return self.mode(daemon.path), self.mode(daemon.read_only_path)

    def test_modes(self):
        """Polkit guards a socket that is open to all."""
        self.assertEqual(self.modes(), ('0o777', '0o777'))
        self.assertEqual(self.modes(auth_unix_rw='none'), ('0o700', '0o777'))
        self.assertEqual(self.modes(unix_sock_rw_perms='0660', unix_sock_ro_perms='0606'),
                         ('0o660', '0o606'))

    def test_group(self):
        name = next(group.gr_name for group in grp.getgrall() if group.gr_gid != os.getegid())
        daemon = self.serve(unix_sock_group=name).start()
        for path in (daemon.path, daemon.read_only_path):
            self.assertEqual(os.stat(path).st_gid, grp.getgrnam(name).gr_gid)
            self.assertEqual(os.stat(path).st_uid, 0)

    def test_group_that_there_is_not(self):
        daemon = self.serve(unix_sock_group='no-such-group')
        daemon.spawn()
        self.assert_fails(daemon, "There is no group 'no-such-group'", 'unix_sock_group')
        self.assertFalse(os.path.lexists(daemon.path))

    def test_directory_is_made(self):
        daemon = self.serve()
        daemon.configure(unix_sock_dir=daemon.directory / 'a/b')
        daemon.start()
        self.assert_serves(self.connect(daemon, path=f'{daemon.directory}/a/b/virtzpcid-sock').open_name())

    def test_directory_cannot_be_made(self):
        daemon = self.serve()
        daemon.configure(unix_sock_dir=daemon.config / 'below')
        daemon.spawn()
        self.assert_fails(daemon, f'Making the directory {daemon.config}/below failed: ')

    def test_path_of_the_command_line(self):
        daemon = self.serve()
        path = f'{daemon.directory}/other'
        daemon.start('--socket', path)
        self.assert_serves(self.connect(daemon, path=path).open_name())
        self.assert_serves(self.connect(daemon, path=path + '-ro').open_name())
        self.assertFalse(os.path.lexists(daemon.path))

    def test_path_that_is_too_long(self):
        daemon = self.serve()
        room = LONGEST_PATH - len(f'{daemon.directory}/')
        for length in (room + 1, room - 2):
            path = f'{daemon.directory}/' + 'n' * length
            daemon.spawn('--socket', path)
            self.assert_fails(daemon, 'is too long for the name of a socket; it may have 107 bytes.')
            self.assertFalse(os.path.lexists(path))
        self.assertTrue(self.connect(daemon.start('--socket', path[:-1]), path=path[:-1]).open_name())

    def test_descriptor_is_not_kept(self):
        daemon = self.serve().start()
        self.connect(daemon).open_name()
        before = daemon.descriptors()
        for _ in range(20):
            self.connect(daemon).open_name().socket.close()
        wait_for(lambda: daemon.descriptors() <= before + SPARE_DESCRIPTORS, 'descriptors')

    def test_captured_host_that_there_is_not(self):
        daemon = self.serve()
        daemon.spawn(root='/nonexistent')
        self.assert_fails(daemon, '/nonexistent is not the directory of a captured host')
        self.assertFalse(os.path.lexists(daemon.path))

    def test_captures_are_for_the_ext_transport(self):
        daemon = self.serve().start()
        client = self.connect(daemon)
        client.call(AUTH_LIST)
        name = f'nodedev:///system?root={HOSTS}/lpar-roce'
        error = self.assert_refused(client, OPEN, optional(name) + u32(0), 1, 0)
        self.assertIn('root= is only for the ext transport', error.message)
        self.assertNotIn(str(HOSTS), error.message)
        client.call(OPEN, optional('nodedev:///system') + u32(0)).end()
        names = client.call(LIST_NAMES, optional('pci') + u32(100) + u32(0)).strings()
        self.assertEqual(names, ['pci_0005_00_00_0', 'pci_007a_00_00_0'])

    def test_opening_comes_after_authentication_for_root_too(self):
        client = self.connect(self.serve().start())
        self.assert_refused(client, OPEN, optional('nodedev:///system') + u32(0), 39, 7)
        client.call(AUTH_LIST)
        client.call(OPEN, optional('nodedev:///system') + u32(0)).end()


class OneInstance(SocketTest):
    def setUp(self):
        self.daemon = self.serve(auth_unix_rw='none', auth_unix_ro='none')

    def test_second_is_refused(self):
        self.daemon.start()
        client = self.connect(self.daemon).open_name()
        second = self.serve(unix_sock_dir=self.daemon.directory)
        second.spawn()
        self.assert_fails(
            second, f'Another virtzpcid is running, as process {self.daemon.process.pid}; it holds '
            f'{self.daemon.path}.pid.')
        self.assert_serves(client)
        self.assert_serves(self.connect(self.daemon).open_name())

    def test_files_that_a_killed_one_left(self):
        self.daemon.start()
        self.daemon.process.kill()
        self.daemon.process.wait()
        self.assertTrue(os.path.lexists(self.daemon.path))
        self.daemon.start()
        self.assert_serves(self.connect(self.daemon).open_name())
        pid = (self.daemon.directory / 'virtzpcid-sock.pid').read_text()
        self.assertEqual(pid, f'{self.daemon.process.pid}\n')

    def test_what_is_no_socket_is_not_removed(self):
        Path(self.daemon.path).write_text('precious')
        self.daemon.spawn()
        self.assert_fails(self.daemon, f'{self.daemon.path} exists and is not a socket')
        self.assertEqual(Path(self.daemon.path).read_text(), 'precious')

    def test_lock_is_no_link(self):
        precious = self.daemon.directory / 'precious'
        precious.write_text('precious')
        os.symlink(precious, self.daemon.path + '.pid')
        self.daemon.spawn()
        self.assert_fails(self.daemon, f'Opening {self.daemon.path}.pid failed: ')
        self.assertEqual(precious.read_text(), 'precious')


class Ends(SocketTest):
    def setUp(self):
        self.daemon = self.serve(auth_unix_rw='none', auth_unix_ro='none')

    def test_signals(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(number):
                self.daemon.start()
                client = self.connect(self.daemon).open_name()
                self.assertEqual(self.daemon.terminate(number), (0, ''))
                self.assertTrue(client.is_closed())
                self.assertFalse(os.path.lexists(self.daemon.path))
                self.assertFalse(os.path.lexists(self.daemon.read_only_path))

    def test_in_the_middle_of_calls(self):
        self.daemon.start()
        client = self.connect(self.daemon).open_name()
        client.send(packet(LIST_NAMES, optional(None) + u32(100) + u32(0)) * 2000)
        client.receive()
        self.assertEqual(self.daemon.terminate(), (0, ''))

    def test_time_without_clients(self):
        self.daemon.spawn('--timeout', '1')
        self.daemon.wait_for_notification('READY=1')
        self.daemon.wait_for_notification('STOPPING=1')
        self.assertEqual(self.daemon.wait(), (0, ''))
        self.assertFalse(os.path.lexists(self.daemon.path))

    def test_time_of_the_configuration(self):
        self.daemon.configure(idle_timeout=1)
        self.daemon.spawn()
        self.daemon.wait_for_notification('READY=1')
        self.daemon.wait_for_notification('STOPPING=1')
        self.assertEqual(self.daemon.wait(), (0, ''))

    def test_the_command_line_goes_before_the_configuration(self):
        self.daemon.configure(idle_timeout=86400)
        self.daemon.spawn('--timeout', '1')
        self.daemon.wait_for_notification('READY=1')
        self.daemon.wait_for_notification('STOPPING=1')
        self.assertEqual(self.daemon.wait(), (0, ''))

    def test_time_that_is_none(self):
        for value in ('-1', 'soon'):
            status = subprocess.run([*COMMAND, '--timeout', value], stderr=subprocess.PIPE,
                                    stdin=subprocess.DEVNULL, check=False)
            self.assertEqual(status.returncode, 2, status.stderr)

    def test_client_keeps_it(self):
        waiting = self.listener()
        client = socket.socket(socket.AF_UNIX)
        self.addCleanup(client.close)
        client.connect(waiting.getsockname())
        self.daemon.start_activated([waiting], 'virtzpcid.socket', '--timeout', '1')
        self.daemon.wait_for_notification('READY=1')
        with self.assertRaises(subprocess.TimeoutExpired):
            self.daemon.process.wait(2.5)
        client.close()
        self.daemon.wait_for_notification('STOPPING=1')
        self.assertEqual(self.daemon.wait(), (0, ''))

    def listener(self, name='of-systemd'):
        listening = socket.socket(socket.AF_UNIX)
        self.addCleanup(listening.close)
        listening.bind(f'{self.daemon.directory}/{name}')
        listening.listen(50)
        return listening


class Activation(Ends):
    """What systemd does: descriptors from 3, with the names of the units."""

    def serve_units(self, *units, names=None):
        sockets = [self.listener(unit) for unit in units]
        self.daemon.start_activated(sockets, ':'.join(units) if names is None else names)
        return [listening.getsockname() for listening in sockets]

    def test_units(self):
        for prefix in ('virtzpcid', 'virtnodedevd'):
            with self.subTest(prefix):
                read_only, everything = self.serve_units(f'{prefix}-ro.socket', f'{prefix}.socket')
                self.daemon.wait_for_notification('READY=1')
                client = self.connect(self.daemon, path=everything).open_name()
                self.assert_refused(client, 434, string('computer') + u32(1), 84, 22)
                client = self.connect(self.daemon, path=read_only).open_name()
                self.assert_refused(client, 434, string('computer') + u32(1), 29, 22)
                self.assertEqual(self.daemon.terminate(), (0, ''))
                self.assertTrue(os.path.lexists(read_only))
                self.assertTrue(os.path.lexists(everything))

    def test_only_what_was_passed(self):
        path, = self.serve_units('virtzpcid-ro.socket')
        self.daemon.wait_for_notification('READY=1')
        self.assert_serves(self.connect(self.daemon, path=path).open_name())
        self.assertFalse(os.path.lexists(self.daemon.path))

    def test_wrong_names(self):
        for name in ('virtqemud.socket', 'virtnodedevd-admin.socket', 'virtzpcid', '', 'unknown',
                     'virtzpcid.socket:\x1b[31m'):
            with self.subTest(name):
                self.serve_units(*['virtzpcid.socket'] * (name.count(':') + 1), names=name)
                wanted = name.rpartition(':')[2].replace('\x1b', '\\x1b')
                self.assert_fails(self.daemon, f"the socket of the unit '{wanted}'",
                                  'must be virtzpcid.socket or virtzpcid-ro.socket')

    def listener(self, name='of-systemd'):
        path = self.daemon.directory / name
        path.unlink(missing_ok=True)
        return super().listener(name)

    def test_no_names(self):
        self.daemon.start_activated([self.listener()], None)
        self.assert_fails(self.daemon, "the socket of the unit 'unknown'")

    def test_what_does_not_listen(self):
        ours, theirs = socket.socketpair()
        with ours, theirs, open('/dev/null', 'rb') as file:
            for passed in (theirs, file):
                self.daemon.start_activated([passed], 'virtzpcid.socket')
                self.assert_fails(self.daemon, 'File descriptor 3 is no listening socket.')

    def test_too_many(self):
        sockets = [self.listener(f'{number}') for number in range(17)]
        self.daemon.start_activated(sockets, ':'.join(['virtzpcid.socket'] * 17))
        self.assert_fails(self.daemon, 'systemd has passed 17 sockets; at most 16')

    def test_meant_for_somebody_else(self):
        """Then it makes its own, as whoever was started without."""
        self.daemon.environment['WRONG_PID'] = '1'
        self.serve_units('virtzpcid.socket')
        self.daemon.wait_for_notification('READY=1')
        self.assert_serves(self.connect(self.daemon).open_name())


class Reload(SocketTest):
    def setUp(self):
        self.keys = {'auth_unix_rw': 'none', 'auth_unix_ro': 'none'}
        self.daemon = self.serve(**self.keys).start()
        self.client = self.connect(self.daemon).open_name()

    def send_large(self, client):
        client.send(packet(LOOKUP, string('computer') + bytes(100000), serial=9))

    def test_holds_for_new_clients(self):
        self.daemon.configure(max_message_bytes=65536, **self.keys)
        self.daemon.reload()
        self.assertIn('The configuration was read again.', self.daemon.complaints())
        self.send_large(self.client)
        self.assertEqual(self.client.answer(LOOKUP, 9).string(), 'computer')
        client = self.connect(self.daemon).open_name()
        self.send_large(client)
        self.assertTrue(client.is_closed())

    def test_wrong_configuration(self):
        self.daemon.configure(max_message_bytes=65536, max_clients='many', **self.keys)
        self.daemon.reload()
        self.assertIn(f'The configuration stays as it was: {self.daemon.config}:', self.daemon.complaints())
        self.assertIn("max_clients: 'many' must be a number", self.daemon.complaints())
        client = self.connect(self.daemon).open_name()
        self.send_large(client)
        self.assertEqual(client.answer(LOOKUP, 9).string(), 'computer')
        self.assert_serves(self.client)

    def test_more_room(self):
        """Of the one for everything, too; there root is no example, for it need not wait."""
        self.connect(self.daemon, read_only=True).open_name()
        self.daemon.configure(max_clients=1, **self.keys)
        self.daemon.reload()
        waiting = [self.connect(self.daemon, read_only=True)]
        if os.geteuid() == 0:
            os.chmod(self.daemon.path, 0o777)
            waiting.append(Stranger(self.daemon.path))
            self.addCleanup(waiting[1].__exit__)
        for client in waiting:
            client.send(packet(AUTH_LIST))
            self.assertTrue(client.is_silent())
        self.daemon.configure(max_clients=2, **self.keys)
        self.daemon.reload()
        for client in waiting:
            client.answer(AUTH_LIST, 0)

    def test_again_and_again(self):
        before = self.daemon.descriptors()
        clients = []
        for _ in range(20):
            self.daemon.reload()
            clients.append(self.connect(self.daemon).open_name())
        for client in clients:
            self.assert_serves(client)
            client.socket.close()
        wait_for(lambda: self.daemon.descriptors() <= before + SPARE_DESCRIPTORS,
                 'descriptors of what is past')
        self.assert_serves(self.client)


class User(SocketTest):
    """A daemon of a user who is not root."""

    def setUp(self):
        require_root()
        self.daemon = self.serve()
        self.daemon.configure(unix_sock_dir=None)
        self.runtime = self.daemon.directory / 'run'
        self.runtime.mkdir(0o700)
        os.chown(self.runtime, STRANGER, STRANGER)
        self.daemon.environment['XDG_RUNTIME_DIR'] = str(self.runtime)
        self.make_readable()
        (self.daemon.directory / 'stderr').touch()
        self.path = f'{self.runtime}/libvirt/virtzpcid-sock'

    def make_readable(self):
        """The checkout may be where only its owner gets in."""
        public = self.daemon.directory / 'public'
        public.mkdir()
        for file in (DAEMON, BUILD / 'src/libvirt-zpci.so.0'):
            shutil.copy(file, public)
        shutil.copytree(HOSTS / 'qemu-s390x', public / 'host', symlinks=True)
        self.daemon.environment['LD_LIBRARY_PATH'] = str(public)
        self.program = [*COMMAND[:-1], public / 'virtzpcid']

    def start(self, start=None):
        (start or self.daemon.start)(command=self.program, root=self.daemon.directory / 'public/host',
                                     cwd='/', user=STRANGER, group=STRANGER, extra_groups=[])

    def test_one_socket_in_the_runtime_directory(self):
        self.start()
        self.assertEqual(self.mode(self.path), '0o700')
        self.assertEqual(os.stat(self.path).st_uid, STRANGER)
        self.assertFalse(os.path.lexists(self.path + '-ro'))
        self.assertEqual(self.daemon.terminate(), (0, ''))
        self.assertFalse(os.path.lexists(self.path))

    def test_serves_its_user_without_polkit(self):
        self.daemon.environment['DBUS_SYSTEM_BUS_ADDRESS'] = 'unix:path=/nowhere'
        self.start()
        with Stranger(self.path) as client:
            client.open_name('nodedev:///session')
            self.assert_serves(client)
            self.assertEqual(client.call(GET_URI).string(), 'nodedev:///session')

    def test_gives_its_socket_to_no_other_group(self):
        self.daemon.configure(unix_sock_dir=None, unix_sock_group='root')
        self.start(self.daemon.spawn)
        self.assert_fails(self.daemon, 'for the group root failed: Operation not permitted')
        self.assertFalse(os.path.lexists(self.path))

    def test_keeps_others_out(self):
        self.start()
        with self.assertRaises(PermissionError):
            Stranger(self.path, STRANGER + 1)


class ReadOnly(SocketTest):
    """Nothing can be changed: over every number there is."""

    def setUp(self):
        self.daemon = self.serve(auth_unix_rw='none', auth_unix_ro='none').start()

    def forbidden(self, client):
        refused = set()
        for number in range(461):
            if number == CLOSE:
                continue
            client.send(packet(number, string('computer') + bytes(52), serial=number))
            try:
                client.answer(number, number)
            except RemoteError as error:
                if (error.code, error.domain) == (29, 22):
                    refused.add(number)
                    self.assertTrue(error.message.startswith('operation forbidden: read only access '
                                                             'prevents vir'), error)
        self.assertEqual(client.call(GET_TYPE).string(), 'nodedev')
        return refused

    def test_socket_for_reading(self):
        require_root()
        for flags in (0, 1):
            client = self.connect(self.daemon, read_only=True).open_name(flags=flags)
            self.assertEqual(self.forbidden(client), set(WRITES))

    def test_connection_for_reading(self):
        self.assertEqual(self.forbidden(self.connect(self.daemon).open_name(flags=1)), set(WRITES))

    def test_others_are_not_forbidden(self):
        self.assertEqual(self.forbidden(self.connect(self.daemon).open_name()), set())
        self.assertLessEqual(set(WRITES), KNOWN)


if __name__ == '__main__':
    unittest.main()
