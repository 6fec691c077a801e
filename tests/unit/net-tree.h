/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "sysfs-tree.h"

/* What is above interfaces that are no hardware's. */
#define NET_TREE_VIRTUAL "devices/virtual"

/**
 * net_tree_add:
 * @above: the directory of the device that it is one of, below sys/: "devices/pci0005:00/..."
 * @address: "02:00:00:00:00:01", or "" for an interface without one
 *
 * A wired interface that is down.
 */
void net_tree_add(SysfsTree *tree, const char *above, const char *interface, const char *address);

/** net_tree_set: an attribute; a newline is put behind @text, as the kernel does. */
void net_tree_set(SysfsTree *tree, const char *interface, const char *attribute, const char *text);

/** net_tree_unset: removes an attribute. */
void net_tree_unset(SysfsTree *tree, const char *interface, const char *attribute);

/** net_tree_remove: the kernel removes the interface. */
void net_tree_remove(SysfsTree *tree, const char *interface);
