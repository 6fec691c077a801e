/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "chain-source.h"

#include <glib/gi18n-lib.h>

#include "function-lock.h"
#include "names.h"
#include "vfio-device.h"
#include "zpci-chain-private.h"
#include "zpci-error.h"
#include "zpci-host-private.h"

/* Why the rules forbid to open @device now; NULL if they do not. */
static char *
chain_source_forbid(const HostAccess *access, const VfioDevice *device, gboolean may_open)
{
    if (access->vfio_read != ZPCI_VFIO_READ_LAZY)
        return g_strdup(
            _("The capability chain is read only when asked for; see \"virt-zpci probe\"."));
    if (!may_open)
        return g_strdup(_("The capability chain has not been read since the function was bound."));
    if (device->bound_seconds < (gint64)access->settle_seconds)
        return g_strdup_printf(
            _("The capability chain is not read in the first %u seconds after the "
              "function was bound, when a guest may be about to take it."),
            access->settle_seconds);
    return NULL;
}

static char *
chain_source_describe(const GError *problem)
{
    if (g_error_matches(problem, ZPCI_ERROR, ZPCI_ERROR_IN_USE))
        return g_strdup_printf(
            _("The function is in use, so its capability chain cannot be read: %s"),
            problem->message);
    return g_strdup_printf(_("The capability chain cannot be read: %s"), problem->message);
}

typedef struct {
    const ZpciHost *host;
    const VfioDevice *device;
} ChainSource;

/* Nobody shall change the function meanwhile, or find us using it. Who cannot have the lock, as a
 * user without a directory, can change nothing, but may read. */
static GByteArray *
chain_source_ask(gconstpointer data, GError **error)
{
    const ChainSource *source = data;
    const HostAccess *access = zpci_host_get_access(source->host);
    G_GNUC_UNUSED g_autoptr(FunctionLock) lock = NULL;
    g_autoptr(GError) problem = NULL;
    PciAddress address;

    if (pci_address_parse(source->device->address, &address, NULL))
        lock = function_lock_take(source->host, &address, &problem);
    if (g_error_matches(problem, ZPCI_ERROR, ZPCI_ERROR_IN_USE)) {
        g_propagate_error(error, g_steal_pointer(&problem));
        return NULL;
    }
    return vfio_device_read(source->device, access->dev, access->calls, error);
}

static GByteArray *
chain_source_open(const ZpciHost *host, const VfioDevice *device, gboolean anew, GError **error)
{
    const ChainSource source = { .host = host, .device = device };
    const ChainRequest request = {
        .node = vfio_device_get_node(device),
        .address = device->address,
        .binding = device->binding,
        .anew = anew,
        .read = chain_source_ask,
        .source = &source,
    };

    return chain_cache_read(zpci_host_get_access(host)->chains, &request, error);
}

static GByteArray *
chain_source_read_live(const ZpciHost *host, int directory, const char *address, gboolean may_open,
                       char **reason)
{
    const HostAccess *access = zpci_host_get_access(host);
    g_autoptr(VfioDevice) device =
        vfio_device_find(zpci_host_get_sysfs(host), directory, address, access->dev);
    g_autoptr(GError) problem = NULL;
    GByteArray *reply;

    if (device == NULL) {
        *reason = g_strdup(_("The function is not bound to a VFIO driver, so it has no capability "
                             "chain."));
        return NULL;
    }
    reply = chain_cache_get(access->chains, address, device->binding);
    if (reply != NULL)
        return reply;
    *reason = chain_source_forbid(access, device, may_open);
    if (*reason != NULL)
        return NULL;
    reply = chain_source_open(host, device, FALSE, &problem);
    if (reply == NULL)
        *reason = chain_source_describe(problem);
    return reply;
}

static GByteArray *
chain_source_read_capture(const Capture *capture, const char *address, ZpciFacts *facts)
{
    g_autoptr(GError) problem = NULL;
    GByteArray *reply = NULL;

    if (!capture_read_reply(capture, NAME_CHAIN, address, &reply, &problem))
        zpci_facts_warn(facts, g_strdup(problem->message));
    return reply;
}

static gboolean
chain_source_decode(const GByteArray *reply, int byte_order, const char *address, ZpciFacts *facts)
{
    g_autoptr(GError) problem = NULL;
    g_autoptr(ZpciChain) chain = zpci_chain_decode(reply->data, reply->len, byte_order, &problem);

    if (chain != NULL) {
        zpci_chain_collect(chain, facts);
        return TRUE;
    }
    zpci_facts_warn(facts,
                    g_strdup_printf(_("The capability chain of %s is damaged and is not used: %s"),
                                    address, problem->message));
    return FALSE;
}

gboolean
chain_source_collect(const ZpciHost *host, int directory, const char *address, gboolean may_open,
                     ZpciFacts *facts, char **reason)
{
    const Capture *capture = zpci_host_get_capture(host);
    g_autoptr(GByteArray) reply = NULL;

    if (capture != NULL)
        reply = chain_source_read_capture(capture, address, facts);
    else
        reply = chain_source_read_live(host, directory, address, may_open, reason);
    return reply != NULL &&
           chain_source_decode(reply, capture != NULL ? capture->byte_order : G_BYTE_ORDER, address,
                               facts);
}

static GByteArray *
chain_source_probe_capture(const Capture *capture, const char *address, GError **error)
{
    GByteArray *reply;

    if (!capture_read_reply(capture, NAME_CHAIN, address, &reply, error))
        return NULL;
    if (reply == NULL)
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_NOT_FOUND,
                    _("This capture has no capability chain of %s."), address);
    return reply;
}

GByteArray *
chain_source_probe(const ZpciHost *host, int directory, const char *address, gboolean again,
                   GError **error)
{
    const HostAccess *access = zpci_host_get_access(host);
    g_autoptr(VfioDevice) device = NULL;
    GByteArray *reply = NULL;

    if (access == NULL)
        return chain_source_probe_capture(zpci_host_get_capture(host), address, error);
    device = vfio_device_find(zpci_host_get_sysfs(host), directory, address, access->dev);
    if (device != NULL && !again)
        reply = chain_cache_get(access->chains, address, device->binding);
    if (reply != NULL)
        return reply;
    if (access->vfio_read == ZPCI_VFIO_READ_NEVER) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_NO_PERMISSION,
                    _("%s is not opened, because VFIO may never be read on this host."), address);
        return NULL;
    }
    if (device == NULL) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_UNSUPPORTED,
                    _("%s is not bound to a VFIO driver, so it has no capability chain; bind it to "
                      "vfio-pci first."),
                    address);
        return NULL;
    }
    reply = chain_source_open(host, device, again, error);
    if (reply == NULL && error != NULL && g_error_matches(*error, ZPCI_ERROR, ZPCI_ERROR_IN_USE))
        g_prefix_error(error, _("%s is in use, by a guest or another program: "), address);
    return reply;
}

GByteArray *
chain_source_read(const ZpciHost *host, int directory, const char *address, gboolean may_open,
                  char **reason)
{
    const HostAccess *access = zpci_host_get_access(host);
    g_autoptr(VfioDevice) device = NULL;
    g_autoptr(GError) problem = NULL;
    GByteArray *reply = NULL;

    if (access == NULL)
        return chain_source_probe_capture(zpci_host_get_capture(host), address, NULL);
    device = vfio_device_find(zpci_host_get_sysfs(host), directory, address, access->dev);
    if (device == NULL)
        return NULL;
    reply = may_open ? chain_source_open(host, device, FALSE, &problem)
                     : chain_cache_get(access->chains, address, device->binding);
    if (reply == NULL)
        *reason = problem != NULL ? chain_source_describe(problem)
                                  : g_strdup(_("The capability chain has not been read since the "
                                               "function was bound."));
    return reply;
}
