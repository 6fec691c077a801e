# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Someone asks what is wrong with a guest before it is defined."""

import json
import os
import re
import subprocess
import tempfile
import unittest

from tool_case import FAILED, LPAR, OK, PATIENCE, PROGRAM, QEMU, SOURCE, USAGE, ToolCase, libvirt_release, run

DOMAINS = SOURCE / 'tests' / 'data' / 'domains'
ODD = DOMAINS / 'odd.xml'

# Each device begins on a line of its own, so that tests can say which one they mean.
DOMAIN = '''<domain type='kvm'>
<name>guest</name><memory>524288</memory>
<os><type arch='%s' machine='s390-ccw-virtio'>hvm</type></os>
<devices>
%s
</devices>
</domain>
'''
FIRST_LINE = 5


def rng(zpci='', address="type='pci'"):
    return (f"<rng model='virtio'><backend model='random'>/dev/urandom</backend><address {address}>{zpci}"
            '</address></rng>')


def hostdev(domain='0x0005', attributes="managed='yes'", more='', zpci=''):
    return (f"<hostdev mode='subsystem' type='pci' {attributes}>{more}<source><address domain='{domain}' "
            f"bus='0x00' slot='0x00' function='0x0'/></source><address type='pci'>{zpci}</address></hostdev>")


class ValidateCase(ToolCase):
    def findings(self, text, *options):
        """[(line, severity, element, message, hint)] of a document."""
        result = run('validate', '--json', *options, '-', stdin=text.encode())
        self.assertEqual(result.stderr, '')
        file, = json.loads(result.stdout)
        self.assertEqual((file['file'], file.get('error')), ('-', None))
        self.assertEqual(result.returncode, FAILED if file['findings'] else OK)
        return [(found['line'], found['severity'], found.get('element'), found['message'], found.get('hint'))
                for found in file['findings']]

    def of_devices(self, *devices, arch='s390x', options=()):
        """The findings of a domain; lines count from the first device, which is 0."""
        found = self.findings(DOMAIN % (arch, '\n'.join(devices)), *options)
        return [(line - FIRST_LINE, *rest) for line, *rest in found]

    def assert_only(self, found, line, severity, element, message, hint):
        """There is this one finding; message and hint have these words."""
        self.assertEqual([(one[0], one[1], one[2]) for one in found], [(line, severity, element)], found)
        self.assertIn(message, found[0][3])
        self.assertIn(f'element {element}', found[0][3])
        self.assertIn(hint, found[0][4])


class Numbers(ValidateCase):
    def test_good_ones(self):
        self.assertEqual(self.of_devices(rng("<zpci uid='0x0001' fid='0x00000000'/>"),
                                         rng("<zpci uid='0xffff' fid='0xffffffff'/>"), rng('<zpci/>'), rng(),
                                         hostdev()), [])

    def test_twice(self):
        self.assert_only(self.of_devices(rng("<zpci uid='0x1234' fid='0x1'/>"), rng(),
                                         rng("<zpci uid='0x1234' fid='0x2'/>")),
                         2, 'error', 'zpci', f'the UID 0x1234, but the one on line {FIRST_LINE} already has it', 'leave')
        self.assert_only(self.of_devices(rng("<zpci uid='0x2' fid='0x0'/>"), hostdev(zpci="<zpci fid='0x0'/>")),
                         1, 'error', 'zpci', f'the FID 0x00000000, but the one on line {FIRST_LINE} already has it', 'leave')

    def test_twice_in_different_forms(self):
        found = self.of_devices(rng("<zpci uid='0x000a'/>"), rng("<zpci uid='0xA'/>"))
        self.assert_only(found, 1, 'error', 'zpci', 'the UID 0x000a', 'leave')

    def test_out_of_range(self):
        for zpci, message in (("uid='0x0'", 'no UID'), ("uid='0'", 'no UID'), ("uid='00'", 'no UID'),
                              ("uid='0x10000'", '0xffff'), ("uid='65536'", '0xffff'),
                              ("fid='0x100000000'", '0xffffffff'),
                              ("fid='99999999999999999999999'", '0xffffffff')):
            with self.subTest(zpci=zpci):
                self.assert_only(self.of_devices(rng(f'<zpci {zpci}/>')), 0, 'error', 'zpci', message, 'leave')

    def test_that_libvirt_reads_otherwise_than_people(self):
        for zpci, severity, message, hint in (
                ("uid='0010'", 'error', 'octal: it becomes 0x0008', '0x0008'),
                ("fid='00000100'", 'error', 'octal: it becomes 0x00000040', '0x00000040'),
                ("uid='ff'", 'error', 'libvirt refuses', 'Write 0x00ff.'),
                ("uid='0089'", 'error', 'libvirt refuses', 'Write 0x0089.'),
                ("fid='10'", 'warning', 'decimal', 'Write 0x0000000a'),
                ("uid='auto'", 'error', 'no number', 'up to 4 hexadecimal'),
                ("fid='-1'", 'error', 'no number', 'up to 8 hexadecimal'),
                ("uid=''", 'error', 'no number', '0x'), ("uid=' 0x5'", 'error', 'no number', '0x')):
            with self.subTest(zpci=zpci):
                self.assert_only(self.of_devices(rng(f'<zpci {zpci}/>')), 0, severity, 'zpci', message, hint)

    def test_that_libvirt_could_give_away_before_it_reads_who_wants_them(self):
        half, whole = rng("<zpci uid='0x1'/>"), rng("<zpci uid='0x2' fid='0x0'/>")
        self.assert_only(self.of_devices(half, whole), 0, 'warning', 'zpci',
                         f'may choose 0x00000000, which the one on line {FIRST_LINE + 1} asks for', 'both numbers')
        self.assertEqual(self.of_devices(whole, half), [])
        self.assert_only(self.of_devices(rng("<zpci fid='0x1'/>"), rng("<zpci uid='0x1' fid='0x0'/>")),
                         0, 'warning', 'zpci', 'has no UID', 'both numbers')

    def test_that_one_device_has_and_another_has_not(self):
        pinned = hostdev('0x0001', zpci="<zpci uid='0x2' fid='0x2'/>")
        bare = hostdev()
        unplaced = hostdev().replace("<address type='pci'></address>", '')
        card = unplaced.replace("<hostdev mode='subsystem' type='pci'", "<interface type='hostdev'").replace(
            '</hostdev>', '</interface>').replace('<address domain', "<address type='pci' domain")
        for device, element in ((bare, 'hostdev'), (unplaced, 'hostdev'), (card, 'interface')):
            self.assert_only(self.of_devices(pinned, device), 1, 'warning', element, 'first UID that is free',
                             'hostdev --domain-xml')
            # libvirt writes all numbers down, as nobody has chosen any; one device alone is no domain.
            self.assertEqual(self.of_devices(rng("<zpci uid='0x2' fid='0x2'/>"), device), [])
            self.assertEqual(self.findings(device), [])
        self.assertEqual(self.of_devices(pinned, rng()), [])

    def test_of_a_serial_device_that_is_a_console_too(self):
        address = "<address type='pci' domain='0x0000' bus='0x00' slot='0x05' function='0x0'/>"
        serial = f"<serial type='pty'><target type='pci-serial' port='0'/>{address}</serial>"
        console = f"<console type='pty'><target type='%s' port='0'/>{address}</console>"
        for arch in ('x86_64', 's390x'):
            self.assertEqual(self.of_devices(serial, console % 'serial', arch=arch), [])
        self.assert_only(self.of_devices(serial, console % 'virtio', arch='x86_64'), 1, 'error', 'address',
                         f'but the one on line {FIRST_LINE} already has this address', 'slot of its own')
        self.assert_only(self.of_devices(console % 'serial', rng('', address[9:-2]), arch='x86_64'), 1, 'error',
                         'address', f'but the one on line {FIRST_LINE} already has this address', 'slot of its own')

    def test_that_libvirt_gives_away_in_an_order_of_its_own(self):
        """It takes hostdevs before random number generators, whatever the document says."""
        self.assert_only(self.of_devices(rng("<zpci uid='0x2' fid='0x0'/>"), hostdev(zpci="<zpci uid='0x1'/>")),
                         1, 'warning', 'zpci', 'may choose 0x00000000', 'both numbers')

    def test_that_are_decimal_beside_what_is_wrong(self):
        found = self.of_devices(rng("<zpci uid='10' pchid='0x1'/>"))
        self.assertEqual(sorted(one[1] for one in found), ['error', 'warning'])

    def test_in_metadata_are_none_of_ours(self):
        text = DOMAIN % ('s390x', rng("<zpci uid='0x1'/>"))
        self.assertEqual(self.findings(text.replace('<os>', "<metadata><x:y xmlns:x='x'><zpci uid='0x1'/>"
                                                            '</x:y></metadata><os>')), [])

    def test_that_are_many_and_all_wrong(self):
        found = self.of_devices(*[rng("<zpci uid='0x0'/>")] * 1000)
        self.assertEqual(len(found), 64)
        self.assertEqual([one[0] for one in found], list(range(64)))


class Addresses(ValidateCase):
    def test_of_another_kind(self):
        self.assert_only(self.of_devices(rng("<zpci uid='0x1'/>", "type='ccw' cssid='0xfe' ssid='0' devno='1'")),
                         0, 'error', 'zpci', "'ccw'", 'Take the element out')

    def test_of_another_architecture(self):
        self.assert_only(self.of_devices(rng(), rng("<zpci uid='0x1'/>"), arch='x86_64'), 1, 'error', 'zpci',
                         "'x86_64'", 'Take the element out')

    def test_that_make_multifunction_devices(self):
        pci = "type='pci' domain='0x0000' bus='0x00' slot='0x%02x' function='0x%x'"
        self.assert_only(self.of_devices(rng('', pci % (1, 0) + " multifunction='on'")), 0, 'error', 'address',
                         'multifunction', "multifunction='on'")
        self.assert_only(self.of_devices(rng('', pci % (1, 0)), rng('', pci % (2, 0)), rng('', pci % (1, 3))),
                         2, 'error', 'address', f'slot 0x01 with the one on line {FIRST_LINE}', 'slot of its own')
        self.assertEqual(self.of_devices(rng('', pci % (1, 0) + " multifunction='off'")), [])
        self.assertEqual(self.of_devices(rng('', pci % (1, 0) + " multifunction='on'"), arch='x86_64'), [])

        self.assert_only(self.of_devices(rng('', pci % (1, 1)), rng('', pci % (1, 0))),
                         1, 'error', 'address', f'slot 0x01 with the one on line {FIRST_LINE}', 'slot of its own')

    def test_twice(self):
        pci = "type='pci' domain='0x0000' bus='0x%02x' slot='0x%02x' function='0x0'"
        self.assert_only(self.of_devices(rng('', pci % (0, 1)), rng('', pci % (1, 1)), rng('', pci % (0, 1))),
                         2, 'error', 'address', f'function 0x0, but the one on line {FIRST_LINE}', 'slot of its own')
        self.assertEqual(self.of_devices(rng('', pci % (0, 0)), rng('', pci % (0, 0))), [])

    def test_that_belong_to_bridges(self):
        pci = "type='pci' domain='0x0000' bus='0x01' slot='0x00' function='0x0'"
        self.assert_only(self.of_devices(rng('', pci)), 0, 'error', 'address', 'slot 0 of bus 0x01', '0x1f')
        self.assertEqual(self.of_devices(rng('', pci), arch='x86_64'), [])

    def test_that_libvirt_reads_otherwise_than_people(self):
        pci = "type='pci' domain='0x0000' bus='0' slot='%s' function='0x0'"
        for slot, message, hint in (('a', 'libvirt refuses', 'Write 0xa.'), ('012', 'it becomes 0xa', 'Write 0xa')):
            self.assert_only(self.of_devices(rng('', pci % slot)), 0, 'error', 'address', message, hint)
        for domain, message in (('000a', 'libvirt refuses'), ('0010', 'it becomes 0x8')):
            self.assert_only(self.of_devices(hostdev(domain)), 0, 'error', 'address', message, 'Write 0x')
        self.assertEqual(self.of_devices(rng('', pci % '05'), hostdev('0000')), [])

    def test_of_functions_that_are_not_on_pci(self):
        ccw = hostdev().replace("</source><address type='pci'>",
                                "</source><address type='ccw' cssid='0xfe' ssid='0' devno='1'>")
        self.assert_only(self.of_devices(ccw), 0, 'error', 'address', "'ccw'", "type='pci'")
        self.assertEqual(self.of_devices(ccw.replace("type='ccw' cssid='0xfe' ssid='0' devno='1'",
                                                     "type='unassigned'")), [])

    def test_in_a_domain_that_guests_have_not(self):
        self.assert_only(self.of_devices(rng('', "type='pci' domain='0x0001' bus='0' slot='1' function='0'")),
                         0, 'error', 'address', 'PCI domain 0x0001', 'uid of zpci')


class Sources(ValidateCase):
    def test_twice(self):
        interface = ("<interface type='hostdev'><source><address type='pci' domain='5' bus='0' slot='0' "
                     "function='0'/></source></interface>")
        self.assert_only(self.of_devices(hostdev(), hostdev('0x0006'), hostdev()), 2, 'error', 'hostdev',
                         f'the function 0005:00:00.0, but the one on line {FIRST_LINE}', 'Take one of them out')
        self.assert_only(self.of_devices(hostdev(), interface), 1, 'error', 'interface', '0005:00:00.0',
                         'Take one of them out')

    def test_with_a_driver_that_passes_nothing(self):
        for name in ('kvm', 'xen'):
            self.assert_only(self.of_devices(hostdev(more=f"<driver name='{name}'/>")), 0, 'error', 'driver',
                             f"'{name}'", 'vfio')
        self.assertEqual(self.of_devices(hostdev(more="<driver name='vfio'/>")), [])

    def test_are_not_looked_for_unless_asked_to(self):
        self.assertEqual(self.of_devices(hostdev('0x0999')), [])


class Host(ValidateCase):
    QEMU = ('--host', '--root', QEMU)
    HOLDERS = ('-c', f'test://{DOMAINS / "holders.xml"}')

    def test_that_has_the_function(self):
        self.assertEqual(self.of_devices(hostdev(), hostdev('0x007a'), options=self.QEMU), [])

    def test_that_has_it_not(self):
        self.assert_only(self.of_devices(hostdev('0x0999'), options=self.QEMU), 0, 'error', 'hostdev',
                         '0999:00:00.0, which this host does not have', 'virt-zpci list')

    def test_whose_driver_would_have_to_go(self):
        found = self.of_devices(hostdev(attributes="managed='no'"), options=self.QEMU)
        self.assert_only(found, 0, 'error', 'hostdev', 'virtio-pci, which is no VFIO driver', "managed='yes'")

    def test_that_has_bound_it_to_vfio_already(self):
        device = hostdev(attributes='').replace("domain='0x0005'", "domain='0'").replace("function='0x0'",
                                                                                         "function='0x3'")
        self.assertEqual(self.of_devices(device, options=('--host', '-R', LPAR)), [])

    def test_where_another_domain_has_it(self):
        found = self.of_devices(hostdev(), options=self.QEMU + self.HOLDERS)
        self.assert_only(found, 0, 'error', 'hostdev', "the running domain 'running'", 'Detach it there')
        found = self.of_devices(hostdev('0x007a'), options=self.QEMU + self.HOLDERS)
        self.assert_only(found, 0, 'warning', 'hostdev', "the domain 'resting' has too", 'another function')

    def test_where_the_domain_itself_has_it(self):
        text = (DOMAIN % ('s390x', hostdev())).replace('>guest<', '>running<')
        self.assertEqual(self.findings(text, *self.QEMU, *self.HOLDERS), [])

    def test_that_cannot_be_asked(self):
        self.assertIn('/nonexistent', self.fail_with(USAGE, 'validate', '--host', '-R', '/nonexistent', '-'))
        self.assertIn('libvirt', self.fail_with(USAGE, 'validate', '--host', '-R', QEMU, '-c',
                                                'nonsense:///', '-'))
        self.assertIn('--host', self.fail_with(USAGE, 'validate', '-c', 'test:///default', '-'))


class NodeDevices(ValidateCase):
    def test_that_contradict_themselves(self):
        good = self.succeed('dumpxml', '-R', QEMU, 'uid=5')
        lines = good.splitlines()
        for old, new, element, message in (
                ("end='0x000000017fffffff'", "end='0x00000000ffffffff'", 'dma', 'behind its end'),
                ("simulated='yes'", "simulated='no'", 'group', '0xff'),
                ("pfgid='0xff'", "pfgid='0x0a'", 'group', '0x0a')):
            with self.subTest(new=new):
                line = next(n for n, text in enumerate(lines, 1) if f'<{element} ' in text)
                (found,) = self.findings(good.replace(old, new))
                self.assertEqual(found[:3], (line, 'error', element))
                self.assertIn(message, found[3])
        self.assertEqual(self.findings(good), [])


class Fragments(ValidateCase):
    def test_are_judged_like_devices_of_a_domain(self):
        self.assertEqual(self.findings(hostdev()), [])
        self.assert_only(self.findings(hostdev(zpci="<zpci uid='0'/>")), 1, 'error', 'zpci', 'no UID', 'leave')

    def test_one_after_the_other(self):
        self.assertEqual(self.findings(f'{hostdev()}\n{hostdev("6")}\n'), [])
        self.assert_only(self.findings(f'{hostdev()}\n{hostdev("6")}\n{hostdev()}\n'), 3, 'error', 'hostdev',
                         'the one on line 1', 'Take one')

    def test_that_are_broken(self):
        found, = self.findings(f'{hostdev()}\n<hostdev>')
        self.assertEqual(found[:3], (2, 'error', None))
        self.assertIn('not well-formed', found[3])


class Output(ValidateCase):
    def test_is_a_line_for_each_finding_and_one_for_its_hint(self):
        text = DOMAIN % ('s390x', rng("<zpci uid='0010'/>") + '\n' + rng("<zpci uid='10'/>"))
        result = run('validate', '-', stdin=text.encode())
        self.assertEqual((result.returncode, result.stderr), (FAILED, ''))
        self.assertRegex(result.stdout, r'\A-:5: error: [^\n]*\n-:5: hint: [^\n]*\n-:6: warning: [^\n]*\n'
                                        r'-:6: hint: [^\n]*\n\Z')

    def test_as_json_names_each_file(self):
        result = run('validate', '--json', ODD, '/nonexistent')
        self.assertEqual(result.returncode, USAGE)
        first, second = json.loads(result.stdout)
        self.assertEqual(first, {'file': str(ODD), 'findings': []})
        self.assertEqual((second['file'], second['findings']), ('/nonexistent', []))
        self.assertIn(second['error'], result.stderr)


class Hostile(ValidateCase):
    def test_bombs_are_refused(self):
        bomb = '<!DOCTYPE domain [<!ENTITY a "aaaaaaaaaa">' + ''.join(
            f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(20)) + ']><domain>&u;</domain>'
        found, = self.findings(bomb)
        self.assertIn('document type', found[3])

    def test_nothing_else_is_opened(self):
        """Of all files that are opened, none is one that the document names."""
        with tempfile.TemporaryDirectory() as directory:
            secret = os.path.join(directory, 'secret')
            with open(secret, 'w', encoding='utf-8') as stream:
                stream.write('<x/>')
            trace = os.path.join(directory, 'trace')
            for text in (f'<!DOCTYPE domain SYSTEM "{secret}"><domain/>',
                         f'<!DOCTYPE d [<!ENTITY e SYSTEM "{secret}">]><domain>&e;</domain>',
                         f'<?xml-stylesheet href="{secret}"?><domain xmlns:xi="http://www.w3.org/2001/XInclude">'
                         f'<xi:include href="{secret}"/></domain>',
                         '<domain xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
                         f'xsi:schemaLocation="x {secret}"/>'):
                with self.subTest(text=text):
                    environment = dict(os.environ, ASAN_OPTIONS='detect_leaks=0')
                    subprocess.run(['strace', '-f', '-o', trace, '-e', 'trace=%file,%network', PROGRAM, 'validate',
                                    '-'], input=text.encode(), stdout=subprocess.DEVNULL, env=environment,
                                   stderr=subprocess.DEVNULL, timeout=PATIENCE, check=False)
                    with open(trace, encoding='utf-8') as stream:
                        calls = stream.read()
                    self.assertIn('exited with 1', calls)
                    self.assertNotIn(secret, calls)
                    self.assertNotIn('socket(', calls)

    def test_bytes_that_are_in_no_encoding(self):
        for text in (b'\xff\xfe<\0a\0\0\xd8\0\0\0\0>', b'<?xml version="1.0" encoding="UCS-4"?><a/>',
                     b'<domain>\xff\xfe</domain>', b'\0' * 100, b'\x4c\x6f\xa7\x94'):
            result = run('validate', '-', stdin=text)
            self.assertEqual((result.returncode, result.stderr), (FAILED, ''))
            self.assertIn('well-formed', result.stdout)

    def test_ten_megabytes_are_judged(self):
        # libxml2's time for a list grows with the square of its length, so this is one of wide elements.
        count = 4000
        good = DOMAIN % ('s390x', '\n'.join(rng(f"<zpci uid='0x{n + 1:04x}' fid='0x{n:x}'/>{' ' * 2500}")
                                            for n in range(count)))
        self.assertGreater(len(good), 10_000_000)
        self.assertEqual(self.findings(good), [])
        last = f"uid='0x{count:04x}'"
        found, = self.findings(good.replace(last, "uid='0x0001'"))
        self.assertEqual(found[:3], (FIRST_LINE + count - 1, 'error', 'zpci'))
        self.assertIn(f'the one on line {FIRST_LINE}', found[3])

    def test_more_is_refused(self):
        complaint = self.fail_with(USAGE, 'validate', '-', stdin=b' ' * (16 * 1024 * 1024 + 1))
        self.assertIn('larger', complaint)

    def test_depth_is_refused_or_judged(self):
        for text in ('<domain>' * 100000, '<domain>' * 100000 + '</domain>' * 100000,
                     '<domain a="' + 'x' * 11_000_000 + '"/>'):
            self.assertGreater(len(self.findings(text)), 0)


class Unknown(ValidateCase):
    """What the schema does not know is named, with what it knows there instead."""

    DEVICE = """<device><name>pci_0005_00_00_0</name><parent>computer</parent><capability type='pci'>
<class>0xff0000</class><domain>5</domain><bus>0</bus><slot>0</slot><function>0</function><product id='0x1'/><vendor id='0x2'/>
%s
</capability></device>
"""

    def of_device(self, zpci):
        return [(line, element, message) for line, _, element, message, _ in self.findings(self.DEVICE % zpci)]

    def allowed(self, element, kind):
        """The names in the schema file, in its order."""
        text = (SOURCE / 'schemas' / 'zpci.rng').read_text()
        define = text.partition(f'<define name="{element}">')[2].partition('</define>')[0]
        return ', '.join(re.findall(rf'<{kind} name="(?:zpci)?(\w+)"', define))

    def test_attributes_of_a_node_device(self):
        self.assertEqual(self.of_device("<zpci uid='0x0005' fid='0x0000000c' pfgid='0xff' pfdi='1'/>"),
                         [(3, 'zpci', "Attribute 'pfdi' is not allowed on the element zpci; allowed are: "
                           f"{self.allowed('zpcidevice', 'attribute')}.")])
        self.assertEqual(
            self.of_device("<zpci uid='0x0005' fid='0x0000000c' pfgid='0xff'><group nio='1'/></zpci>"),
            [(3, 'group', f"Attribute 'nio' is not allowed on the element group; allowed are: {self.allowed('zpcigroup', 'attribute')}.")])

    def test_elements_of_a_node_device(self):
        self.assertEqual(self.of_device("<zpci uid='0x0005' fid='0x0000000c' pfgid='0xff'><dna/></zpci>"),
                         [(3, 'dna', f"Element 'dna' is not allowed in the element zpci; allowed are: {self.allowed('zpcifacts', 'ref')}.")])

    def test_several_at_once(self):
        found = self.of_device("<zpci uid='0x0005' fid='0x0000000c' pfgid='0xff' pfdi='1'>\n<function colour='red'/>\n<dna/></zpci>")
        self.assertEqual([(line, element) for line, element, _ in found], [(3, 'zpci'), (4, 'function'), (5, 'dna')])

    def test_a_known_attribute_has_a_wrong_value(self):
        self.assertEqual(self.of_device("<zpci uid='0x0005' fid='0x0000000c' pfgid='0xff'><function vfn='12'/></zpci>"),
                         [(3, 'function', "The value '12' of the attribute vfn of the element function is wrong.")])

    def test_one_that_must_be_there_has_a_wrong_value(self):
        good = "<zpci uid='0x0005' fid='0x0000000c' pfgid='0xff'/>"
        for name, was, value in (('uid', '0x0005', '5'), ('fid', '0x0000000c', '0xC'), ('pfgid', '0xff', '')):
            self.assertEqual(self.of_device(good.replace(f"{name}='{was}'", f"{name}='{value}'")),
                             [(3, 'zpci', f"The value '{value}' of the attribute {name} of the element zpci is wrong.")])

    def test_those_of_a_guest_are_others(self):
        found = self.of_devices(hostdev(zpci="<zpci uid='0x0005' fid='0x1' pfgid='0xff'/>"))
        self.assertIn((0, 'error', 'zpci', "Attribute 'pfgid' is not allowed on the element zpci; allowed are: "
                       f"{self.allowed('zpciguest', 'attribute')}."), [one[:4] for one in found])


class Iommufd(ValidateCase):
    """What the schemas of the installed libvirt know is right, and else it is said which libvirt does."""

    OF_DEVICE, OF_DOMAIN = libvirt_release() >= (12, 1, 0), libvirt_release() >= (12, 2, 0)

    def test_of_a_function(self):
        for value in ('yes', 'no'):
            found = self.of_devices(hostdev(more=f"<driver iommufd='{value}'/>"))
            if self.OF_DEVICE:
                self.assertEqual(found, [])
            else:
                self.assert_only(found, 0, 'error', 'driver', 'does not know; libvirt 12.1.0', 'Take the attribute out')
        found = self.of_devices(hostdev(more="<driver iommufd='maybe'/>"))
        self.assertEqual([finding[:3] for finding in found], [(0, 'error', 'driver')])

    def test_of_a_domain(self):
        for attributes in ("enabled='yes'", "enabled='no'", "enabled='yes' fdgroup='mine'"):
            text = (DOMAIN % ('s390x', hostdev())).replace('<os>', f'<iommufd {attributes}/><os>')
            if self.OF_DOMAIN:
                self.assertEqual(self.findings(text), [])
            else:
                self.assert_only(self.findings(text), 3, 'error', 'iommufd', 'does not know; libvirt 12.2.0',
                                 "iommufd='yes' on the driver")


if __name__ == '__main__':
    unittest.main()
