/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "daemon-session.h"

/**
 * DaemonPermission:
 *
 * What a call wants to do, as libvirt's actions for polkit name it; a call may want several. Those
 * of DEVICE are for one node device, the others for the connection.
 */
typedef enum {
    DAEMON_PERMISSION_NONE = 0,
    DAEMON_PERMISSION_GETATTR = 1 << 0,
    DAEMON_PERMISSION_READ = 1 << 1,
    DAEMON_PERMISSION_WRITE = 1 << 2,
    DAEMON_PERMISSION_SEARCH = 1 << 3,
    DAEMON_PERMISSION_DEVICE_GETATTR = 1 << 4,
    DAEMON_PERMISSION_DEVICE_READ = 1 << 5,
    DAEMON_PERMISSION_DEVICE_WRITE = 1 << 6,
    DAEMON_PERMISSION_DEVICE_START = 1 << 7,
    DAEMON_PERMISSION_DEVICE_STOP = 1 << 8,
    DAEMON_PERMISSION_DEVICE_DETACH = 1 << 9,
    DAEMON_PERMISSION_DEVICE_DELETE = 1 << 10,
} DaemonPermission;

/* Those that are for one node device. */
#define DAEMON_PERMISSION_OF_DEVICE (~(DAEMON_PERMISSION_DEVICE_GETATTR - 1))

/**
 * DaemonSubject:
 * @process: who calls
 * @driver: what libvirt calls the driver over which it does; static
 *
 * Whom polkit is asked about.
 */
typedef struct {
    DaemonCredentials process;
    const char *driver;
} DaemonSubject;

/**
 * daemon_access_is_controlled:
 *
 * Returns: whether polkit decides about each call of this client. It never does for who has started
 *   us.
 */
gboolean daemon_access_is_controlled(const DaemonSession *session);

/**
 * daemon_access_allows:
 * @permissions: all of which are wanted
 * @device: (nullable): the name of the device, for those that are for one
 *
 * Asks polkit, and waits for its answers. If it cannot be asked, nothing is allowed.
 *
 * Returns: whether the client, or on whose behalf it calls, has them; %TRUE if access is not
 *   controlled.
 */
gboolean daemon_access_allows(const DaemonSession *session, DaemonPermission permissions,
                              const char *device);

/**
 * daemon_access_get_subject:
 * @subject: (out): who is asked about: the one whom root names, else who made the connection;
 *   written on success only
 *
 * Returns: %FALSE if root names somebody and does not say which process that is. Nothing is allowed
 *   then: polkit would have to be asked about root in its place.
 */
gboolean daemon_access_get_subject(const DaemonSession *session, DaemonSubject *subject);

/**
 * daemon_access_allows_subject:
 * @gone: (nullable): cancelled when nobody waits for the answer any more; nothing is asked then
 *
 * Returns: as daemon_access_allows(), for that subject.
 */
gboolean daemon_access_allows_subject(const DaemonSubject *subject, DaemonPermission permissions,
                                      const char *device, GCancellable *gone);

/**
 * daemon_access_filter:
 * @devices: names; those that the client may not know of are freed and taken out
 */
void daemon_access_filter(const DaemonSession *session, char **devices);
