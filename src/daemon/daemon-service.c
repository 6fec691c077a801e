/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-service.h"

struct _DaemonService {
    const DaemonConfig *config;
    DaemonWorkers *workers; /* NULL for a private service */
    DaemonWorkers *guards;  /* likewise */
    char *root;             /* of the capture that is served in place of this machine, or NULL */
    DaemonHost *machine;    /* NULL until a client opens it */
};

DaemonService *
daemon_service_new(const DaemonConfig *config, gboolean is_private)
{
    DaemonService *service = g_new0(DaemonService, 1);

    service->config = config;
    if (!is_private) {
        service->workers = daemon_workers_new(config->max_workers);
        service->guards = daemon_workers_new(config->max_workers);
    }
    return service;
}

void
daemon_service_free(DaemonService *service)
{
    if (service == NULL)
        return;
    daemon_host_unref(service->machine);
    daemon_workers_free(service->workers);
    daemon_workers_free(service->guards);
    g_free(service->root);
    g_free(service);
}

void
daemon_service_set_root(DaemonService *service, const char *root)
{
    g_free(service->root);
    service->root = g_strdup(root);
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

DaemonWorkers *
daemon_service_get_workers(const DaemonService *service)
{
    return service->workers;
}

DaemonWorkers *
daemon_service_get_guards(const DaemonService *service)
{
    return service->guards;
}

gboolean
daemon_service_wait(DaemonService *service, guint timeout_ms)
{
    return service->workers == NULL || (daemon_workers_wait(service->workers, timeout_ms) &&
                                        daemon_workers_wait(service->guards, timeout_ms));
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

DaemonHost *
daemon_service_open_host(DaemonService *service, const char *root, GError **error)
{
    if (root != NULL)
        return daemon_service_read_host(service, root, error);
    if (service->machine == NULL)
        service->machine = daemon_service_read_host(service, service->root, error);
    return service->machine != NULL ? daemon_host_ref(service->machine) : NULL;
}
