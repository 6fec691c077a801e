/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "pci-address.h"
#include "sysfs-tree.h"
#include "system-calls.h"
#include "zpci-host.h"

/* The function of every busy host, where it is, its IOMMU group and its driver. */
#define BUSY_HOST_ADDRESS "0005:00:00.0"
#define BUSY_HOST_PATH "devices/pci0005:00/0005:00:00.0"
#define BUSY_HOST_GROUP 3
#define BUSY_HOST_DRIVER "virtio-pci"

/* What the command lines of QEMU look like, with the zero bytes that end the words. */
#define BUSY_HOST_QEMU "qemu-system-s390x\0-name\0guest=web,,1,debug-threads=on\0-S\0"

/**
 * BusyHost:
 * @tree: its sys/, dev/ and proc/
 * @host: the program's view of it, this machine
 * @address: of its function
 * @written: "PATH=TEXT" of all that was written, in order
 *
 * A machine with one function that its driver has and nobody uses, a driver vfio-pci, and a kernel
 * that does what is written to sysfs. There is one at a time.
 */
typedef struct {
    SysfsTree *tree;
    ZpciHost *host;
    PciAddress address;
    GPtrArray *written;
} BusyHost;

BusyHost *busy_host_new(void);
void busy_host_free(BusyHost *busy);

/** busy_host_get_sysfs: the descriptor of sys/. */
int busy_host_get_sysfs(const BusyHost *busy);

/** busy_host_get_path: (transfer full): "dev" or "proc" as a program names it. */
char *busy_host_get_path(const BusyHost *busy, const char *directory);

/** busy_host_set: an attribute below sys/. */
void busy_host_set(BusyHost *busy, const char *path, const char *text);

/** busy_host_set_driver: %NULL for none. */
void busy_host_set_driver(BusyHost *busy, const char *driver);

/** busy_host_get_driver: (transfer full) (nullable): the driver that the function has now. */
char *busy_host_get_driver(const BusyHost *busy);

/** busy_host_add_class: a device of @subsystem at @path below the function. */
void busy_host_add_class(BusyHost *busy, const char *subsystem, const char *path);

/** busy_host_add_disk: vda, 253:0, with the partition vda1, 253:1. */
void busy_host_add_disk(BusyHost *busy);

/** busy_host_add_upper: a block device that is made of @lower, and is of no PCI function. */
void busy_host_add_upper(BusyHost *busy, const char *name, const char *number, const char *lower);

/** busy_host_add_node: a device node, a path below dev/. */
void busy_host_add_node(BusyHost *busy, const char *node);

/** busy_host_add_process: @command has @size bytes. */
void busy_host_add_process(BusyHost *busy, guint process, const char *comm, const char *command,
                           gsize size);

/** busy_host_open: the process has the node open. */
void busy_host_open(BusyHost *busy, guint process, const char *node);

/** busy_host_hold: a guest has the function, through the node of its group. */
void busy_host_hold(BusyHost *busy);

/** busy_host_fail: from now on, writing to what ends with @path fails with @number, an errno. */
void busy_host_fail(BusyHost *busy, const char *path, int number);

/** busy_host_set_claim: what claiming any block device fails with, an errno; 0: nobody has it. */
void busy_host_set_claim(BusyHost *busy, int number);

/** busy_host_get_calls: the kernel's part when devices are asked. */
const SystemCalls *busy_host_get_calls(void);

/** busy_host_refuse: no function comes to this driver when it is probed. */
void busy_host_refuse(BusyHost *busy, const char *driver);

/** busy_host_offer_module: vfio-pci is a module, which is not loaded; %FALSE: and cannot be. */
void busy_host_offer_module(BusyHost *busy, gboolean loads);

/** busy_host_assert_written: @joined: all that was written so far, joined by blanks. */
void busy_host_assert_written(const BusyHost *busy, const char *joined);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(BusyHost, busy_host_free)
