/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "daemon-config.h"
#include "daemon-host.h"
#include "daemon-uri.h"
#include "daemon-workers.h"
#include "rpc-poll.h"
#include "rpc-timer.h"

/**
 * DaemonService:
 *
 * What all clients of one daemon share: its configuration, its workers, what waits for them, and
 * this machine.
 */
typedef struct _DaemonService DaemonService;

/**
 * DaemonServiceWork:
 * @DAEMON_SERVICE_SHORT: one device is looked up in sysfs
 * @DAEMON_SERVICE_LIST: all are
 * @DAEMON_SERVICE_LONG: a device itself is asked, or changed
 * @DAEMON_SERVICE_ANONYMOUS: for clients who have not shown who they are, which can take as long as
 *   it takes a person to find a password
 *
 * What workers are there for. Those of one kind never wait for those of another.
 */
typedef enum {
    DAEMON_SERVICE_SHORT,
    DAEMON_SERVICE_LIST,
    DAEMON_SERVICE_LONG,
    DAEMON_SERVICE_ANONYMOUS,
    DAEMON_SERVICE_WORKS,
} DaemonServiceWork;

/**
 * daemon_service_new:
 * @config: borrowed; must outlive the service
 * @is_private: there will be one client only, which delays nobody but itself
 *
 * Returns: (transfer full): the service; never fails.
 */
DaemonService *daemon_service_new(const DaemonConfig *config, gboolean is_private);

/**
 * daemon_service_free:
 * @service: (transfer full) (nullable): %NULL does nothing; no client may use it any more
 */
void daemon_service_free(DaemonService *service);

/**
 * daemon_service_set_root:
 * @root: (nullable): the directory of a capture that is served in place of this machine
 */
void daemon_service_set_root(DaemonService *service, const char *root);

/** daemon_service_set_behind: @path: libvirtd's socket, if we stand in front of it. */
void daemon_service_set_behind(DaemonService *service, const char *path);

/** daemon_service_get_behind: (nullable): belongs to @service. */
const char *daemon_service_get_behind(const DaemonService *service);

/** daemon_service_reload: the configuration has changed; it holds for who opens a host from now. */
void daemon_service_reload(DaemonService *service);

/** daemon_service_get_config: belongs to @service. */
const DaemonConfig *daemon_service_get_config(const DaemonService *service);

/** daemon_service_get_poll: waits for all clients, in the default main context. */
RpcPoll *daemon_service_get_poll(const DaemonService *service);

/** daemon_service_get_timers: of all clients, in the default main context. */
RpcTimerQueue *daemon_service_get_timers(const DaemonService *service);

/** daemon_service_has_workers: none are needed if the one client delays nobody but itself. */
gboolean daemon_service_has_workers(const DaemonService *service);

/** daemon_service_get_workers: (nullable): belongs to @service; %NULL if there are none. */
DaemonWorkers *daemon_service_get_workers(const DaemonService *service, DaemonServiceWork work);

/**
 * daemon_service_wait:
 * @timeout_ms: for how long at most
 *
 * Runs the default main context until no worker has anything to do.
 *
 * Returns: whether none has.
 */
gboolean daemon_service_wait(DaemonService *service, guint timeout_ms);

/**
 * daemon_service_open_host:
 * @uri: what the client opens: a capture, or this machine, which all clients share
 * @read_only: whether the client only reads
 *
 * Returns: (transfer full): the host, read as the configuration says; %NULL with @error set.
 */
DaemonHost *daemon_service_open_host(DaemonService *service, const DaemonUri *uri,
                                     gboolean read_only, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(DaemonService, daemon_service_free)
