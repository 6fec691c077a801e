/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-service.h"

struct _DaemonService {
    const DaemonConfig *config;
    DaemonWorkers *workers[DAEMON_SERVICE_WORKS]; /* NULL for a private service */
    ZpciPlaces *lists; /* who lists needs one of them; NULL for a private service */
    RpcPoll *poll;
    RpcTimerQueue *timers;
    char *root;          /* of the capture that is served in place of this machine, or NULL */
    char *behind;        /* the socket of libvirtd, if we stand in front of it, or NULL */
    DaemonHost *machine; /* NULL until a client opens it */
};

/* To list is work for a processor: more lists at a time would be done no sooner, and everybody else
 * would wait for the processors. A list that waits for polkit or for the daemon behind us takes a
 * thread only. */
static ZpciPlaces *
daemon_service_limit_lists(void)
{
    return zpci_places_new(MAX(g_get_num_processors(), 2));
}

static void
daemon_service_hire(DaemonService *service, guint number)
{
    service->lists = daemon_service_limit_lists();
    for (guint i = 0; i < DAEMON_SERVICE_WORKS; i++)
        service->workers[i] =
            daemon_workers_new(number, i == DAEMON_SERVICE_LIST ? service->lists : NULL);
}

DaemonService *
daemon_service_new(const DaemonConfig *config, gboolean is_private)
{
    DaemonService *service = g_new0(DaemonService, 1);

    service->config = config;
    service->poll = rpc_poll_new(NULL);
    service->timers = rpc_timer_queue_new(NULL);
    if (!is_private)
        daemon_service_hire(service, config->max_workers);
    return service;
}

void
daemon_service_free(DaemonService *service)
{
    if (service == NULL)
        return;
    daemon_host_unref(service->machine);
    for (guint i = 0; i < DAEMON_SERVICE_WORKS; i++)
        daemon_workers_free(service->workers[i]);
    g_clear_pointer(&service->lists, zpci_places_free);
    rpc_poll_free(service->poll);
    rpc_timer_queue_free(service->timers);
    g_free(service->root);
    g_free(service->behind);
    g_free(service);
}

void
daemon_service_set_root(DaemonService *service, const char *root)
{
    g_free(service->root);
    service->root = g_strdup(root);
}

void
daemon_service_set_behind(DaemonService *service, const char *path)
{
    g_free(service->behind);
    service->behind = g_strdup(path);
}

const char *
daemon_service_get_behind(const DaemonService *service)
{
    return service->behind;
}

void
daemon_service_reload(DaemonService *service)
{
    g_clear_pointer(&service->machine, daemon_host_unref);
}

const DaemonConfig *
daemon_service_get_config(const DaemonService *service)
{
    return service->config;
}

RpcPoll *
daemon_service_get_poll(const DaemonService *service)
{
    return service->poll;
}

RpcTimerQueue *
daemon_service_get_timers(const DaemonService *service)
{
    return service->timers;
}

gboolean
daemon_service_has_workers(const DaemonService *service)
{
    return service->workers[0] != NULL;
}

DaemonWorkers *
daemon_service_get_workers(const DaemonService *service, DaemonServiceWork work)
{
    return service->workers[work];
}

gboolean
daemon_service_wait(DaemonService *service, guint timeout_ms)
{
    gint64 end = g_get_monotonic_time() / 1000 + timeout_ms;

    for (guint i = 0; daemon_service_has_workers(service) && i < DAEMON_SERVICE_WORKS; i++) {
        gint64 left = end - g_get_monotonic_time() / 1000;

        if (!daemon_workers_wait(service->workers[i], (guint)MAX(left, 0)))
            return FALSE;
    }
    return TRUE;
}

/* Begins to connect to the daemon behind us, if there is to be one. */
static gboolean
daemon_service_join(DaemonService *service, DaemonHost *host, const char *upstream,
                    gboolean read_only, GError **error)
{
    if (upstream == NULL)
        return TRUE;
    /* The client's library finds out that a daemon hangs only while the main loop runs. */
    if (!daemon_service_has_workers(service))
        daemon_service_hire(service, 1);
    return zpci_inventory_set_upstream(daemon_host_get_inventory(host), upstream, read_only, error);
}

static DaemonHost *
daemon_service_read_host(const DaemonService *service, const char *root, GError **error)
{
    ZpciHost *host = zpci_host_open(root, error);

    if (host == NULL)
        return NULL;
    zpci_host_set_vfio_read(host, (ZpciVfioRead)service->config->vfio_read,
                            service->config->vfio_settle_seconds);
    zpci_host_set_standby(host, service->config->standby != 0);
    return daemon_host_new(host);
}

static gboolean
daemon_service_open_machine(DaemonService *service, const DaemonUri *uri, gboolean read_only,
                            GError **error)
{
    g_autoptr(DaemonHost) host = daemon_service_read_host(service, service->root, error);
    /* That of the configuration is this machine's. */
    const char *configured = service->root == NULL ? service->config->upstream : NULL;
    const char *upstream = uri->upstream != NULL ? uri->upstream : configured;
    /* One client alone needs no more of the daemon behind us than it may ask for itself. */
    gboolean is_private = !daemon_service_has_workers(service);

    if (host == NULL ||
        !daemon_service_join(service, host, upstream, is_private && read_only, error))
        return FALSE;
    service->machine = g_steal_pointer(&host);
    return TRUE;
}

DaemonHost *
daemon_service_open_host(DaemonService *service, const DaemonUri *uri, gboolean read_only,
                         GError **error)
{
    if (uri->root != NULL)
        return daemon_service_read_host(service, uri->root, error);
    if (service->machine == NULL && !daemon_service_open_machine(service, uri, read_only, error))
        return NULL;
    return daemon_host_ref(service->machine);
}
