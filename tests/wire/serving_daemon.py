# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""A virtzpcid that serves sockets, in a directory of its own, and clients of any user."""

import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

from wire import COMMAND, HOSTS, PATIENCE, Peer, count_descriptors, read_resident_kib

# A user and a group that need not exist: the kernel asks for numbers only.
STRANGER = 54321

# A user, and a group of the same number, of whom every machine knows the names: daemon.
SOMEBODY = 1

# Descriptors of a daemon that belong to no client: of threads that have something to do.
SPARE_DESCRIPTORS = 3

# Started with the numbers of descriptors, a colon-separated list of names, and a command: what systemd
# does with the sockets of units.
ACTIVATE = '''
import os, sys
fds, names, command = sys.argv[1], sys.argv[2], sys.argv[3:]
high = [os.dup(os.dup(int(fd))) for fd in fds.split(",") if fd]
for place, fd in enumerate(high):
    os.dup2(fd, 64 + place)
for place in range(len(high)):
    os.dup2(64 + place, 3 + place)
os.closerange(3 + len(high), 256)
os.environ.update(LISTEN_FDS=str(len(high)), LISTEN_PID=os.environ.get("WRONG_PID", str(os.getpid())))
if names != "-":
    os.environ["LISTEN_FDNAMES"] = names
os.execvp(command[0], command)
'''


def count_lists():
    """How many lists the daemon makes at once."""
    return max(len(os.sched_getaffinity(0)), 2)


def require_root():
    if os.geteuid() != 0:
        raise unittest.SkipTest('only root can serve other users')


def wait_for(condition, what):
    """Waits until condition() is true, and returns what it said."""
    deadline = time.monotonic() + PATIENCE
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > deadline:
            raise AssertionError(f'{what}: waited in vain')
        time.sleep(0.01)


def read_start_time(pid):
    """In clock ticks, field 22 of proc(5)'s stat."""
    return int(Path(f'/proc/{pid}/stat').read_text().rpartition(')')[2].split()[19])


class Stranger(Peer):
    """A client in a process of its own, which has the user ID uid and ends with the connection."""

    def __init__(self, path, uid=STRANGER):
        ours, theirs = socket.socketpair()
        self.pid = os.fork()
        if self.pid == 0:
            self._be_somebody_else(path, uid, theirs)
        theirs.close()
        self.control = ours
        ours.settimeout(PATIENCE)
        said, fds, _, _ = socket.recv_fds(ours, 64, 1)
        if not fds:
            self.end()
            raise OSError(int(said or 0), f'connecting as user {uid} failed')
        super().__init__(socket.socket(fileno=fds[0]))

    @staticmethod
    def _be_somebody_else(path, uid, theirs):
        """In the child: connects, passes the connection on, and stays until nobody wants it."""
        try:
            # Other connections of the test shall end when the test closes them.
            os.dup2(theirs.fileno(), 3)
            os.closerange(4, 1 << 16)
            theirs = socket.socket(fileno=3)
            os.setgroups([])
            os.setresgid(uid, uid, uid)
            os.setresuid(uid, uid, uid)
            with socket.socket(socket.AF_UNIX) as connected:
                connected.connect(path)
                socket.send_fds(theirs, [b'0'], [connected.fileno()])
            theirs.recv(1)
        except OSError as error:
            theirs.send(str(error.errno).encode())
        finally:
            os._exit(0)

    def end(self):
        """Its process ends; the connection stays."""
        self.control.close()
        os.waitpid(self.pid, 0)
        self.pid = None

    def __exit__(self, *_):
        super().__exit__()
        if self.pid:
            self.end()


class ServingDaemon:
    """Use it as a context manager, or call close(), which sees to it that it ends well: there is where a
    sanitizer would report. It serves the capture qemu-s390x as if that were this machine. keys are those
    of virtzpcid.conf(5)."""

    def __init__(self, **keys):
        self.directory = Path(tempfile.mkdtemp(prefix='zpci-serving-'))
        self.directory.chmod(0o755)
        self.path = str(self.directory / 'virtzpcid-sock')
        self.read_only_path = self.path + '-ro'
        self.config = self.directory / 'virtzpcid.conf'
        # The address sanitizer keeps what was freed, 256 MiB of it, and, since gcc 13, a second stack of each
        # thread; tests look at the memory.
        self.environment = dict(os.environ, NOTIFY_SOCKET=str(self.directory / 'notify'),
                                ASAN_OPTIONS='quarantine_size_mb=1:'
                                             'detect_stack_use_after_return=0')
        self.notified = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notified.bind(self.environment['NOTIFY_SOCKET'])
        os.chmod(self.environment['NOTIFY_SOCKET'], 0o666)
        self.notified.settimeout(PATIENCE)
        self.process = None
        self.configure(**keys)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        try:
            if self.process and self.process.poll() is None:
                self._end()
        finally:
            self.notified.close()
            shutil.rmtree(self.directory)

    def _end(self):
        self.process.terminate()
        try:
            status = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            status = self.process.wait()
        if status != 0:
            raise AssertionError(f'the daemon ended with {status}: {self.complaints()}')

    def configure(self, **keys):
        keys.setdefault('unix_sock_dir', self.directory)
        keys.setdefault('vfio_read', 'never')
        lines = ['[virtzpcid]', *(f'{key} = {value}' for key, value in keys.items() if value is not None)]
        self.config.write_text('\n'.join(lines) + '\n')

    def spawn(self, *options, before=(), command=COMMAND, root=HOSTS / 'qemu-s390x', files=None, **settings):
        """Starts it, and waits for nothing. before is what to put in front of its command; root is the
        capture to serve, None for this machine; files are its limits of descriptors, soft and hard."""
        def limit():
            resource.setrlimit(resource.RLIMIT_NOFILE, files)

        with open(self.directory / 'stderr', 'wb') as complaints:
            self.process = subprocess.Popen(
                [*before, *command, '--config', self.config, *(['--root', root] if root else []), *options],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=complaints,
                env=self.environment, preexec_fn=limit if files else None, **settings)

    def start(self, *options, **settings):
        """Starts it, and waits until it says that it is ready."""
        self.spawn(*options, **settings)
        self.wait_for_notification('READY=1')
        return self

    def start_activated(self, sockets, names, *options, **settings):
        """As systemd starts it. names is what LISTEN_FDNAMES has, or None."""
        fds = [each.fileno() for each in sockets]
        self.spawn(*options, pass_fds=fds, before=[
            sys.executable, '-c', ACTIVATE, ','.join(map(str, fds)), '-' if names is None else names],
            **settings)

    def wait_for_notification(self, wanted):
        """What else it tells its service manager before that is not expected."""
        self.notified.settimeout(0.2)
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                told = self.notified.recv(4096).decode()
                break
            except socket.timeout:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise AssertionError(f'no {wanted}: {self.complaints()}') from None
        if wanted not in told.split('\n'):
            raise AssertionError(f'{told!r} in place of {wanted}')

    def complaints(self):
        return (self.directory / 'stderr').read_text()

    def reload(self):
        """Makes it read its configuration again, and waits until it has."""
        self.process.send_signal(signal.SIGHUP)
        self.wait_for_notification('RELOADING=1')
        self.wait_for_notification('READY=1')

    def wait(self):
        """Waits for its end; returns the exit status and what it complained of."""
        return self.process.wait(PATIENCE), self.complaints()

    def terminate(self, with_signal=signal.SIGTERM):
        self.process.send_signal(with_signal)
        self.wait_for_notification('STOPPING=1')
        return self.wait()

    def connect(self, *, read_only=False, path=None):
        connected = socket.socket(socket.AF_UNIX)
        connected.connect(path or (self.read_only_path if read_only else self.path))
        return Peer(connected)

    def descriptors(self):
        return count_descriptors(self.process.pid)

    def resident_kib(self):
        return read_resident_kib(self.process.pid)

    def cpu_seconds(self):
        fields = Path(f'/proc/{self.process.pid}/stat').read_text().rpartition(')')[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')
