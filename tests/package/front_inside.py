# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Runs in a booted Debian as test_front.py starts it: virtzpcid in front of the stock libvirtd, from the installation
to the removal, and stock clients that know nothing of it. The classes follow one another, and so do their tests.

The daemons take a captured host for this machine.
"""

import glob
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import unittest
from unittest import mock

import libvirt

SWITCH = '/usr/share/libvirt-zpci/front/switch'
SYSTEM = 'qemu:///system'
# Past the front, which only root can.
DIRECTLY = 'qemu+unix:///system?socket=/run/libvirt/libvirtd-behind-sock'
FRONT, LIBVIRTD = 'virtzpcid-front.service', 'libvirtd.service'
SOCKETS = ('libvirtd.socket', 'libvirtd-ro.socket')
BEHIND = ('libvirtd-behind.socket', 'libvirtd-behind-ro.socket')
LIBVIRTD_CONF = '/etc/libvirt/libvirtd.conf'
CARD, VIRTUAL, STANDBY = 'pci_0000_00_00_0', 'pci_0000_00_00_3', 'zpci_00000202'
NOBODY = ('runuser', '-u', 'nobody', '--', 'virsh', '-c')
# A machine that never finds anything to boot.
GUEST = '''<domain type='qemu'>
  <name>guest</name>
  <memory unit='MiB'>32</memory>
  <os><type arch='x86_64' machine='pc'>hvm</type></os>
  <devices><emulator>/usr/bin/qemu-system-x86_64</emulator><memballoon model='none'/></devices>
</domain>
'''
SECONDS = 300

libvirt.registerErrorHandler(lambda *_: None, None)


def result_of(*command):
    result = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                            encoding='utf-8', timeout=SECONDS, check=False)
    return result.returncode, result.stdout


def run(*command):
    status, output = result_of(*command)
    assert status == 0, f'{command}: {status}\n{output}'
    return output


def virsh(*arguments, uri=SYSTEM):
    return run('virsh', '-c', uri, *arguments)


def switch(way):
    return result_of('sh', SWITCH, way)


def show(unit, name):
    return run('systemctl', 'show', '-P', name, unit).strip()


def pid_of(unit):
    return int(show(unit, 'MainPID'))


def started_by(*sockets):
    return [show(socket, 'Triggers') for socket in sockets]


def listening(unit):
    """The names of the sockets in /run/libvirt that the unit's process listens on."""
    fds = glob.glob(f'/proc/{pid_of(unit)}/fd/*')
    inodes = {match[1] for match in (re.fullmatch(r'socket:\[(\d+)\]', os.readlink(fd)) for fd in fds) if match}
    with open('/proc/net/unix', encoding='ascii') as table:
        rows = [line.split() for line in table.readlines()[1:]]
    return {os.path.basename(row[7]) for row in rows
            if row[6] in inodes and row[3] == '00010000' and row[7:] and row[7].startswith('/run/libvirt/')}


def own_units():
    """What there is of the front among the administrator's units."""
    return [path for path in glob.glob('/etc/systemd/system/**', recursive=True)
            if re.search('virtzpcid-front|behind', path)]


def mode(name):
    return oct(os.stat(f'/run/libvirt/{name}').st_mode & 0o777)


def without_zpci(document):
    return re.sub(r'\n *<zpci .*?</zpci>', '', document, flags=re.DOTALL)


def kill(unit):
    """As a fault would; it is back, under another number, when this is over."""
    pid = pid_of(unit)
    os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + SECONDS
    while True:
        # Of one moment: between two questions, the first answer can be of the old one.
        lines = run('systemctl', 'show', '-p', 'ActiveState', '-p', 'MainPID', unit).splitlines()
        now = dict(line.split('=') for line in lines)
        if now['ActiveState'] == 'active' and now['MainPID'] != str(pid):
            return
        assert time.monotonic() < deadline, f'{unit} does not come back: {now}'
        time.sleep(0.1)


class FrontCase(unittest.TestCase):
    maxDiff = None

    def assert_on(self):
        self.assertEqual(started_by(*SOCKETS), [FRONT] * 2)
        self.assertEqual(started_by(*BEHIND, 'libvirtd-admin.socket'), [LIBVIRTD] * 3)
        self.assertEqual(listening(FRONT), {'libvirt-sock', 'libvirt-sock-ro'})
        self.assertEqual(listening(LIBVIRTD), {'libvirtd-behind-sock', 'libvirtd-behind-sock-ro', 'libvirt-admin-sock'})
        self.assertIn("<zpci uid='0x0101' fid='0x00000100'", virsh('nodedev-dumpxml', CARD))

    def assert_off(self):
        self.assertEqual(own_units(), [])
        self.assertEqual(started_by(*SOCKETS, 'libvirtd-admin.socket'), [LIBVIRTD] * 3)
        self.assertIn(f'<name>{CARD}</name>', virsh('nodedev-dumpxml', CARD))
        self.assertNotIn('<zpci', virsh('nodedev-dumpxml', CARD))
        self.assertEqual(listening(LIBVIRTD), {'libvirt-sock', 'libvirt-sock-ro', 'libvirt-admin-sock'})
        self.assertEqual(show(FRONT, 'MainPID'), '0')
        self.assertEqual(glob.glob('/run/libvirt/*behind*'), [])
        self.assertEqual((mode('libvirt-sock'), mode('libvirt-sock-ro')), ('0o666', '0o666'))

    def add_to_configuration(self, line):
        """Until the end of the test."""
        shutil.copy(LIBVIRTD_CONF, f'{LIBVIRTD_CONF}.before')
        self.addCleanup(shutil.move, f'{LIBVIRTD_CONF}.before', LIBVIRTD_CONF)
        with open(LIBVIRTD_CONF, 'a', encoding='utf-8') as stream:
            stream.write(f'\n{line}\n')

    def both(self, question):
        """The answers directly and through the front."""
        answers = []
        for uri in (DIRECTLY, SYSTEM):
            connection = libvirt.open(uri)
            answers.append(question(connection))
            connection.close()
        return answers


class Installed(FrontCase):
    def test_1_it_does_not_stand_there_by_itself(self):
        self.assert_off()

    def test_2_off_has_nothing_to_do(self):
        pid = pid_of(LIBVIRTD)
        self.assertEqual(switch('off'), (0, ''))
        self.assertEqual(pid_of(LIBVIRTD), pid)


class SwitchedOn(FrontCase):
    def test_1_one_step(self):
        self.assertEqual(switch('on'), (0, ''))
        self.assert_on()

    def test_2_who_may_use_the_sockets_is_as_before(self):
        self.assertEqual((mode('libvirt-sock'), mode('libvirt-sock-ro')), ('0o666', '0o666'))
        self.assertEqual((mode('libvirtd-behind-sock'), mode('libvirtd-behind-sock-ro')), ('0o600', '0o600'))
        self.assertEqual(run(*NOBODY, SYSTEM, '-r', 'nodedev-dumpxml', CARD), virsh('nodedev-dumpxml', CARD))
        self.assertRegex(result_of(*NOBODY, SYSTEM, 'list')[1], r'authentication unavailable: .*org\.libvirt\.unix\.manage')
        self.assertRegex(result_of(*NOBODY, DIRECTLY, 'list')[1], 'Permission denied')

    def test_2_it_may_have_as_many_clients_as_libvirtd(self):
        """Each takes two files, and the soft limit is one of a thousand at first."""
        with open(f'/proc/{pid_of(FRONT)}/limits', encoding='ascii') as stream:
            soft, hard = re.search(r'Max open files +(\d+) +(\d+)', stream.read()).groups()
        self.assertEqual(soft, hard)
        self.assertGreater(int(hard), 2 * 5000)

    def test_3_what_libvirtd_is_told_holds_from_its_restart_on(self):
        self.addCleanup(run, 'systemctl', 'restart', LIBVIRTD)
        self.add_to_configuration('auth_unix_rw = "none"')
        run('systemctl', 'restart', LIBVIRTD)
        self.assertIn(f'<name>{CARD}</name>', run(*NOBODY, SYSTEM, 'nodedev-dumpxml', CARD))

    def test_4_again_changes_nothing(self):
        self.assertEqual(switch('on'), (0, ''))
        self.assert_on()


class Clients(FrontCase):
    """What they say through the front and directly is the same, but for zPCI."""

    @classmethod
    def setUpClass(cls):
        connection = libvirt.open(SYSTEM)
        connection.defineXML(GUEST)
        connection.close()

    def test_virsh(self):
        for command in (('nodedev-dumpxml', CARD), ('nodedev-dumpxml', 'computer'), ('nodedev-list',), ('list', '--all'),
                        ('nodedev-list', '--cap', 'pci'), ('capabilities',), ('dumpxml', 'guest')):
            self.assertEqual(without_zpci(virsh(*command)), virsh(*command, uri=DIRECTLY), command)
        self.assertEqual(set(virsh('nodedev-list', '--all').split()) - {STANDBY},
                         set(virsh('nodedev-list', '--all', uri=DIRECTLY).split()))
        self.assertEqual(virsh('nodedev-list', '--inactive').split(), [STANDBY])
        self.assertIn("fid='0x00000202'", virsh('nodedev-dumpxml', STANDBY))

    def test_python(self):
        directly, through = self.both(lambda connection: {
            device.name(): (without_zpci(device.XMLDesc()), device.parent(), set(device.listCaps()) - {'zpci'})
            for device in connection.listAllDevices()})
        self.assertIn("<capability type='zpci'>", through.pop(STANDBY)[0])
        self.assertEqual(through, directly)
        functions = self.both(lambda connection: sorted(connection.listDevices('zpci')))
        self.assertEqual(functions, [[], sorted({STANDBY, *(name for name in directly if name.startswith('pci_'))})])

    def test_virt_install_and_virt_xml(self):
        new = ('--name', 'new', '--uuid', '5c0f6f0e-6d5b-4f0e-9d7c-0a3c4a1d2e3f', '--memory', '64', '--disk', 'none', '--import',
               '--network', 'none', '--osinfo', 'detect=off,require=off', '--print-xml')
        for command in (('virt-install', *new), ('virt-xml', 'guest', '--add-device', '--print-diff')):
            directly, through = (run(command[0], '--connect', uri, *command[1:], '--hostdev', VIRTUAL)
                                 for uri in (DIRECTLY, SYSTEM))
            self.assertRegex(through, r'<address domain="0" bus="0" slot="0" function="3"/>', command)
            self.assertEqual(through, directly)

    def test_virt_manager(self):
        """Its own library reads all devices, and makes hostdevs of functions."""
        sys.path.append('/usr/share/virt-manager')
        from virtinst import DeviceHostdev, VirtinstConnection
        found = []
        for uri in (DIRECTLY, SYSTEM):
            connection = VirtinstConnection(uri)
            connection.open(None, None)
            devices = {device.name: device for device in connection.fetch_all_nodedevs()}
            hostdev = DeviceHostdev(connection)
            hostdev.set_from_nodedev(devices[VIRTUAL])
            found.append(({name: without_zpci(device.get_xml()) for name, device in devices.items() if name != STANDBY},
                          hostdev.get_xml()))
            connection.close()
        self.assertEqual(found[1], found[0])
        self.assertIn('function="3"', found[1][1])

    def test_libvirt_dbus(self):
        """It calls as a user of its own, whom polkit lets in."""
        def call(path, interface, *words):
            answer = run('busctl', '--json=short', 'call', 'org.libvirt', path, f'org.libvirt.{interface}', *words)
            return json.loads(answer)['data'][0]

        path = call('/org/libvirt/QEMU', 'Connect', 'NodeDeviceLookupByName', 's', CARD)
        self.assertIn(path, call('/org/libvirt/QEMU', 'Connect', 'ListNodeDevices', 'u', '0'))
        self.assertEqual(call(path, 'NodeDevice', 'GetXMLDesc', 'u', '0').strip(), virsh('nodedev-dumpxml', CARD).strip())

    def test_nova(self):
        """Its Host and its driver's report for the resource tracker."""
        from nova.virt.libvirt import driver
        from nova.virt.libvirt import host as nova_host
        reports = []
        for uri in (DIRECTLY, SYSTEM):
            host = nova_host.Host(uri)
            with mock.patch.object(driver, 'libvirt', libvirt):
                report = driver.LibvirtDriver._get_pci_passthrough_devices(mock.Mock(_host=host))
            reports.append((report, sorted(host.list_pci_devices()), host.list_mediated_devices(), host.get_hostname(),
                            [guest.name for guest in host.list_guests(only_running=False)],
                            host.get_capabilities().to_xml(), host.get_driver_type()))
        self.assertEqual(reports[1], reports[0])
        self.assertIn('"dev_type": "type-VF"', reports[1][0])
        self.assertIn(CARD, reports[1][1])


class Guests(FrontCase):
    """A guest goes on whatever happens to the daemons."""

    def setUp(self):
        self.connection = libvirt.open(SYSTEM)

    def guest(self):
        """Its state, its number, and its process, as a new client sees them."""
        connection = libvirt.open(SYSTEM)
        domain = connection.lookupByName('guest')
        state = domain.info()[0], domain.ID()
        connection.close()
        with open('/run/libvirt/qemu/guest.pid', encoding='ascii') as stream:
            process = int(stream.read())
        os.kill(process, 0)
        return *state, process

    def assert_outlives(self, fault, *others):
        """A client's connection does not outlive it, but all else."""
        before, pids = self.guest(), [pid_of(unit) for unit in others]
        fault()
        with self.assertRaises(libvirt.libvirtError):
            self.connection.getHostname()
        self.assertEqual(self.guest(), before)
        self.assertEqual([pid_of(unit) for unit in others], pids)
        self.assert_on()

    def test_1_its_start_is_told_through_the_front(self):
        told = threading.Event()
        self.connection.domainEventRegisterAny(None, libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE,
                                               lambda _connection, domain, event, *_: told.set()
                                               if (domain.name(), event) == ('guest', libvirt.VIR_DOMAIN_EVENT_STARTED) else None,
                                               None)
        virsh('start', 'guest')
        self.assertTrue(told.wait(SECONDS))
        self.assertEqual(self.guest()[0], libvirt.VIR_DOMAIN_RUNNING)

    def assert_came_after_libvirtd(self):
        """So whoever waits for libvirtd meets no front that is about to go."""
        front, libvirtd = (int(show(unit, 'ActiveEnterTimestampMonotonic')) for unit in (FRONT, LIBVIRTD))
        self.assertGreaterEqual(front, libvirtd)

    def test_2_libvirtd_is_restarted(self):
        self.assert_outlives(lambda: run('systemctl', 'restart', LIBVIRTD))
        self.assert_came_after_libvirtd()

    def test_2_the_front_is_restarted(self):
        self.assert_outlives(lambda: run('systemctl', 'restart', FRONT), LIBVIRTD)

    def test_2_libvirtd_is_killed(self):
        self.assert_outlives(lambda: kill(LIBVIRTD))
        self.assert_came_after_libvirtd()

    def test_2_the_front_is_killed(self):
        self.assert_outlives(lambda: kill(FRONT), LIBVIRTD)

    def test_2_libvirtd_is_stopped(self):
        """The next client starts both again."""
        self.assert_outlives(lambda: run('systemctl', 'stop', LIBVIRTD))

    def test_3_it_is_switched_again(self):
        self.assert_outlives(lambda: self.assertEqual(switch('on'), (0, '')))

    def test_4_our_package_is_upgraded(self):
        before = pid_of(FRONT)
        self.assert_outlives(lambda: run('dpkg', '-i', *glob.glob('/packages/virtzpcid_*.deb')), LIBVIRTD)
        self.assertNotEqual(pid_of(FRONT), before)

    def test_4_the_package_of_libvirtd_is_upgraded(self):
        """Which one that is depends on the release."""
        package = run('dpkg', '-S', '*/systemd/system/libvirtd.service').partition(':')[0]
        before = pid_of(LIBVIRTD)
        self.assert_outlives(lambda: run('dpkg-reconfigure', '-f', 'noninteractive', package))
        self.assertNotEqual(pid_of(LIBVIRTD), before)


class Booted(FrontCase):
    """The next time that the machine starts."""

    def test_1_it_is_there_before_any_client(self):
        self.assertEqual(show(FRONT, 'ActiveState'), 'active')
        self.assertNotIn('ordering cycle', run('journalctl', '-b', '-o', 'cat'))

    def test_2_guests_were_saved_through_it_and_are_back(self):
        self.assertIn('Resuming guest guest', run('journalctl', '-b', '-u', 'libvirt-guests', '-o', 'cat'))
        self.assertIn('running', virsh('domstate', 'guest'))
        self.assert_on()
        virsh('destroy', 'guest')


class SwitchedOff(FrontCase):
    def test_1_the_same_step_back(self):
        self.assertEqual(switch('off'), (0, ''))
        self.assert_off()

    def test_2_where_it_cannot_stand_all_stays_as_it_was(self):
        self.add_to_configuration('auth_unix_ro = "sasl"')
        status, output = switch('on')
        self.assertEqual(status, 1)
        self.assertIn('virtzpcid cannot stand in front of libvirtd, so everything is as it was before.', output)
        self.assert_off()
        self.assertIn('auth_unix_ro: Only libvirtd itself', run('journalctl', '-b', '-u', FRONT, '-o', 'cat'))


    def test_3_as_often_as_somebody_likes(self):
        """systemd refuses a unit that is started too often. Of the daemons, the test has taken that limit away."""
        for unit in (FRONT, LIBVIRTD, *SOCKETS):
            directory = f'/run/systemd/system/{unit}.d'
            os.makedirs(directory)
            self.addCleanup(shutil.rmtree, directory)
            with open(f'{directory}/zz-limit.conf', 'w', encoding='ascii') as stream:
                stream.write('[Unit]\nStartLimitIntervalSec=10min\nStartLimitBurst=3\n')
        for way in ('on', 'off') * 3:
            self.assertEqual(switch(way), (0, ''))
        self.assert_off()


class Removed(FrontCase):
    def test_libvirtd_has_its_sockets_again(self):
        self.assertEqual(switch('on'), (0, ''))
        self.assert_on()
        run('dpkg', '-r', 'virtzpcid')
        self.assert_off()


def loop():
    while True:
        libvirt.virEventRunDefaultImpl()


if __name__ == '__main__':
    libvirt.virEventRegisterDefaultImpl()
    threading.Thread(target=loop, daemon=True).start()
    unittest.main(argv=[sys.argv[0], '-v', *sys.argv[1:]])
