# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""A system bus of our own, and on it a polkit that answers as a test wants and writes down who asked.

Run as a program it is that polkit, in a directory: the file "answers" has, as JSON, the answer for each
action with a device, for each action, or for "*"; root may do everything, as polkit has it. "calls" gets a
line of JSON for each question, and one for each that is called off.
"""

import json
import os
import subprocess
import sys
import tempfile
import shutil
import time
from pathlib import Path

PATIENCE = 60

BUS_CONFIG = '''<busconfig>
  <listen>unix:path={directory}/bus</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/>
    <allow own="*"/>
    <allow send_destination="*"/>
    <allow receive_sender="*"/>
  </policy>
</busconfig>
'''

INTERFACE = '''<node><interface name="org.freedesktop.PolicyKit1.Authority">
  <method name="CheckAuthorization">
    <arg type="(sa{sv})" direction="in"/>
    <arg type="s" direction="in"/>
    <arg type="a{ss}" direction="in"/>
    <arg type="u" direction="in"/>
    <arg type="s" direction="in"/>
    <arg type="(bba{ss})" direction="out"/>
  </method>
  <method name="CancelCheckAuthorization">
    <arg type="s" direction="in"/>
  </method>
</interface></node>'''

# (is_authorized, is_challenge, details); "wait" is none of them: the question stays open; and "fail" is an
# error of the service.
ANSWERS = {
    'allow': (True, False, {}),
    'deny': (False, False, {}),
    'challenge': (False, True, {}),
    'dismiss': (False, True, {'polkit.dismissed': 'true'}),
}

FAILURE = 'fail'


class PolkitDouble:
    """As a context manager. answers is the answer for each action, or one for all."""

    def __init__(self, answers='allow'):
        self.directory = Path(tempfile.mkdtemp(prefix='zpci-polkit-'))
        self.directory.chmod(0o755)
        self.address = f'unix:path={self.directory}/bus'
        self.calls_file = self.directory / 'calls'
        self.calls_file.touch()
        self.polkit = self.bus = None
        self.answer(answers)

    def __enter__(self):
        config = self.directory / 'bus.conf'
        config.write_text(BUS_CONFIG.format(directory=self.directory))
        environment = dict(os.environ, DBUS_SYSTEM_BUS_ADDRESS=self.address)
        self.bus = subprocess.Popen(['dbus-daemon', f'--config-file={config}', '--nofork', '--nopidfile'],
                                    stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                    stderr=subprocess.DEVNULL)
        self._wait_until((self.directory / 'bus').exists)
        self.polkit = subprocess.Popen(['/usr/bin/python3', '-B', __file__, self.directory],
                                       env=environment, stdin=subprocess.DEVNULL)
        self._wait_until((self.directory / 'ready').exists)
        return self

    def __exit__(self, *_):
        self.end_bus()
        shutil.rmtree(self.directory)

    @staticmethod
    def _wait_until(condition):
        deadline = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > deadline:
                raise AssertionError('there is no bus, or no polkit on it')
            time.sleep(0.01)

    def end_bus(self):
        for process in filter(None, (self.polkit, self.bus)):
            process.terminate()
            process.wait()

    def answer(self, answers):
        """From now on, also to questions that are open."""
        text = json.dumps({'*': answers} if isinstance(answers, str) else answers)
        (self.directory / 'answers.new').write_text(text)
        os.replace(self.directory / 'answers.new', self.directory / 'answers')

    def calls(self):
        """What was asked so far: dictionaries."""
        return [json.loads(line) for line in self.calls_file.read_text().splitlines()]


class _Service:
    def __init__(self, directory, gio, glib):
        self.directory, self.gio, self.glib = Path(directory), gio, glib
        self.open = []

    def choose(self, uid, action, device):
        if uid == 0:
            return ANSWERS['allow']
        answers = json.loads((self.directory / 'answers').read_text())
        for question in (f'{action} {device}', action, '*'):
            if question in answers:
                return FAILURE if answers[question] == FAILURE else ANSWERS.get(answers[question])
        return None

    def note(self, **what):
        with open(self.directory / 'calls', 'a', encoding='utf-8') as calls:
            calls.write(json.dumps(what) + '\n')

    def on_call(self, _bus, _sender, _path, _interface, method, parameters, invocation):
        if method == 'CancelCheckAuthorization':
            self.note(cancelled=parameters.unpack()[0])
            invocation.return_value(None)
            return
        (kind, subject), action, details, flags, cancellation = parameters.unpack()
        types = {key: parameters.get_child_value(0).get_child_value(1).lookup_value(key, None).get_type_string()
                 for key in subject}
        self.note(kind=kind, subject=subject, types=types, action=action, details=details, flags=flags,
                  cancellation=cancellation)
        self.open.append((subject.get('uid'), action, details.get('node_device_name'), invocation))
        self.answer_open()

    def answer_open(self):
        still = []
        for uid, action, device, invocation in self.open:
            answer = self.choose(uid, action, device)
            if answer is None:
                still.append((uid, action, device, invocation))
            elif answer == FAILURE:
                invocation.return_dbus_error('org.freedesktop.PolicyKit1.Error.Failed', 'out of order')
            else:
                invocation.return_value(self.glib.Variant('((bba{ss}))', (answer,)))
        self.open = still
        return True

    def run(self):
        bus = self.gio.bus_get_sync(self.gio.BusType.SYSTEM, None)
        node = self.gio.DBusNodeInfo.new_for_xml(INTERFACE)
        bus.register_object('/org/freedesktop/PolicyKit1/Authority', node.interfaces[0], self.on_call,
                            None, None)
        self.gio.bus_own_name_on_connection(bus, 'org.freedesktop.PolicyKit1', 0,
                                            lambda *_: (self.directory / 'ready').touch(), None)
        self.glib.timeout_add(20, self.answer_open)
        self.glib.MainLoop().run()


def main():
    # python3-gi is Debian's, and so is the interpreter that this runs in.
    import gi
    gi.require_version('Gio', '2.0')
    from gi.repository import Gio, GLib
    _Service(sys.argv[1], Gio, GLib).run()


if __name__ == '__main__':
    main()
