# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
"""A guest without an operating system, for the stock libvirtd's QEMU driver, without any help of the processor: what
is written to its serial line comes back."""

import os
import struct
import subprocess

EMULATOR = '/usr/bin/qemu-system-riscv64'

# RISC-V. The machine "virt" begins with the firmware in machine mode; it has a 16550A at 0x10000000, whose interrupt
# is number 10 of the controller at 0x0c000000. What waits wakes of that, and takes no interrupt.
PROGRAM = (
    0x100002b7,  # lui t0, 0x10000
    0x0c0003b7,  # lui t2, 0xc000
    0x00100313,  # li t1, 1: the priority
    0x0263a423,  # sw t1, 40(t2)
    0x0c002e37,  # lui t3, 0xc002
    0x40000313,  # li t1, 1024: switched on
    0x006e2023,  # sw t1, 0(t3)
    0x0c200eb7,  # lui t4, 0xc200
    0x00100313,  # li t1, 1: when something comes
    0x006280a3,  # sb t1, 1(t0)
    0x00001337,  # lui t1, 1
    0x80030313,  # addi t1, t1, -2048: what wakes
    0x30431073,  # csrw mie, t1
    0x10500073,  # wait: wfi
    0x004eaf03,  # lw t5, 4(t4): which interrupt it is
    0x0052c303,  # next: lbu t1, 5(t0)
    0x00137313,  # andi t1, t1, 1: is there something?
    0x00030863,  # beqz t1, done
    0x0002c303,  # lbu t1, 0(t0)
    0x00628023,  # sb t1, 0(t0)
    0xfedff06f,  # j next
    0x01eea223,  # done: sw t5, 4(t4)
    0xfddff06f,  # j wait
)

# Without what a libvirtd for guests would need of this machine: a user, control groups, a log daemon.
QEMU_CONF = '''security_driver = "none"
user = "root"
group = "root"
cgroup_controllers = [ ]
namespaces = [ ]
stdio_handler = "file"
'''

DOMAIN = '''<domain type='qemu'>
  <name>{name}</name>
  <uuid>{uuid}</uuid>
  <memory unit='MiB'>64</memory>
  <os>
    <type arch='riscv64' machine='virt'>hvm</type>
    <loader readonly='yes' type='rom'>{directory}/echo</loader>
  </os>
  <devices>
    <emulator>{emulator}</emulator>
    <controller type='usb' model='qemu-xhci'/>
    <controller type='scsi' model='virtio-scsi'/>
    <disk type='file' device='disk'>
      <driver name='qemu' type='qcow2'/>
      <source file='{directory}/{name}.qcow2'/>
      <target dev='vda' bus='virtio'/>
    </disk>
    <disk type='file' device='cdrom'>
      <driver name='qemu' type='raw'/>
      <target dev='sda' bus='scsi'/>
      <readonly/>
    </disk>
    <serial type='pty'/>
    <memballoon model='none'/>
  </devices>
</domain>
'''
UUID = '6695eb01-f6a4-8304-79aa-97f2502e193f'


def write_program(directory):
    with open(os.path.join(directory, 'echo'), 'wb') as stream:
        stream.write(struct.pack(f'<{len(PROGRAM)}I', *PROGRAM))


def make_disk(path):
    subprocess.run(['qemu-img', 'create', '-q', '-f', 'qcow2', path, '8M'], check=True)


def describe(directory, name):
    """Its document."""
    return DOMAIN.format(name=name, uuid=UUID, directory=directory, emulator=EMULATOR)
