#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Writes the corpora of the fuzz targets from the real bytes and samples in the tree.

Usage: tests/fuzz/make-corpus.py   (from anywhere; what a fuzzer found is added by hand and stays)
"""
import pathlib
import struct

SOURCE = pathlib.Path(__file__).resolve().parents[2]
CORPUS = SOURCE / 'tests/fuzz/corpus'
HOSTS = SOURCE / 'tests/data/hosts'
REMOTE = 0x20008086
KEEPALIVE = 0x6b656570


def add(target, name, data):
    directory = CORPUS / target
    directory.mkdir(parents=True, exist_ok=True)
    (directory / name).write_bytes(data)


def sections(path):
    """The byte strings of a hexadecimal text; each comment line begins a new one, too."""
    found = [b'']
    for line in path.read_text().splitlines():
        text = line.split('#')[0].strip()
        if line.startswith('#') or text.startswith('['):
            found.append(b'')
        elif text:
            found[-1] += bytes.fromhex(text)
    return [data for data in found if data]


def changed(data, offset, *values):
    return data[:offset] + bytes(values) + data[offset + len(values):]


def make_chains():
    real = sections(SOURCE / 'tests/data/get-info-linux-6.1-s390x.txt')[0]
    newer = sections(HOSTS / 'lpar-roce/chain/0000:00:00.3')[0]
    add('chain', 'linux-6.1', real)
    add('chain', 'linux-7.3', sections(SOURCE / 'tests/data/get-info-linux-7.3-s390x.txt')[0])
    add('chain', 'linux-7.2', newer)
    add('chain', 'empty', b'')
    add('chain', 'no-caps', changed(real, 7, 0x03))
    add('chain', 'cap-offset-0', changed(real, 16, 0, 0, 0, 0))
    add('chain', 'cut', real[:90])
    add('chain', 'loop', changed(real, 24, 0, 0, 0, 20))
    add('chain', 'past-the-end', changed(real, 24, 0xff, 0xff, 0xff, 0xf8))
    add('chain', 'duplicate', changed(real, 60, 0, 1))
    add('chain', 'long-pfip', changed(real, 116, 0xff, 0xff, 0xff, 0xff))
    add('chain', 'little-endian', struct.pack('<IIIIIIHHI', 36, 0x83, 9, 5, 24, 0, 5, 1, 0) + bytes(4))


def make_clp():
    for number, reply in enumerate(sections(SOURCE / 'tests/data/clp-linux-6.1-s390x.txt')):
        whole = reply + bytes(max(0, int.from_bytes(reply[:2], 'big') - len(reply)))
        add('clp', f'real-{number}', whole)
        add('clp', f'cut-{number}', reply[:40])
        add('clp', f'refused-{number}', changed(whole, 2, 1, 0x0b))
        add('clp', f'long-{number}', changed(whole, 0, 0xff, 0xff))


def make_capture():
    for name in ('tests/data/get-info-linux-6.1-s390x.txt',
                 'tests/data/hosts/lpar-roce/chain/0000:00:00.3'):
        path = SOURCE / name
        add('capture', path.name.replace(':', '-'), path.read_bytes())
    add('capture', 'odd', b'00 01 2')
    add('capture', 'not-hex', b'00 zz')
    add('capture', 'open-heading', b'[name\n00')
    add('capture', 'comment-only', b'# nothing')


def make_xml():
    for kind in ('good', 'bad'):
        for path in sorted((SOURCE / 'tests/schema' / kind).glob('*.xml'))[::3]:
            add('xml', f'{kind}-{path.name}', path.read_bytes())
    add('xml', 'entities', b'<!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]><device>&c;</device>')
    add('xml', 'not-closed', b'<device><name>')


def make_domains():
    for path in sorted((SOURCE / 'tests/data/domains').glob('*.xml')):
        add('domain', path.name, path.read_bytes())
    for path in sorted((SOURCE / 'tests/schema/good').glob('domain-*.xml'))[::3]:
        add('domain', path.name, path.read_bytes())
    guest = (SOURCE / 'tests/data/domains/guest.xml').read_bytes()
    add('domain', 'line-ends', guest.replace(b'\n', b'\r\n'))
    add('domain', 'compact', b''.join(line.strip() for line in guest.splitlines()))
    add('domain', 'no-devices', guest[:guest.index(b'  <devices>')] + b'</domain>')
    add('domain', 'empty-devices', guest[:guest.index(b'  <devices>')] + b'  <devices\n/></domain>')
    add('domain', 'latin-1', b'<?xml version="1.0" encoding="ISO-8859-1"?>' + guest.replace(b'guest', b'g\xe4st'))
    add('domain', 'marks-in-attributes', guest.replace(b"<type ", b"<type a='/>' b=\"'>\" "))
    add('domain', 'prefix', guest.replace(b'<domain ', b"<q:domain xmlns:q='q' ").replace(b'</domain', b'</q:domain'))
    add('domain', 'fragments', b"<hostdev mode='subsystem' type='pci'/>" * 2)
    add('domain', 'comments', guest.replace(b'<devices>', b'<devices><!-- <devices> --><![CDATA[</devices>]]>'))
    add('domain', 'numbers', guest.replace(b'/>', b"><zpci uid='010' fid='99999999999999999999'/></address>", 2))


def string(text):
    data = text if isinstance(text, bytes) else text.encode()
    return struct.pack('>I', len(data)) + data + bytes(-len(data) % 4)


def packet(procedure, payload=b'', program=REMOTE, kind=0, serial=0, status=0):
    return struct.pack('>IIIiiIi', 28 + len(payload), program, 1, procedure, kind, serial, status) + payload


def make_rpc():
    def opening(host, flags=0):
        uri = f'nodedev:///system?root=tests/data/hosts/{host}'
        return (packet(66) + packet(60, struct.pack('>i', 10))
                + packet(1, struct.pack('>I', 1) + string(uri) + struct.pack('>I', flags)))

    device = string('pci_0005_00_00_0')
    none = struct.pack('>I', 0)
    every = b''.join([
        packet(3), packet(4), packet(110), packet(149), packet(157), packet(360), packet(361),
        packet(111, none + none), packet(112, none + struct.pack('>iI', 10, 0)),
        packet(285, struct.pack('>iI', 1, 0)), packet(297, string('a') + string('b') + none),
        packet(113, device), packet(114, device + none), packet(115, device), packet(116, device),
        packet(117, device + struct.pack('>i', 10)), packet(374, none + none),
        packet(375, none), packet(433, device), packet(435, device), packet(436, device),
        packet(419, struct.pack('>I', 1) + string('user-name') + struct.pack('>i', 7) + string('root') + none),
        packet(118, device), packet(123, string('<device/>') + none), packet(9999), packet(376),
        packet(1, program=KEEPALIVE, kind=2), packet(2)])
    for host in ('qemu-s390x', 'lpar-roce'):
        add('rpc', f'all-{host}', opening(host) + every)
        add('rpc', f'all-read-only-{host}', opening(host, 1) + every)
    add('rpc', 'not-opened', every)
    add('rpc', 'missing-capture', opening('nothing') + every)
    add('rpc', 'cut', (opening('lpar-roce') + every)[:333])
    add('rpc', 'short-length', struct.pack('>I', 27))
    add('rpc', 'long-length', struct.pack('>I', 33554437))
    add('rpc', 'huge-string', packet(66) + packet(113, struct.pack('>I', 0xffffffff) + b'abcd'))
    add('rpc', 'descriptors', packet(66, struct.pack('>I', 3), kind=4) + bytes(3))


def resource(tag, *fields):
    data = b''.join(keyword + bytes([len(value)]) + value for keyword, value in fields)
    return struct.pack('<BH', tag, len(data)) + data


def make_vpd():
    name = struct.pack('<BH', 0x82, 13) + b'ConnectX-6 Dx'
    texts = [(b'PN', b'MCX623106AN'), (b'EC', b'A7'), (b'SN', b'MT2113X00000'), (b'V3', b'ba73'),
             (b'MN', b'15b3'), (b'CP', b'\x10\0\xff\0')]

    def card(fields, free=(), end=b'\x78', before=b''):
        data = before + name + resource(0x90, *fields, (b'RV', b'\0'))
        data = data[:-1] + bytes([-sum(data) % 256])
        return data + resource(0x91, *free) + end

    free = [(b'V1', b'edge'), (b'YA', b'rack 7'), (b'Y0', b'a,b'), (b'RW', bytes(9))]
    good = card(texts, free)
    add('vpd', 'card', good)
    add('vpd', 'cut', good[:60])
    add('vpd', 'wrong-sum', changed(good, 20, 0x41))
    add('vpd', 'no-end', card(texts, free, b''))
    add('vpd', 'odd-characters', card([(b'PN', b'</fields>&\'"'), (b'SN', b'\xc3\xa9'), (b'V1', b'a\0b')]))
    add('vpd', 'unknown', card([(b'FG', b'1'), (b'pn', b'2'), (b'YA', b'3')], [(b'PN', b'4')]))
    add('vpd', 'twice', card([(b'V1', b'a'), (b'PN', b'1'), (b'V1', b'b')], before=card(texts, end=b'')))
    add('vpd', 'small-resource', card(texts, before=b'\x0a\0\0'))
    add('vpd', 'long-resource', b'\x85\xff\xff' + good)
    add('vpd', 'long-field', changed(good, len(name) + 5, 0xff))


def make_serving():
    def step(client, data, flags=0):
        return struct.pack('>BH', client | flags, len(data)) + data

    at_once, goes, no_reading = 4, 8, 16
    opening = packet(66) + packet(1, struct.pack('>I', 1) + string('nodedev:///system') + struct.pack('>I', 0))
    device, none = string('pci_0000_00_00_0'), struct.pack('>I', 0)
    listing = packet(285, struct.pack('>iI', 1, 0), serial=1)
    document = packet(114, device + none, serial=2)
    register = packet(374, none + struct.pack('>i', 0), serial=3)
    deregister = packet(375, struct.pack('>i', 0), serial=4)
    identity = packet(419, struct.pack('>I', 1) + string('user-name') + struct.pack('>i', 7) + string('root') + none)
    detach = packet(301, device + none + none, serial=5)
    bye = packet(2, serial=6)
    everybody = b''.join(step(client, opening) for client in range(4))
    add('serving', 'one', step(0, opening) + step(0, listing + document) + step(0, bye))
    add('serving', 'everybody', everybody + b''.join(step(client, listing + document) for client in range(4)))
    add('serving', 'at-once', b''.join(step(client, opening + listing + document, at_once) for client in range(4)) * 2)
    add('serving', 'goes-in-the-middle', everybody + step(0, document * 4, at_once | goes) + step(1, listing)
        + step(1, listing * 8, at_once | goes) + step(0, opening))
    add('serving', 'events', step(0, opening + register) + step(2, opening + register) + step(0, deregister + deregister)
        + step(2, b'', goes))
    add('serving', 'never-reads', step(0, opening) + step(0, listing * 64, no_reading) * 8 + step(1, opening + listing))
    add('serving', 'in-pieces', b''.join(step(at % 2, opening[at // 2 * 7:at // 2 * 7 + 7], at_once)
                                         for at in range(2 * (len(opening) // 7 + 1))))
    add('serving', 'changes', step(0, opening + identity + detach) + step(2, opening + identity + detach)
        + step(3, packet(70)) + step(0, packet(1, program=KEEPALIVE, kind=2)))
    add('serving', 'captured', step(0, packet(66) + packet(1, struct.pack('>I', 1)
        + string('nodedev:///system?root=tests/data/hosts/qemu-s390x') + none)) + step(0, listing))
    add('serving', 'bad', step(0, struct.pack('>I', 33554437)) + step(1, opening, at_once) + step(1, listing[:20])
        + step(1, b'', goes) + step(0, opening))


def make_front():
    """Who says something is 1 for libvirtd; 2 is that it goes."""
    def step(who, data=b''):
        return struct.pack('>BH', who, len(data)) + data

    def reply(procedure, payload=b'', serial=0, **fields):
        return packet(procedure, payload, kind=1, serial=serial, **fields)

    none, client, libvirtd, goes = struct.pack('>I', 0), 0, 1, 2
    name, uri = string('pci_0005_00_00_0'), struct.pack('>I', 1) + string('qemu:///system') + none
    document = string("<device><capability type='pci'><a/></capability></device>")
    met = step(client, packet(66)) + step(libvirtd, reply(66, struct.pack('>II', 1, 0)))
    opened = met + step(client, packet(1, uri, serial=1)) + step(libvirtd, reply(1, serial=1)) + step(libvirtd, reply(419))
    call = packet(114, name + none, serial=5)
    add('front', 'document', opened + step(client, call) + step(libvirtd, reply(114, document, serial=5)))
    add('front', 'lists', opened + step(client, packet(285, struct.pack('>II', 1, 0), serial=5) + packet(111, none + none))
        + step(libvirtd, reply(285, struct.pack('>I', 1) + string('a') + struct.pack('>I', 1), serial=5))
        + step(libvirtd, reply(111, struct.pack('>I', 3))))
    add('front', 'ours', opened + step(client, packet(113, string('zpci_00000101')) + packet(114, string('zpci_') + none)))
    add('front', 'capabilities', opened + step(client, packet(116, name, serial=2) + packet(117, name + struct.pack('>I', 9)))
        + step(libvirtd, reply(116, struct.pack('>I', 1), serial=2) + reply(117, struct.pack('>I', 1) + string('pci'))))
    add('front', 'events', opened + step(client, packet(374, none + none, serial=3))
        + step(libvirtd, reply(374, struct.pack('>I', 9), serial=3)) + step(client, packet(375, struct.pack('>I', 9)))
        + step(libvirtd, reply(375)))
    add('front', 'streams', opened + b''.join(step(who, packet(209, bytes(2000), kind=3, serial=7)) for who in (0, 1) * 4))
    add('front', 'in-pieces', opened + b''.join(step(client, call[at:at + 5]) for at in range(0, len(call), 5))
        + step(libvirtd, reply(114, document, serial=5)[:50]))
    add('front', 'refused', met + step(client, packet(1, uri, serial=1)) + step(libvirtd, reply(1, serial=1))
        + step(libvirtd, reply(419, bytes(44), status=1)))
    add('front', 'asked', met + step(client, packet(1, none + none, serial=1)) + step(libvirtd, reply(1, serial=1))
        + step(libvirtd, reply(419)) + step(libvirtd, reply(110, string('lxc:///'))))
    add('front', 'at-the-door', step(client, packet(16) + packet(70) + packet(1, program=KEEPALIVE, kind=2) + packet(1, uri)))
    add('front', 'libvirtd-goes', opened + step(client, call) + step(libvirtd | goes, reply(114, document, serial=5)[:40]))
    add('front', 'client-goes', opened + step(client | goes, call) + step(libvirtd, reply(114, document, serial=5)))
    add('front', 'wrong-lists', opened + step(client, packet(285, struct.pack('>II', 1, 0), serial=5))
        + step(libvirtd, reply(285, struct.pack('>I', 0xffffffff), serial=5)))
    add('front', 'descriptors', opened + step(client, packet(349, struct.pack('>I', 1), kind=4) + bytes(1)))
    add('front', 'bad', opened + step(libvirtd, struct.pack('>I', 3)) + step(client, call))


def make_sysfs():
    """Which file a number means stands in fuzz-sysfs.c."""
    def entry(file, data):
        data = data if isinstance(data, bytes) else data.encode()
        return struct.pack('>BH', file, len(data)) + data

    pci = HOSTS / 'lpar-roce/sys/bus/pci/devices/0000:00:00.0'
    whole = [('0x00000010', 0), ('0x1', 1), ('0x01', 2), ('0x0123', 3), ('0x0000', 4), ('0x02', 5), ('0x00', 6),
             ('1', 7), ('0x80020000', 8), ('1', 9), ('0x01', 10)]
    add('sysfs', 'whole', b''.join(entry(file, text + '\n') for text, file in whole)
        + b''.join(entry(file, '0x00\n') for file in range(11, 15)) + entry(15, bytes(range(0xc1, 0xd1))))
    add('sysfs', 'config', entry(20, (pci / 'config').read_bytes()))
    add('sysfs', 'vpd', entry(21, (CORPUS / 'vpd/card').read_bytes()))
    add('sysfs', 'vpd-odd', entry(21, (CORPUS / 'vpd/odd-characters').read_bytes()))
    add('sysfs', 'numbers', entry(0, '-1\n') + entry(1, '0x10000\n') + entry(2, ' 0x1\n') + entry(3, '010')
        + entry(4, '0x') + entry(5, '') + entry(6, '\n') + entry(8, '0x123456789') + entry(19, '-1\n'))
    add('sysfs', 'bridge', entry(16, '0x060400\n') + entry(20, bytes(14) + b'\1' + bytes(49)))
    add('sysfs', 'no-vendor', entry(17, 'none\n') + entry(18, b'\0'))
    add('sysfs', 'mediated', entry(25, 'a <name>\n') + entry(26, 'vfio-pci\n') + entry(27, '4\n'))
    add('sysfs', 'interface', entry(29, 'DEVTYPE=wlan\nINTERFACE=eth0\n') + entry(30, '0a:<>&"\n') + entry(31, 'up\n')
        + entry(32, '100000\n') + entry(33, '0x1003\n'))
    add('sysfs', 'other-name', entry(29, 'INTERFACE=../x\xff&lt;\n'.encode('latin-1')))
    add('sysfs', 'virtual', entry(22, '4\n') + entry(23, '1\n'))
    add('sysfs', 'standby', entry(34, '0\n') + entry(36, '0x7\n') + entry(37, '0007:00:00\n'))
    add('sysfs', 'machine', entry(38, 'A & B\n') + entry(39, '<\n') + entry(40, 'not-a-uuid\n') + entry(41, b'\xc3\x28')
        + entry(42, '\x01'))
    add('sysfs', 'chain', entry(43, (HOSTS / 'lpar-roce/chain/0000:00:00.3').read_bytes()))
    add('sysfs', 'clp', b''.join(entry(44 + number, path.read_bytes()) for number, path in enumerate(
        sorted((HOSTS / 'qemu-s390x-states/clp').iterdir())[:3])))
    add('sysfs', 'little-endian', entry(47, '[capture]\nformat=1\nbyte-order=little\n'))
    add('sysfs', 'no-capture', entry(47, '[capture]\nformat=99\n'))


def make_kept():
    """The first byte: 1 puts the right first line before it, 2 the right end behind it."""
    chain = (HOSTS / 'lpar-roce/chain/0000:00:00.3').read_bytes()
    real = b'\n'.join(line for line in chain.splitlines() if not line.startswith(b'#'))
    add('kept', 'good', b'\3' + real)
    add('kept', 'no-end', b'\1' + real)
    add('kept', 'other-binding', b'\2# binding: /dev/vfio/0 1 2.3\n' + real)
    add('kept', 'empty', b'\0')
    add('kept', 'nothing-in-it', b'\3')
    add('kept', 'cut', b'\3' + real[:200])
    add('kept', 'odd', b'\0030 1 2')
    add('kept', 'not-hex', b'\3[a]\n00 zz')
    add('kept', 'two', b'\3' + real + b'\n# another\n' + real)
    add('kept', 'no-chain', b'\00300 00 00 24 00 00 00 03 00 00 00 09 00 00 00 05 00 00 00 00')


for make in (make_chains, make_clp, make_capture, make_xml, make_domains, make_rpc, make_vpd, make_serving, make_front,
             make_sysfs, make_kept):
    make()
