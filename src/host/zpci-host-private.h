/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "capture.h"
#include "chain-cache.h"
#include "pci-address.h"
#include "pci-snapshot-table.h"
#include "system-calls.h"
#include "text-store.h"
#include "zpci-host.h"

/** zpci_host_get_sysfs: descriptor of the sysfs root; belongs to @host. */
int zpci_host_get_sysfs(const ZpciHost *host);

/** zpci_host_is_kernel: whether its sysfs is the kernel's own, and not files that look like it. */
gboolean zpci_host_is_kernel(const ZpciHost *host);

/* Room for a number of 64 bits, a newline and a NUL. */
#define ZPCI_HOST_EVENTS_SIZE 24

/**
 * zpci_host_read_events:
 * @events: (out): how many events the kernel has sent
 *
 * Returns: %FALSE if it does not say, or if its sysfs is not the kernel's own.
 */
gboolean zpci_host_read_events(const ZpciHost *host, char events[ZPCI_HOST_EVENTS_SIZE]);

/** zpci_host_is_local: whether it is this machine with files in place of its sysfs, which it has in
 * memory or on a disk of its own, so that the times of their changes are by its own clock. */
gboolean zpci_host_is_local(const ZpciHost *host);

/** zpci_host_is_at_hand: whether to look at its sysfs never means to wait for somebody else. */
gboolean zpci_host_is_at_hand(const ZpciHost *host);

/** zpci_host_get_time: what the clock says by which such files change, in nanoseconds. */
gint64 zpci_host_get_time(const ZpciHost *host);

/** zpci_host_get_snapshots: what is kept of its functions; belongs to @host. */
PciSnapshotTable *zpci_host_get_snapshots(const ZpciHost *host);

/** zpci_host_get_documents: those of its devices that are kept ready; belongs to @host. */
TextStore *zpci_host_get_documents(const ZpciHost *host);

/** zpci_host_get_overlays: the same of what another daemon says of them; belongs to @host. */
TextStore *zpci_host_get_overlays(const ZpciHost *host);

/** zpci_host_get_capture: (nullable): the capture that @host is, %NULL for this machine. */
const Capture *zpci_host_get_capture(const ZpciHost *host);

/* What changes a machine is in a layer above, so that nothing that reads can use it. */
typedef struct HostActions HostActions;

/**
 * HostAccess:
 * @calls: the kernel, or a test's script
 * @actions: (nullable): what plays the kernel's part in a test when something is changed
 * @dev: the directory of device nodes
 * @proc: the directory of processes
 * @chains: the chains that have been read
 * @locks: the directory of what keeps others from changing a function
 * @guests: (nullable): the URI of libvirt's driver that has the guests; %NULL if there are none
 * @lock_seconds: for how long to wait for them
 * @vfio_read: when functions may be opened
 * @settle_seconds: for how long one must have been bound before
 *
 * How this machine's devices are asked and changed.
 */
typedef struct {
    const SystemCalls *calls;
    const HostActions *actions;
    char *dev;
    char *proc;
    ChainCache *chains;
    char *locks;
    char *guests;
    guint lock_seconds;
    ZpciVfioRead vfio_read;
    guint settle_seconds;
} HostAccess;

/** zpci_host_get_access: (nullable): belongs to @host; %NULL for a capture. */
const HostAccess *zpci_host_get_access(const ZpciHost *host);

/**
 * zpci_host_set_test_kernel:
 * @proc: a directory like /proc
 * @actions: plays what the kernel does when something is written
 *
 * For a host of zpci_host_open_test(), which has the real ones before.
 */
void zpci_host_set_test_kernel(ZpciHost *host, const char *proc, const HostActions *actions);

/** zpci_host_set_test_wait: how long to wait for who changes or reads a function, likewise. */
void zpci_host_set_test_wait(ZpciHost *host, guint seconds);

/** zpci_host_set_test_guests: @uri: which libvirt has the guests, likewise; before, there are none.
 */
void zpci_host_set_test_guests(ZpciHost *host, const char *uri);

/** zpci_host_get_default_run: (transfer full): where this user's chains and locks are. */
char *zpci_host_get_default_run(void);

/**
 * zpci_host_open_test:
 * @sysfs: a directory like /sys
 * @dev: a directory like /dev
 * @calls: a script that plays the kernel
 * @run: where to keep chains and locks, a directory like /run/libvirt-zpci
 *
 * Returns: (transfer full): a host that is read like this machine; %NULL with @error set.
 */
ZpciHost *zpci_host_open_test(const char *sysfs, const char *dev, const SystemCalls *calls,
                              const char *run, GError **error);

/**
 * zpci_host_open_as_capture:
 * @origin: whose sysfs it is
 * @root: the directory of the capture that is being made of it
 *
 * Returns: (transfer full): a host that is read as that capture will be, when all of @origin's
 * sysfs is in it: nothing that @origin keeps is used, and no device is asked. %NULL with @error
 * set.
 */
ZpciHost *zpci_host_open_as_capture(const ZpciHost *origin, const char *root, GError **error);

/** zpci_host_set_test_sysfs: takes the files of a test for the kernel's own sysfs. */
void zpci_host_set_test_sysfs(ZpciHost *host);

/** zpci_host_set_test_files: takes the files of a test for those of zpci_host_is_local(), wherever
 * they are; @clock: what zpci_host_get_time() asks. */
void zpci_host_set_test_files(ZpciHost *host, gint64 (*clock)(void));

/** zpci_host_shows_standby: what zpci_host_set_standby() said. */
gboolean zpci_host_shows_standby(const ZpciHost *host);

/** zpci_host_is_privileged: whether root reads it, or root read it when it was captured. */
gboolean zpci_host_is_privileged(const ZpciHost *host);

/**
 * zpci_host_list:
 *
 * Returns: (transfer full) (element-type PciAddress): all PCI functions by address; %NULL with
 * @error set. A host without PCI has none.
 */
GArray *zpci_host_list(const ZpciHost *host, GError **error);

/**
 * zpci_host_find:
 *
 * Returns: (transfer full): the path of a function's directory below sysfs, "devices/..."; %NULL
 * with %ZPCI_ERROR_NOT_FOUND if there is none.
 */
char *zpci_host_find(const ZpciHost *host, const PciAddress *address, GError **error);

/**
 * zpci_host_has_zpci:
 *
 * Returns: whether the function is a zPCI function: it has a function ID.
 */
gboolean zpci_host_has_zpci(const ZpciHost *host, const PciAddress *address);
