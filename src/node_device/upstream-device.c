/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "upstream-device.h"

#include <glib/gi18n-lib.h>
#include <libvirt/virterror.h>
#include <stdlib.h>

#include "text-quote.h"
#include "zpci-error.h"

/* What a call takes and gives, besides the device. */
typedef struct {
    guint flags;
    const char *xml;
    gboolean yes;
    char *text;
    char **names;
} UpstreamDeviceCall;

/* Returns: 0, or -1 with libvirt's error set. */
typedef int (*UpstreamDeviceFunction)(virNodeDevicePtr device, UpstreamDeviceCall *call);

gboolean
upstream_device_is_missing(const GError *error)
{
    int code, domain;

    return zpci_error_get_foreign(error, &code, &domain) && code == VIR_ERR_NO_NODE_DEVICE;
}

static gboolean
upstream_device_run(ZpciUpstream *upstream, const char *name, UpstreamDeviceFunction function,
                    UpstreamDeviceCall *call, GError **error)
{
    virConnectPtr connection = zpci_upstream_acquire(upstream, error);
    virNodeDevicePtr device;
    gboolean done;

    if (connection == NULL)
        return FALSE;
    device = virNodeDeviceLookupByName(connection, name);
    done = device != NULL && function(device, call) == 0;
    if (!done)
        zpci_upstream_fail(upstream, connection, error);
    if (device != NULL)
        virNodeDeviceFree(device);
    virConnectClose(connection);
    return done;
}

GPtrArray *
upstream_device_list(ZpciUpstream *upstream, guint flags, GError **error)
{
    virConnectPtr connection = zpci_upstream_acquire(upstream, error);
    GPtrArray *names = NULL;
    virNodeDevicePtr *devices = NULL;
    int count;

    if (connection == NULL)
        return NULL;
    count = virConnectListAllNodeDevices(connection, &devices, flags);
    if (count < 0)
        zpci_upstream_fail(upstream, connection, error);
    else
        names = g_ptr_array_new_full((guint)count, g_free);
    for (int i = 0; i < count; i++) {
        g_ptr_array_add(names, g_strdup(virNodeDeviceGetName(devices[i])));
        virNodeDeviceFree(devices[i]);
    }
    free(devices);
    virConnectClose(connection);
    return names;
}

/* libvirt asks twice: how many there are, and which. More may have come meanwhile. */
#define SPARE_NAMES 64

GPtrArray *
upstream_device_list_having(ZpciUpstream *upstream, const char *capability, GError **error)
{
    virConnectPtr connection = zpci_upstream_acquire(upstream, error);
    GPtrArray *names = NULL;
    g_autofree char **listed = NULL;
    int count;

    if (connection == NULL)
        return NULL;
    count = virNodeNumOfDevices(connection, capability, 0);
    if (count >= 0) {
        int maximum = MIN(count + SPARE_NAMES, ZPCI_INVENTORY_MAX_DEVICES);

        listed = g_new0(char *, maximum);
        count = virNodeListDevices(connection, capability, listed, maximum, 0);
    }
    if (count < 0)
        zpci_upstream_fail(upstream, connection, error);
    else
        names = g_ptr_array_new_full((guint)count, g_free);
    for (int i = 0; i < count; i++) {
        g_ptr_array_add(names, g_strdup(listed[i]));
        free(listed[i]);
    }
    virConnectClose(connection);
    return names;
}

static int
do_lookup(G_GNUC_UNUSED virNodeDevicePtr device, G_GNUC_UNUSED UpstreamDeviceCall *call)
{
    return 0;
}

gboolean
upstream_device_lookup(ZpciUpstream *upstream, const char *name, GError **error)
{
    UpstreamDeviceCall call = { 0 };

    return upstream_device_run(upstream, name, do_lookup, &call, error);
}

/* A call that gives a device of a name that is not known before. */
typedef virNodeDevicePtr (*UpstreamDeviceMaking)(virConnectPtr connection, const char *first,
                                                 const char *second, guint flags);

static gboolean
upstream_device_make(ZpciUpstream *upstream, UpstreamDeviceMaking making, const char *first,
                     const char *second, guint flags, char **name, GError **error)
{
    virConnectPtr connection = zpci_upstream_acquire(upstream, error);
    virNodeDevicePtr device;

    if (connection == NULL)
        return FALSE;
    device = making(connection, first, second, flags);
    if (device != NULL) {
        *name = g_strdup(virNodeDeviceGetName(device));
        virNodeDeviceFree(device);
    } else {
        zpci_upstream_fail(upstream, connection, error);
    }
    virConnectClose(connection);
    return device != NULL;
}

gboolean
upstream_device_lookup_scsi_host(ZpciUpstream *upstream, const char *wwnn, const char *wwpn,
                                 guint flags, char **name, GError **error)
{
    return upstream_device_make(upstream, virNodeDeviceLookupSCSIHostByWWN, wwnn, wwpn, flags, name,
                                error);
}

static virNodeDevicePtr
do_create(virConnectPtr connection, const char *xml, G_GNUC_UNUSED const char *none, guint flags)
{
    return virNodeDeviceCreateXML(connection, xml, flags);
}

gboolean
upstream_device_create(ZpciUpstream *upstream, const char *xml, guint flags, char **name,
                       GError **error)
{
    return upstream_device_make(upstream, do_create, xml, NULL, flags, name, error);
}

static virNodeDevicePtr
do_define(virConnectPtr connection, const char *xml, G_GNUC_UNUSED const char *none, guint flags)
{
    return virNodeDeviceDefineXML(connection, xml, flags);
}

gboolean
upstream_device_define(ZpciUpstream *upstream, const char *xml, guint flags, char **name,
                       GError **error)
{
    return upstream_device_make(upstream, do_define, xml, NULL, flags, name, error);
}

static int
do_get_xml(virNodeDevicePtr device, UpstreamDeviceCall *call)
{
    char *xml = virNodeDeviceGetXMLDesc(device, call->flags);

    if (xml == NULL)
        return -1;
    call->text = g_strdup(xml);
    free(xml);
    return 0;
}

gboolean
upstream_device_get_xml(ZpciUpstream *upstream, const char *name, guint flags, char **xml,
                        GError **error)
{
    UpstreamDeviceCall call = { .flags = flags };

    if (!upstream_device_run(upstream, name, do_get_xml, &call, error))
        return FALSE;
    *xml = call.text;
    return TRUE;
}

/* Only an error tells a failure from the root, which has no parent. */
static int
do_get_parent(virNodeDevicePtr device, UpstreamDeviceCall *call)
{
    virResetLastError();
    call->text = g_strdup(virNodeDeviceGetParent(device));
    return call->text != NULL || virGetLastErrorCode() == VIR_ERR_OK ? 0 : -1;
}

gboolean
upstream_device_get_parent(ZpciUpstream *upstream, const char *name, char **parent, GError **error)
{
    UpstreamDeviceCall call = { 0 };

    if (!upstream_device_run(upstream, name, do_get_parent, &call, error))
        return FALSE;
    *parent = call.text;
    return TRUE;
}

static int
do_get_capabilities(virNodeDevicePtr device, UpstreamDeviceCall *call)
{
    int maximum = virNodeDeviceNumOfCaps(device);
    g_autofree char **listed = maximum < 0 ? NULL : g_new0(char *, maximum + 1);
    int count = listed == NULL ? -1 : virNodeDeviceListCaps(device, listed, maximum);

    if (count < 0)
        return -1;
    call->names = g_new0(char *, count + 1);
    for (int i = 0; i < count; i++) {
        call->names[i] = g_strdup(listed[i]);
        free(listed[i]);
    }
    return 0;
}

gboolean
upstream_device_get_capabilities(ZpciUpstream *upstream, const char *name, char ***capabilities,
                                 GError **error)
{
    UpstreamDeviceCall call = { 0 };

    if (!upstream_device_run(upstream, name, do_get_capabilities, &call, error))
        return FALSE;
    *capabilities = call.names;
    return TRUE;
}

static gboolean
upstream_device_ask(ZpciUpstream *upstream, const char *name, UpstreamDeviceFunction question,
                    gboolean *yes, GError **error)
{
    UpstreamDeviceCall call = { 0 };

    if (!upstream_device_run(upstream, name, question, &call, error))
        return FALSE;
    *yes = call.yes;
    return TRUE;
}

static int
do_is_active(virNodeDevicePtr device, UpstreamDeviceCall *call)
{
    int active = virNodeDeviceIsActive(device);

    call->yes = active > 0;
    return active < 0 ? -1 : 0;
}

gboolean
upstream_device_is_active(ZpciUpstream *upstream, const char *name, gboolean *active,
                          GError **error)
{
    return upstream_device_ask(upstream, name, do_is_active, active, error);
}

static int
do_is_persistent(virNodeDevicePtr device, UpstreamDeviceCall *call)
{
    int persistent = virNodeDeviceIsPersistent(device);

    call->yes = persistent > 0;
    return persistent < 0 ? -1 : 0;
}

gboolean
upstream_device_is_persistent(ZpciUpstream *upstream, const char *name, gboolean *persistent,
                              GError **error)
{
    return upstream_device_ask(upstream, name, do_is_persistent, persistent, error);
}

static int
do_get_autostart(virNodeDevicePtr device, UpstreamDeviceCall *call)
{
    int autostart = 0;
    int result = virNodeDeviceGetAutostart(device, &autostart);

    call->yes = autostart != 0;
    return result;
}

gboolean
upstream_device_get_autostart(ZpciUpstream *upstream, const char *name, gboolean *autostart,
                              GError **error)
{
    return upstream_device_ask(upstream, name, do_get_autostart, autostart, error);
}

static int
do_set_autostart(virNodeDevicePtr device, UpstreamDeviceCall *call)
{
    return virNodeDeviceSetAutostart(device, call->yes);
}

gboolean
upstream_device_set_autostart(ZpciUpstream *upstream, const char *name, gboolean autostart,
                              GError **error)
{
    UpstreamDeviceCall call = { .yes = autostart };

    return upstream_device_run(upstream, name, do_set_autostart, &call, error);
}

#if LIBVIR_CHECK_VERSION(10, 1, 0)
static int
do_update(virNodeDevicePtr device, UpstreamDeviceCall *call)
{
    return virNodeDeviceUpdate(device, call->xml, call->flags);
}

gboolean
upstream_device_update(ZpciUpstream *upstream, const char *name, const char *xml, guint flags,
                       GError **error)
{
    UpstreamDeviceCall call = { .flags = flags, .xml = xml };

    return upstream_device_run(upstream, name, do_update, &call, error);
}
#else
gboolean
upstream_device_update(ZpciUpstream *upstream, const char *name, G_GNUC_UNUSED const char *xml,
                       G_GNUC_UNUSED guint flags, GError **error)
{
    g_autofree char *quoted = text_quote(name);

    if (upstream_device_lookup(upstream, name, error))
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_UNSUPPORTED,
                    _("Updating %s needs a build with libvirt 10.1 or newer."), quoted);
    return FALSE;
}
#endif

static int
do_undefine(virNodeDevicePtr device, UpstreamDeviceCall *call)
{
    return virNodeDeviceUndefine(device, call->flags);
}

gboolean
upstream_device_undefine(ZpciUpstream *upstream, const char *name, guint flags, GError **error)
{
    UpstreamDeviceCall call = { .flags = flags };

    return upstream_device_run(upstream, name, do_undefine, &call, error);
}

static int
do_start(virNodeDevicePtr device, UpstreamDeviceCall *call)
{
    return virNodeDeviceCreate(device, call->flags);
}

gboolean
upstream_device_start(ZpciUpstream *upstream, const char *name, guint flags, GError **error)
{
    UpstreamDeviceCall call = { .flags = flags };

    return upstream_device_run(upstream, name, do_start, &call, error);
}

static int
do_destroy(virNodeDevicePtr device, G_GNUC_UNUSED UpstreamDeviceCall *call)
{
    return virNodeDeviceDestroy(device);
}

gboolean
upstream_device_destroy(ZpciUpstream *upstream, const char *name, GError **error)
{
    UpstreamDeviceCall call = { 0 };

    return upstream_device_run(upstream, name, do_destroy, &call, error);
}
