/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "upstream-device.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>

#include "libvirt-library.h"
#include "text-quote.h"
#include "zpci-error.h"

/* What a call takes, and what it gives. */
typedef struct _UpstreamDeviceCall UpstreamDeviceCall;

/* Returns: 0, or -1 with libvirt's error set. */
typedef int (*UpstreamDeviceFunction)(virNodeDevicePtr device, UpstreamDeviceCall *call);

/* A call that gives a device of a name that is not known before. */
typedef virNodeDevicePtr (*UpstreamDeviceMaking)(virConnectPtr connection, const char *first,
                                                 const char *second, guint flags);

struct _UpstreamDeviceCall {
    char *name;
    guint flags;
    NodeDeviceState state; /* which is asked for */
    char *words[2];        /* a document, World Wide Names, or a capability */
    UpstreamDeviceFunction function;
    UpstreamDeviceMaking making;

    virNodeDevicePtr device; /* freed at the end, because that forgets libvirt's error */
    gboolean yes;
    char *text;
    char **names;
    GPtrArray *devices;
};

static void
upstream_device_call_clear(gpointer data)
{
    UpstreamDeviceCall *call = data;

    if (call->device != NULL)
        libvirt_library.virNodeDeviceFree(call->device);
    g_free(call->name);
    for (guint i = 0; i < G_N_ELEMENTS(call->words); i++)
        g_free(call->words[i]);
    g_free(call->text);
    g_strfreev(call->names);
    g_clear_pointer(&call->devices, g_ptr_array_unref);
}

static void
upstream_device_call_free(UpstreamDeviceCall *call)
{
    g_atomic_rc_box_release_full(call, upstream_device_call_clear);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(UpstreamDeviceCall, upstream_device_call_free)

static UpstreamDeviceCall *
upstream_device_call_new(const char *name, guint flags)
{
    UpstreamDeviceCall *call = g_atomic_rc_box_new0(UpstreamDeviceCall);

    call->name = g_strdup(name);
    call->flags = flags;
    return call;
}

gboolean
upstream_device_is_missing(const GError *error)
{
    int code, domain;

    return zpci_error_get_foreign(error, &code, &domain) && code == VIR_ERR_NO_NODE_DEVICE;
}

static gboolean
work_on_device(virConnectPtr connection, gpointer data)
{
    UpstreamDeviceCall *call = data;

    call->device = libvirt_library.virNodeDeviceLookupByName(connection, call->name);
    return call->device != NULL && call->function(call->device, call) == 0;
}

static gboolean
upstream_device_run(UpstreamCaller *caller, UpstreamDeviceCall *call,
                    UpstreamDeviceFunction function, GError **error)
{
    call->function = function;
    return upstream_caller_run(caller, work_on_device, call, upstream_device_call_clear, error);
}

static gboolean
work_list(virConnectPtr connection, gpointer data)
{
    UpstreamDeviceCall *call = data;
    virNodeDevicePtr *devices = NULL;
    int count = libvirt_library.virConnectListAllNodeDevices(connection, &devices, call->flags);

    if (count < 0)
        return FALSE;
    call->devices = g_ptr_array_new_full((guint)count, g_free);
    for (int i = 0; i < count; i++) {
        g_ptr_array_add(call->devices, g_strdup(libvirt_library.virNodeDeviceGetName(devices[i])));
        libvirt_library.virNodeDeviceFree(devices[i]);
    }
    free(devices);
    return TRUE;
}

GPtrArray *
upstream_device_list(UpstreamCaller *caller, guint flags, GError **error)
{
    g_autoptr(UpstreamDeviceCall) call = upstream_device_call_new(NULL, flags);

    return upstream_caller_run(caller, work_list, call, upstream_device_call_clear, error)
               ? g_steal_pointer(&call->devices)
               : NULL;
}

/* libvirt asks twice: how many there are, and which. More may have come meanwhile. */
#define SPARE_NAMES 64

static gboolean
work_list_having(virConnectPtr connection, gpointer data)
{
    UpstreamDeviceCall *call = data;
    int count = libvirt_library.virNodeNumOfDevices(connection, call->words[0], 0);
    int maximum = MIN(count + SPARE_NAMES, NODE_DEVICE_SOURCE_MAX_DEVICES);
    g_autofree char **listed = count < 0 ? NULL : g_new0(char *, maximum);

    if (listed != NULL)
        count = libvirt_library.virNodeListDevices(connection, call->words[0], listed, maximum, 0);
    if (count < 0)
        return FALSE;
    call->devices = g_ptr_array_new_full((guint)count, g_free);
    for (int i = 0; i < count; i++) {
        g_ptr_array_add(call->devices, g_strdup(listed[i]));
        free(listed[i]);
    }
    return TRUE;
}

GPtrArray *
upstream_device_list_having(UpstreamCaller *caller, const char *capability, GError **error)
{
    g_autoptr(UpstreamDeviceCall) call = upstream_device_call_new(NULL, 0);

    call->words[0] = g_strdup(capability);
    return upstream_caller_run(caller, work_list_having, call, upstream_device_call_clear, error)
               ? g_steal_pointer(&call->devices)
               : NULL;
}

static int
do_lookup(G_GNUC_UNUSED virNodeDevicePtr device, G_GNUC_UNUSED UpstreamDeviceCall *call)
{
    return 0;
}

gboolean
upstream_device_lookup(UpstreamCaller *caller, const char *name, GError **error)
{
    g_autoptr(UpstreamDeviceCall) call = upstream_device_call_new(name, 0);

    return upstream_device_run(caller, call, do_lookup, error);
}

static gboolean
work_make(virConnectPtr connection, gpointer data)
{
    UpstreamDeviceCall *call = data;
    virNodeDevicePtr device = call->making(connection, call->words[0], call->words[1], call->flags);

    if (device == NULL)
        return FALSE;
    call->text = g_strdup(libvirt_library.virNodeDeviceGetName(device));
    libvirt_library.virNodeDeviceFree(device);
    return TRUE;
}

static gboolean
upstream_device_make(UpstreamCaller *caller, UpstreamDeviceMaking making, const char *first,
                     const char *second, guint flags, char **name, GError **error)
{
    g_autoptr(UpstreamDeviceCall) call = upstream_device_call_new(NULL, flags);

    call->making = making;
    call->words[0] = g_strdup(first);
    call->words[1] = g_strdup(second);
    if (!upstream_caller_run(caller, work_make, call, upstream_device_call_clear, error))
        return FALSE;
    *name = g_steal_pointer(&call->text);
    return TRUE;
}

gboolean
upstream_device_lookup_scsi_host(UpstreamCaller *caller, const char *wwnn, const char *wwpn,
                                 guint flags, char **name, GError **error)
{
    return upstream_device_make(caller, libvirt_library.virNodeDeviceLookupSCSIHostByWWN, wwnn,
                                wwpn, flags, name, error);
}

static virNodeDevicePtr
do_create(virConnectPtr connection, const char *xml, G_GNUC_UNUSED const char *none, guint flags)
{
    return libvirt_library.virNodeDeviceCreateXML(connection, xml, flags);
}

gboolean
upstream_device_create(UpstreamCaller *caller, const char *xml, guint flags, char **name,
                       GError **error)
{
    return upstream_device_make(caller, do_create, xml, NULL, flags, name, error);
}

static virNodeDevicePtr
do_define(virConnectPtr connection, const char *xml, G_GNUC_UNUSED const char *none, guint flags)
{
    return libvirt_library.virNodeDeviceDefineXML(connection, xml, flags);
}

gboolean
upstream_device_define(UpstreamCaller *caller, const char *xml, guint flags, char **name,
                       GError **error)
{
    return upstream_device_make(caller, do_define, xml, NULL, flags, name, error);
}

static int
do_get_xml(virNodeDevicePtr device, UpstreamDeviceCall *call)
{
    char *xml = libvirt_library.virNodeDeviceGetXMLDesc(device, call->flags);

    if (xml == NULL)
        return -1;
    call->text = g_strdup(xml);
    free(xml);
    return 0;
}

gboolean
upstream_device_get_xml(UpstreamCaller *caller, const char *name, guint flags, char **xml,
                        GError **error)
{
    g_autoptr(UpstreamDeviceCall) call = upstream_device_call_new(name, flags);

    if (!upstream_device_run(caller, call, do_get_xml, error))
        return FALSE;
    *xml = g_steal_pointer(&call->text);
    return TRUE;
}

/* Only an error tells a failure from the root, which has no parent. */
static int
do_get_parent(virNodeDevicePtr device, UpstreamDeviceCall *call)
{
    libvirt_library.virResetLastError();
    call->text = g_strdup(libvirt_library.virNodeDeviceGetParent(device));
    return call->text != NULL || libvirt_library.virGetLastErrorCode() == VIR_ERR_OK ? 0 : -1;
}

gboolean
upstream_device_get_parent(UpstreamCaller *caller, const char *name, char **parent, GError **error)
{
    g_autoptr(UpstreamDeviceCall) call = upstream_device_call_new(name, 0);

    if (!upstream_device_run(caller, call, do_get_parent, error))
        return FALSE;
    *parent = g_steal_pointer(&call->text);
    return TRUE;
}

static int
do_get_capabilities(virNodeDevicePtr device, UpstreamDeviceCall *call)
{
    int maximum = libvirt_library.virNodeDeviceNumOfCaps(device);
    g_autofree char **listed = maximum < 0 ? NULL : g_new0(char *, maximum + 1);
    int count =
        listed == NULL ? -1 : libvirt_library.virNodeDeviceListCaps(device, listed, maximum);

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
upstream_device_get_capabilities(UpstreamCaller *caller, const char *name, char ***capabilities,
                                 GError **error)
{
    g_autoptr(UpstreamDeviceCall) call = upstream_device_call_new(name, 0);

    if (!upstream_device_run(caller, call, do_get_capabilities, error))
        return FALSE;
    *capabilities = g_steal_pointer(&call->names);
    return TRUE;
}

static int
do_get_state(virNodeDevicePtr device, UpstreamDeviceCall *call)
{
    int yes = 0;

    switch (call->state) {
    case NODE_DEVICE_STATE_ACTIVE:
        yes = libvirt_library.virNodeDeviceIsActive(device);
        break;
    case NODE_DEVICE_STATE_PERSISTENT:
        yes = libvirt_library.virNodeDeviceIsPersistent(device);
        break;
    case NODE_DEVICE_STATE_AUTOSTARTED:
        if (libvirt_library.virNodeDeviceGetAutostart(device, &yes) < 0)
            return -1;
        break;
    }
    call->yes = yes > 0;
    return yes < 0 ? -1 : 0;
}

gboolean
upstream_device_get_state(UpstreamCaller *caller, const char *name, NodeDeviceState state,
                          gboolean *yes, GError **error)
{
    g_autoptr(UpstreamDeviceCall) call = upstream_device_call_new(name, 0);

    call->state = state;
    if (!upstream_device_run(caller, call, do_get_state, error))
        return FALSE;
    *yes = call->yes;
    return TRUE;
}

static int
do_set_autostart(virNodeDevicePtr device, UpstreamDeviceCall *call)
{
    return libvirt_library.virNodeDeviceSetAutostart(device, call->yes);
}

gboolean
upstream_device_set_autostart(UpstreamCaller *caller, const char *name, gboolean autostart,
                              GError **error)
{
    g_autoptr(UpstreamDeviceCall) call = upstream_device_call_new(name, 0);

    call->yes = autostart;
    return upstream_device_run(caller, call, do_set_autostart, error);
}

#if LIBVIR_CHECK_VERSION(10, 1, 0)
static int
do_update(virNodeDevicePtr device, UpstreamDeviceCall *call)
{
    return libvirt_library.virNodeDeviceUpdate(device, call->words[0], call->flags);
}

gboolean
upstream_device_update(UpstreamCaller *caller, const char *name, const char *xml, guint flags,
                       GError **error)
{
    g_autoptr(UpstreamDeviceCall) call = upstream_device_call_new(name, flags);

    call->words[0] = g_strdup(xml);
    return upstream_device_run(caller, call, do_update, error);
}
#else
gboolean
upstream_device_update(UpstreamCaller *caller, const char *name, G_GNUC_UNUSED const char *xml,
                       G_GNUC_UNUSED guint flags, GError **error)
{
    g_autofree char *quoted = text_quote(name);

    if (upstream_device_lookup(caller, name, error))
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_UNSUPPORTED,
                    _("Updating %s needs a build with libvirt 10.1 or newer."), quoted);
    return FALSE;
}
#endif

static int
do_undefine(virNodeDevicePtr device, UpstreamDeviceCall *call)
{
    return libvirt_library.virNodeDeviceUndefine(device, call->flags);
}

gboolean
upstream_device_undefine(UpstreamCaller *caller, const char *name, guint flags, GError **error)
{
    g_autoptr(UpstreamDeviceCall) call = upstream_device_call_new(name, flags);

    return upstream_device_run(caller, call, do_undefine, error);
}

static int
do_start(virNodeDevicePtr device, UpstreamDeviceCall *call)
{
    return libvirt_library.virNodeDeviceCreate(device, call->flags);
}

gboolean
upstream_device_start(UpstreamCaller *caller, const char *name, guint flags, GError **error)
{
    g_autoptr(UpstreamDeviceCall) call = upstream_device_call_new(name, flags);

    return upstream_device_run(caller, call, do_start, error);
}

static int
do_destroy(virNodeDevicePtr device, G_GNUC_UNUSED UpstreamDeviceCall *call)
{
    return libvirt_library.virNodeDeviceDestroy(device);
}

gboolean
upstream_device_destroy(UpstreamCaller *caller, const char *name, GError **error)
{
    g_autoptr(UpstreamDeviceCall) call = upstream_device_call_new(name, 0);

    return upstream_device_run(caller, call, do_destroy, error);
}
