/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

/* The most open files of one process that are looked at; Linux allows no more unless it is told
 * otherwise. */
#define PROCESS_USE_MAX_FILES (1024 * 1024)

/* How much of a command line is looked at for the name of a guest, in bytes. */
#define PROCESS_USE_MAX_COMMAND 65536

/**
 * process_use_check:
 * @proc: the directory of processes, "/proc"
 * @dev: the directory of device nodes, "/dev"
 * @nodes: (element-type utf8): paths below @dev; one that is no device node now is held by nobody
 * @function: the PCI function that they belong to, for messages
 *
 * Opens none of @nodes: it looks what the processes have open.
 *
 * Returns: %FALSE with %ZPCI_ERROR_IN_USE, which names the process and the guest that runs in it,
 *   if one has one of @nodes open; or with another code if that cannot be told: a user who is not
 *   root may look into their own processes only, and has %ZPCI_ERROR_NO_PERMISSION.
 */
gboolean process_use_check(const char *proc, const char *dev, const GPtrArray *nodes,
                           const char *function, GError **error);

/**
 * ProcessHolder:
 * @process: its number
 * @program: the name of its program, "" if it has ended
 * @guest: (nullable): the guest that runs in it
 *
 * A process that has a node open.
 */
typedef struct {
    guint process;
    char *program;
    char *guest;
} ProcessHolder;

/**
 * process_use_index:
 * @unseen: (out) (transfer full) (nullable): why not all processes could be looked at, so that
 *   others may have nodes open too
 *
 * Looks at all processes once, for many nodes.
 *
 * Returns: (transfer full) (element-type utf8 ProcessHolder): by node, the first who has it open;
 *   %NULL with @error set if no process can be looked at.
 */
GHashTable *process_use_index(const char *proc, const char *dev, const GPtrArray *nodes,
                              GError **unseen, GError **error);
