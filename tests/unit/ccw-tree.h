/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "sysfs-tree.h"

/** ccw_tree_add_subchannel: @sysname: "0.0.0070". */
void ccw_tree_add_subchannel(SysfsTree *tree, const char *sysname, const char *driver);

/** ccw_tree_add_device: one that is online, below @subchannel, which must be there. */
void ccw_tree_add_device(SysfsTree *tree, const char *subchannel, const char *sysname,
                         const char *driver);

/**
 * ccw_tree_add_group:
 * @type: "qeth_layer2"
 * @members: (array zero-terminated=1): pairs of a device, which must be there, and the subchannel
 *   above it
 *
 * A group that is online, of a card OSD_10GIG at channel path BD.
 */
void ccw_tree_add_group(SysfsTree *tree, const char *sysname, const char *type,
                        const char *const *members);

/** ccw_tree_add_qeth: 0.0.bd00 to bd02 below 0.0.0070 to 0072, and their group 0.0.bd00. */
void ccw_tree_add_qeth(SysfsTree *tree);

/** ccw_tree_set: an attribute; @bus: "ccw"; a newline is put behind @text, as the kernel does. */
void ccw_tree_set(SysfsTree *tree, const char *bus, const char *sysname, const char *attribute,
                  const char *text);
