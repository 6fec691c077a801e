# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""Domains by the hundred, right ones and wrong ones, the same ones for the same seed.

A domain begins as a right one with a few devices; then up to two of the mutations below happen to it.
"""

import random

S390X, OTHER = ('s390x', 's390-ccw-virtio'), ('riscv64', 'virt')
VIRTIO = {
    'rng': "<rng model='virtio'><backend model='random'>/dev/urandom</backend>{0}</rng>",
    'disk': "<disk type='file' device='disk'><source file='/disk'/><target dev='vd{letter}' bus='virtio'/>{0}</disk>",
    'net': "<interface type='user'><model type='virtio'/>{0}</interface>",
    'controller': "<controller type='scsi' model='virtio-scsi' index='{index}'>{0}</controller>",
}
PASSED = {
    'hostdev': "<hostdev mode='subsystem' type='pci'{managed}>{driver}<source><address {source}/></source>{0}</hostdev>",
    'interface': "<interface type='hostdev'{managed}><source><address type='pci' {source}/></source>{driver}{0}"
                 "</interface>",
}
MAX_DEVICES = 6
MUTATED = 0.8
MUTATED_TWICE = 0.4


class Device:
    def __init__(self, kind, number, address, uid=None, fid=None):
        self.kind = kind
        self.number = number
        self.address = address
        self.numbers = {} if uid is None else {'uid': uid, 'fid': fid}
        self.place = {}
        self.source = {'domain': f'0x{0x100 + number:04x}', 'bus': '0x00', 'slot': '0x00', 'function': '0x0'}
        self.managed = " managed='yes'"
        self.driver = ''
        self.zpci = 1

    def is_passed(self):
        return self.kind in PASSED

    def text(self):
        return {**VIRTIO, **PASSED}[self.kind].format(
            self._address_text(), letter='abcdefgh'[self.number], index=self.number, managed=self.managed,
            source=attributes(self.source), driver=self.driver)

    def _address_text(self):
        if self.address is None:
            return ''
        zpci = f'<zpci {attributes(self.numbers)}/>' * self.zpci if self.numbers or self.zpci > 1 else ''
        return f"<address type='{self.address}' {attributes(self.place)}>{zpci}</address>"


class Domain:
    def __init__(self, chance):
        self.chance = chance
        self.architecture = S390X
        self.mutations = []
        self.devices = [self._device(number) for number in range(chance.randint(1, MAX_DEVICES))]

    def _device(self, number):
        kind = self.chance.choice([*VIRTIO, *PASSED])
        address = self.chance.choice(['pci', 'pci', 'pci', None])
        # Numbers that collide with none of another device, but often with the first free ones.
        device = Device(kind, number, address)
        if address == 'pci' and self.chance.random() < 0.7:
            device.numbers = {'uid': f'0x{self.chance.choice([0, 0x100, 0xff00]) + number + 1:04x}',
                              'fid': f'0x{self.chance.choice([0, 0x100, 0xffffff00]) + number:08x}'}
        if address == 'pci' and self.chance.random() < 0.2:
            place(device, slot=number + 1)
        return device

    def pick(self, passed=False):
        """One of its devices, which is then one with a complete zPCI address."""
        kinds = [device for device in self.devices if device.is_passed() or not passed]
        device = self.chance.choice(kinds) if kinds else self.add(self.chance.choice(list(PASSED)))
        if device.address is None:
            device.address = 'pci'
        if device.address == 'pci' and 'uid' not in device.numbers:
            device.numbers['uid'] = f'0x{0x200 + device.number:04x}'
        if device.address == 'pci' and 'fid' not in device.numbers:
            device.numbers['fid'] = f'0x{0x200 + device.number:08x}'
        return device

    def pick_two(self):
        first = self.pick()
        if all(device is first for device in self.devices):
            self.add('rng')
        second = self.chance.choice([device for device in self.devices if device is not first])
        second.address = 'pci'
        return first, second

    def add(self, kind):
        device = Device(kind, len(self.devices), 'pci')
        self.devices.append(device)
        return device

    def text(self):
        lines = '\n'.join(f'    {device.text()}' for device in self.devices)
        return ("<domain type='qemu'>\n  <name>judged</name>\n  <memory>524288</memory>\n"
                "  <os><type arch='{}' machine='{}'>hvm</type></os>\n".format(*self.architecture) +
                f"  <devices>\n{lines}\n    <memballoon model='none'/>\n  </devices>\n</domain>\n")


def attributes(values):
    return ' '.join(f"{name}='{value}'" for name, value in values.items())


def place(device, slot, function=0, bus=0, domain=0):
    device.place = {'domain': f'0x{domain:04x}', 'bus': f'0x{bus:02x}', 'slot': f'0x{slot:02x}',
                    'function': f'0x{function:x}'}


def writes(name, *texts):
    """A mutation that writes a number in another way, or another number."""
    def mutate(domain):
        domain.pick().numbers[name] = domain.chance.choice(texts)
    return mutate


def duplicates(name):
    def mutate(domain):
        first, second = domain.pick_two()
        second.numbers[name] = first.numbers.get(name, '0x1')
    return mutate


def forgets(name):
    def mutate(domain):
        domain.pick().numbers.pop(name, None)
    return mutate


def forget_most(domain):
    """Half an address in many devices, and the first numbers in others."""
    domain.pick_two()
    for number, device in enumerate(domain.devices):
        device.address = 'pci'
        device.numbers = {'uid': f'0x{number + 1:04x}', 'fid': f'0x{number:08x}'}
        device.numbers.pop(domain.chance.choice(['uid', 'fid', 'none']), None)


def multifunction(domain):
    domain.pick().place['multifunction'] = domain.chance.choice(['on', 'off'])


def share_slot(domain):
    first, second = domain.pick_two()
    place(first, 9, 0)
    place(second, 9, domain.chance.choice([0, 1]))


def sits(**where):
    def mutate(domain):
        place(domain.pick(), **where)
    return mutate


def another_domain(domain):
    domain.pick().place['domain'] = domain.chance.choice(['0x0001', '1', '0x0000'])


def zpci_on_ccw(domain):
    device = domain.pick()
    device.address = 'ccw'
    device.place = {'cssid': '0xfe', 'ssid': '0x0', 'devno': '0x1234'}


def only_ccw(domain):
    zpci_on_ccw(domain)
    for device in domain.devices:
        if device.address == 'ccw':
            device.numbers = {}


def zpci_twice(domain):
    domain.pick().zpci = 2


def unknown_attribute(domain):
    domain.pick().numbers['pchid'] = '0x1'


def other_architecture(domain):
    domain.architecture = OTHER
    without = domain.chance.random() < 0.5
    for device in domain.devices:
        if device.address == 'ccw':
            device.address, device.place = 'pci', {}
        if without:
            device.numbers = {}


def same_source(domain):
    first = domain.pick(passed=True)
    second = domain.add(domain.chance.choice(list(PASSED)))
    second.source = dict(first.source)
    if domain.chance.random() < 0.5:
        second.source = {'domain': str(int(first.source['domain'], 16))}
    elif domain.chance.random() < 0.5:
        second.source['function'] = '0x1'


def names_driver(domain):
    device = domain.pick(passed=True)
    device.driver = f"<driver name='{domain.chance.choice(['vfio', 'kvm', 'xen', 'mlx5'])}'/>"


def unmanaged(domain):
    domain.pick(passed=True).managed = domain.chance.choice(['', " managed='no'"])


def source_is_written(name, *texts):
    def mutate(domain):
        domain.pick(passed=True).source[name] = domain.chance.choice(texts)
    return mutate


def place_is_written(domain):
    device = domain.pick()
    place(device, 9)
    device.place['slot'] = domain.chance.choice(['a', '012', '10', '0xb', '05', '32', '0x20'])


def shuffle(domain):
    domain.pick_two()
    domain.chance.shuffle(domain.devices)


MUTATIONS = {
    'uid twice': duplicates('uid'),
    'fid twice': duplicates('fid'),
    'uid 0': writes('uid', '0x0', '0x0000', '0'),
    'uid large': writes('uid', '0x10000', '65536', '0xffffffff'),
    'uid largest': writes('uid', '0xffff', '65535'),
    'fid large': writes('fid', '0x100000000', '4294967296'),
    'fid largest': writes('fid', '0xffffffff', '4294967295'),
    'uid octal': writes('uid', '0010', '0777', '017'),
    'fid octal': writes('fid', '0010', '00000012', '00'),
    'uid bare': writes('uid', 'ff', '1f', '0009', '0a'),
    'fid bare': writes('fid', 'ff', '0000000c', '1e2'),
    'uid no number': writes('uid', '', 'xyz', '-1', '0x', '0x1 ', '0X1f'),
    'fid no number': writes('fid', '', 'xyz', '-1', '0x', '1.5'),
    'uid decimal': writes('uid', '77', '1000'),
    'uid signed': writes('uid', '+33', ' 33'),
    'no uid': forgets('uid'),
    'no fid': forgets('fid'),
    'halves': forget_most,
    'order': shuffle,
    'multifunction': multifunction,
    'shared slot': share_slot,
    'slot 0 of bus 1': sits(slot=0, bus=1),
    'slot of bus 1': sits(slot=1, bus=1),
    'function 1': sits(slot=9, function=1),
    'function 8': sits(slot=9, function=8),
    'slot text': place_is_written,
    'domain': another_domain,
    'zpci on ccw': zpci_on_ccw,
    'ccw': only_ccw,
    'zpci twice': zpci_twice,
    'unknown attribute': unknown_attribute,
    'architecture': other_architecture,
    'source twice': same_source,
    'driver': names_driver,
    'unmanaged': unmanaged,
    'source bare': source_is_written('domain', 'ff', '000a'),
    'source octal': source_is_written('domain', '0010', '0777', '0007'),
    'source out of range': source_is_written('slot', '0x20', '0x1f', '32'),
}


def generate(seed, number):
    """number domains; mutations come in turns, so that none is left out."""
    chance = random.Random(seed)
    names = []
    for _ in range(number):
        domain = Domain(chance)
        count = 0 if chance.random() > MUTATED else 2 if chance.random() < MUTATED_TWICE else 1
        for _ in range(count):
            names = names or chance.sample(list(MUTATIONS), len(MUTATIONS))
            domain.mutations.append(names.pop())
            MUTATIONS[domain.mutations[-1]](domain)
        yield domain
