/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "sysfs-tree.h"
#include "zpci-facts.h"
#include "zpci-function.h"
#include "zpci-host.h"

/* The function of every live host: FID, UID and function handle as sysfs shows them. */
#define LIVE_HOST_ADDRESS "0005:00:00.0"
#define LIVE_HOST_FID 0xc
#define LIVE_HOST_UID 5
#define LIVE_HOST_HANDLE 0x80020000

/**
 * LiveHost:
 * @tree: its sys/ and dev/; chains are kept in its run/chains
 * @dev: the directory of device nodes
 * @host: the program's view of it, which asks #call_script_kernel
 * @directory: descriptor of the function's directory in sysfs
 *
 * This machine, as it would look with one zPCI function, which has no driver at first.
 */
typedef struct {
    SysfsTree *tree;
    char *dev;
    ZpciHost *host;
    int directory;
} LiveHost;

/** live_host_new: (transfer full): the host, and an empty script of calls. */
LiveHost *live_host_new(void);

/** live_host_free: ends the script of calls, all of which must have been made. */
void live_host_free(LiveHost *live);

/** live_host_restart: another program looks at it, which remembers nothing. */
void live_host_restart(LiveHost *live);

/** live_host_set_driver: binds the function to @driver, which makes no node; %NULL unbinds it. */
void live_host_set_driver(LiveHost *live, const char *driver);

/** live_host_add_node: the kernel makes @node, a path below dev/, @seconds ago. */
void live_host_add_node(LiveHost *live, const char *node, gint64 seconds);

/** live_host_bind: binds the function to vfio-pci @seconds ago, with a node for its group. */
void live_host_bind(LiveHost *live, gint64 seconds);

/** live_host_unbind: undoes live_host_bind(). */
void live_host_unbind(LiveHost *live);

/** live_host_add_child: the child that Linux 6.1 and newer show for what VFIO has. */
void live_host_add_child(LiveHost *live);

/** live_host_read: (transfer full): the function as all sources together tell it. */
ZpciFunction *live_host_read(LiveHost *live, gboolean may_open);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(LiveHost, live_host_free)
