/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <gio/gio.h>

/**
 * DaemonCredentials:
 * @uid: the user who made the connection
 * @gid: its group
 * @pid: its process; another one may have the number by now
 * @start_time: when that process began, in clock ticks since the machine did, from proc(5):
 * together with @pid it names one process; 0 if not known
 *
 * Who is at the other end of a socket, as the kernel says.
 */
typedef struct {
    uid_t uid;
    gid_t gid;
    pid_t pid;
    guint64 start_time;
} DaemonCredentials;

/**
 * daemon_credentials_read:
 * @credentials: (out): written on success only
 *
 * Returns: %FALSE with @error set if the kernel does not say.
 */
gboolean daemon_credentials_read(GSocket *socket, DaemonCredentials *credentials, GError **error);

/**
 * daemon_credentials_read_label:
 * @selinux: the file system that SELinux has in a kernel where it decides, %NAME_SELINUX
 *
 * Returns: (transfer full) (nullable): the peer's SELinux context; %NULL if the kernel's security
 * module is another one, or there is none.
 */
char *daemon_credentials_read_label(GSocket *socket, const char *selinux);

/**
 * daemon_credentials_describe:
 * @label: (nullable): from daemon_credentials_read_label()
 *
 * Returns: (transfer full): who that is, as zpci_inventory_new_for() takes it; floating.
 */
GVariant *daemon_credentials_describe(const DaemonCredentials *credentials, const char *label);

/**
 * daemon_credentials_read_start_time:
 *
 * Returns: when the process @pid began, in clock ticks; 0 if there is none.
 */
guint64 daemon_credentials_read_start_time(pid_t pid);
