/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

/* Every name that the outside world fixes, in one place: sysfs, captures, environment, sockets. */

/* Below the root directory: "/" or a capture. */
#define NAME_SYS "sys"
#define NAME_CHAIN "chain"
#define NAME_CLP "clp"
#define NAME_CAPTURE_INI "capture.ini"

/* Below clp/, each followed by a number: FID, PFGID, position. */
#define NAME_CLP_FUNCTION "function-"
#define NAME_CLP_GROUP "group-"
#define NAME_CLP_LIST "list-"

/* Below sys/. */
#define NAME_PCI_DEVICES "bus/pci/devices"
#define NAME_PCI_DRIVERS "bus/pci/drivers"
#define NAME_PCI_DRIVERS_PROBE "bus/pci/drivers_probe"
#define NAME_PCI_SLOTS "bus/pci/slots"
#define NAME_DEBUG_PCI "kernel/debug/pci"
#define NAME_DEBUG_STATISTICS "statistics"
#define NAME_IOMMU_GROUPS "kernel/iommu_groups"
#define NAME_CLASS_BLOCK "class/block"
#define NAME_BTRFS "fs/btrfs"
#define NAME_DMI "devices/virtual/dmi/id"
#define NAME_CLP_FIRMWARE "firmware/clp"

/* What the names of all VFIO drivers have in them: vfio-pci, mlx5_vfio_pci, ism_vfio_pci. */
#define NAME_IN_VFIO_DRIVERS "vfio"

/* Below bus/pci/drivers/<DRIVER>/. */
#define NAME_BIND "bind"
#define NAME_UNBIND "unbind"

/* Below bus/pci/slots/<FID>/; older kernels do not tell the UID there. */
#define NAME_SLOT_POWER "power"
#define NAME_SLOT_ADDRESS "address"
#define NAME_SLOT_UID NAME_UID

/* Attributes of any PCI function, Documentation/ABI/testing/sysfs-bus-pci. */
#define NAME_CLASS "class"
#define NAME_VENDOR "vendor"
#define NAME_DEVICE "device"
#define NAME_NUMA_NODE "numa_node"
#define NAME_CONFIG "config"
#define NAME_DRIVER "driver"
#define NAME_DRIVER_OVERRIDE "driver_override"
#define NAME_RESET "reset"
#define NAME_SUBSYSTEM "subsystem"
#define NAME_UEVENT "uevent"
#define NAME_UEVENT_SEQNUM "kernel/uevent_seqnum"
#define NAME_IOMMU_GROUP "iommu_group"
#define NAME_PHYSFN "physfn"
#define NAME_VIRTFN "virtfn"
#define NAME_SRIOV_TOTALVFS "sriov_totalvfs"
#define NAME_SRIOV_NUMVFS "sriov_numvfs"
#define NAME_VPD "vpd"

/* Below mdev_supported_types/<ID>/, Documentation/driver-api/vfio-mediated-device.rst. */
#define NAME_MDEV_TYPES "mdev_supported_types"
#define NAME_MDEV_NAME "name"
#define NAME_MDEV_DEVICE_API "device_api"
#define NAME_MDEV_AVAILABLE "available_instances"

/* Attributes of a zPCI function, Documentation/arch/s390/pci.rst. */
#define NAME_FUNCTION_ID "function_id"
#define NAME_FUNCTION_HANDLE "function_handle"
#define NAME_UID "uid"
#define NAME_UID_IS_UNIQUE "uid_is_unique"
#define NAME_UID_CHECKING "uid_checking"
#define NAME_PFGID "pfgid"
#define NAME_PCHID "pchid"
#define NAME_VFN "vfn"
#define NAME_PFT "pft"
#define NAME_PORT "port"
#define NAME_FIDPARM "fidparm"
#define NAME_MIO_ENABLED "mio_enabled"
#define NAME_PFIP_SEGMENT "pfip/segment"
#define NAME_UTIL_STRING "util_string"

/* Network interfaces, Documentation/ABI/testing/sysfs-class-net; NAME_NET_DEVICE is a link to what
 * the interface is one of, and has the rest if that is a PCI function. */
#define NAME_CLASS_NET "class/net"
#define NAME_NET_ADDRESS "address"
#define NAME_NET_OPERSTATE "operstate"
#define NAME_NET_SPEED "speed"
#define NAME_NET_DEVICE "device"
#define NAME_RESOURCE "resource"
#define NAME_CLASS_INFINIBAND "class/infiniband"
#define NAME_NET_FLAGS "flags"
#define NAME_NET_MASTER "master"

/* Devices of the channel subsystem, Documentation/arch/s390/driver-model.rst: one directory for
 * each bus; what a subchannel leads to, and what a device and its group tell of one another. */
#define NAME_BUS_DEVICES "bus/%s/devices"
#define NAME_CSS_DEV_BUSID "dev_busid"
#define NAME_CCW_ONLINE "online"
#define NAME_CCW_GROUP_DEVICE "group_device"
#define NAME_CCW_MEMBER "cdev"
#define NAME_QETH_CARD_TYPE "card_type"
#define NAME_QETH_CHPID "chpid"

/* Below class/block/<NAME>/, Documentation/ABI/testing/sysfs-block. */
#define NAME_BLOCK_DEV "dev"
#define NAME_BLOCK_PARTITION "partition"
#define NAME_BLOCK_HOLDERS "holders"
#define NAME_BLOCK_DM_NAME "dm/name"

/* Linux 6.1 and newer, Documentation/ABI/testing/sysfs-devices-vfio-dev. */
#define NAME_VFIO_DEV "vfio-dev"
#define NAME_CLASS_VFIO_DEV "class/vfio-dev"

/* Below /dev. */
#define NAME_DEV "/dev"
#define NAME_DEV_CLP "clp"
#define NAME_DEV_IOMMU "iommu"
#define NAME_DEV_VFIO "vfio"
#define NAME_DEV_VFIO_DEVICES "vfio/devices"

/* Below /proc, Documentation/filesystems/proc.rst; the last five in the directory of a process. */
#define NAME_PROC "/proc"
#define NAME_PROC_MOUNTS "self/mountinfo"
#define NAME_PROC_SWAPS "swaps"
#define NAME_PROC_FD "fd"
#define NAME_PROC_COMM "comm"
#define NAME_PROC_CMDLINE "cmdline"
#define NAME_PROC_EXE "exe"
#define NAME_PROC_TASK "task"

/* SELinux's own file system; it is there if SELinux is. */
#define NAME_SELINUX "/sys/fs/selinux"
#define NAME_SELINUX_ENFORCE "enforce"

/* Below the runtime directory, /run for root. */
#define NAME_RUN "/run"
/* The sockets of virtzpcid, and the file that says that it runs, below /run or the user's own. */
#define NAME_RUN_SOCKETS "libvirt"
#define NAME_SOCKET "virtzpcid-sock"
#define NAME_SOCKET_RO_SUFFIX "-ro"
#define NAME_SOCKET_PID_SUFFIX ".pid"
/* Ours, below /run or the user's own, and what is in it. */
#define NAME_RUN_OURS "libvirt-zpci"
#define NAME_RUN_CHAINS "chains"
#define NAME_RUN_LOCKS "locks"

/* Of libvirtd, in front of which virtzpcid can stand. */
#define NAME_LIBVIRTD_CONFIG "/etc/libvirt/libvirtd.conf"

/* libvirt's driver for guests, and its own variable that names another. */
#define NAME_URI_GUESTS "qemu:///system"
#define NAME_ENV_LIBVIRT_DEFAULT_URI "LIBVIRT_DEFAULT_URI"

/* Environment, for programs that run from a build tree, and for tests. */
#define NAME_ENV_SCHEMA_DIR "LIBVIRT_ZPCI_SCHEMA_DIR"
#define NAME_ENV_LOCALE_DIR "LIBVIRT_ZPCI_LOCALE_DIR"
#define NAME_ENV_LIBVIRT "LIBVIRT_ZPCI_LIBVIRT"

/* The URI that reaches virtzpcid on an inherited socket. */
#define NAME_URI_PATH "nodedev:///system"
#define NAME_URI_EXT "nodedev+ext:///system"
