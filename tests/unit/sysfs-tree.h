/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "pci-address.h"
#include "zpci-host.h"

/**
 * SysfsTree:
 *
 * A captured host in a temporary directory, big-endian, made by a test and gone with it. It begins
 * without PCI. Every function of it aborts the test if the file system refuses.
 *
 * Addresses are texts like "0005:00:00.0"; paths are below the root, for example "sys/kernel".
 */
typedef struct _SysfsTree SysfsTree;

/** sysfs_tree_new: (transfer full): sys/ and a good capture.ini. */
SysfsTree *sysfs_tree_new(void);

/** sysfs_tree_free: removes the directory. */
void sysfs_tree_free(SysfsTree *tree);

/** sysfs_tree_get_root: its directory. */
const char *sysfs_tree_get_root(const SysfsTree *tree);

/** sysfs_tree_get_path: (transfer full): @path as the file system knows it. */
char *sysfs_tree_get_path(const SysfsTree *tree, const char *path);

/** sysfs_tree_get_long_path: (transfer full): the same in at least so many characters. */
char *sysfs_tree_get_long_path(const SysfsTree *tree, const char *path, gsize length);

/** sysfs_tree_open: (transfer full): the host that is in the tree. */
ZpciHost *sysfs_tree_open(const SysfsTree *tree);

/**
 * sysfs_tree_open_files:
 * @clock: what zpci_host_get_time() asks
 *
 * Returns: (transfer full): this machine, with the tree's sys/ and dev/ in the place of its own.
 */
ZpciHost *sysfs_tree_open_files(const SysfsTree *tree, gint64 (*clock)(void));

/** sysfs_tree_read_late_clock: it says that all files have been quiet for long. */
gint64 sysfs_tree_read_late_clock(void);

/** sysfs_tree_parse: @text, which must be an address. */
PciAddress sysfs_tree_parse(const char *text);

/** sysfs_tree_write: a file of @size bytes, or as many as @text has if it is -1. */
void sysfs_tree_write(SysfsTree *tree, const char *path, const void *text, gssize size);

/** sysfs_tree_rewrite: a file that is there gets other contents and stays the same file. */
void sysfs_tree_rewrite(SysfsTree *tree, const char *path, const char *text);

/** sysfs_tree_wait: until what changes has a later time than what has changed so far. */
void sysfs_tree_wait(SysfsTree *tree);

/** sysfs_tree_link: a symbolic link. */
void sysfs_tree_link(SysfsTree *tree, const char *path, const char *target);

/** sysfs_tree_make_directory: a directory and those above it. */
void sysfs_tree_make_directory(SysfsTree *tree, const char *path);

/** sysfs_tree_delete: whatever is at @path, with all that is in it. */
void sysfs_tree_delete(SysfsTree *tree, const char *path);

/** sysfs_tree_add_function: a function on a root bus, with class, vendor and device. */
void sysfs_tree_add_function(SysfsTree *tree, const char *address);

/** sysfs_tree_add_function_below: one whose directory is in @parent, a path in that of @bridge. */
void sysfs_tree_add_function_below(SysfsTree *tree, const char *address, const char *bridge,
                                   const char *parent);

/** sysfs_tree_add_zpci: a function with its IDs as s390x shows them. */
void sysfs_tree_add_zpci(SysfsTree *tree, const char *address, guint fid, guint uid, guint pfgid);

/** sysfs_tree_add_slot: the slot of a zPCI function, configured or in standby; or changes it. */
void sysfs_tree_add_slot(SysfsTree *tree, guint fid, gboolean configured);

/** sysfs_tree_remove_function: the kernel's part of an unplugging. */
void sysfs_tree_remove_function(SysfsTree *tree, const char *address);

/** sysfs_tree_attribute: (transfer full): the path of @attribute of @address. */
char *sysfs_tree_attribute(const SysfsTree *tree, const char *address, const char *attribute);

/** sysfs_tree_set: an attribute; a newline is put behind @text, as the kernel does. */
void sysfs_tree_set(SysfsTree *tree, const char *address, const char *attribute, const char *text);

/** sysfs_tree_unset: removes an attribute. */
void sysfs_tree_unset(SysfsTree *tree, const char *address, const char *attribute);

/** sysfs_tree_set_link: a link named @name in a function's directory. */
void sysfs_tree_set_link(SysfsTree *tree, const char *address, const char *name,
                         const char *target);

/** sysfs_tree_set_iommu_group: puts the function into a group. */
void sysfs_tree_set_iommu_group(SysfsTree *tree, const char *address, guint group);

/** sysfs_tree_add_virtual: makes @address the virtual function @index of @physical. */
void sysfs_tree_add_virtual(SysfsTree *tree, const char *physical, guint index,
                            const char *address);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SysfsTree, sysfs_tree_free)
