# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) The libvirt-zpci developers
# shellcheck shell=sh
#
# What the cases share. To be sourced inside the guest.

# The two daemons under comparison, as URIs.
# shellcheck disable=SC2034 # used by those who source this
stock='qemu:///system'
# shellcheck disable=SC2034
ours='nodedev+ext:///system?command=/usr/sbin/virtzpcid'

fail() {
    echo "$*"
    exit 1
}

# wait_until SECONDS COMMAND...: polls; the guest is slow and has nothing better to do.
wait_until() {
    wait_left=$1
    shift
    until "$@" >/dev/null 2>&1; do
        wait_left=$((wait_left - 1))
        [ "$wait_left" -gt 0 ] || return 1
        sleep 1
    done
}

wait_for_libvirtd() {
    wait_until 120 virsh -c "$stock" nodedev-list ||
        fail "libvirtd does not answer: $(cat /run/libvirtd.log)"
}

# pci_functions: addresses such as 0005:00:00.0, one a line.
pci_functions() {
    ls /sys/bus/pci/devices
}

driver_of() {
    basename "$(readlink "/sys/bus/pci/devices/$1/driver")"
}

nodedev_name() {
    echo "pci_$1" | tr ':.' '__'
}

# bind_driver ADDRESS DRIVER: and wait until udev has told everybody.
bind_driver() {
    bind_device=/sys/bus/pci/devices/$1
    echo "$2" >"$bind_device/driver_override" || return 1
    if [ -e "$bind_device/driver" ]; then
        echo "$1" >"$bind_device/driver/unbind" || return 1
    fi
    echo "$1" >/sys/bus/pci/drivers_probe || return 1
    udevadm settle
    [ "$(driver_of "$1")" = "$2" ]
}

# release_driver ADDRESS: back to the driver that the kernel would choose.
release_driver() {
    echo >"/sys/bus/pci/devices/$1/driver_override"
    echo "$1" >"/sys/bus/pci/devices/$1/driver/unbind" || return 1
    echo "$1" >/sys/bus/pci/drivers_probe || return 1
    udevadm settle
}
