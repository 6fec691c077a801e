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


def packet(procedure, payload=b'', program=REMOTE, kind=0, serial=0):
    return struct.pack('>IIIiiIi', 28 + len(payload), program, 1, procedure, kind, serial, 0) + payload


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


for make in (make_chains, make_clp, make_capture, make_xml, make_domains, make_rpc, make_vpd):
    make()
