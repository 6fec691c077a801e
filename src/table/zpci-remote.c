/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-remote.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>

#include "libvirt-library.h"
#include "text-quote.h"
#include "zpci-error.h"
#include "zpci-guests.h"
#include "zpci-row-document.h"

/* How names of interfaces, functions and those in standby begin. */
#define PREFIX_NET "net_"
#define PREFIX_PCI "pci_"
#define PREFIX_STANDBY "zpci_"

/* @by_name: (element-type utf8 ZpciRow): those in @rows */
typedef struct {
    virConnect *connection;
    GPtrArray *rows;
    GHashTable *by_name;
} ZpciRemoteReading;

/* Returns: FALSE, for its caller. */
static gboolean
zpci_remote_fail(GError **error)
{
    g_autofree char *words = text_quote_escape(libvirt_library.virGetLastErrorMessage());

    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_UNREACHABLE, _("Listing the node devices failed: %s"),
                words);
    return FALSE;
}

/* Returns (transfer full) (nullable): %NULL if the device went meanwhile, or cannot be read. */
static char *
zpci_remote_get_document(virNodeDevice *device)
{
    char *text = libvirt_library.virNodeDeviceGetXMLDesc(device, 0);
    char *copy = g_strdup(text);

    free(text);
    return copy;
}

static void
zpci_remote_add_function(ZpciRemoteReading *reading, virNodeDevice *device, ZpciStates states)
{
    g_autofree char *text = zpci_remote_get_document(device);
    ZpciRow *row;

    if (text == NULL || !zpci_row_document_read(text, strlen(text), &row, NULL) || row == NULL)
        return;
    if ((states & (row->address != NULL ? ZPCI_STATE_ACTIVE : ZPCI_STATE_INACTIVE)) == 0) {
        zpci_row_unref(row);
        return;
    }
    g_ptr_array_add(reading->rows, row);
    g_hash_table_insert(reading->by_name, row->name, row);
}

static void
zpci_remote_add_interface(const ZpciRemoteReading *reading, virNodeDevice *device)
{
    g_autofree char *text = zpci_remote_get_document(device);

    if (text != NULL)
        zpci_row_document_add_interface(text, strlen(text), reading->by_name);
}

/* Interfaces find their functions, so those come first. */
static void
zpci_remote_add_devices(ZpciRemoteReading *reading, virNodeDevice **devices, int count,
                        ZpciStates states)
{
    for (int i = 0; i < count; i++) {
        const char *name = libvirt_library.virNodeDeviceGetName(devices[i]);

        if (g_str_has_prefix(name, PREFIX_PCI) || g_str_has_prefix(name, PREFIX_STANDBY))
            zpci_remote_add_function(reading, devices[i], states);
    }
    for (guint i = 0; i < reading->rows->len; i++) {
        ZpciRow *row = g_ptr_array_index(reading->rows, i);

        if (row->address == NULL)
            continue;
        row->interfaces = g_new0(char *, 1);
        row->interface_states = g_new0(char *, 1);
    }
    for (int i = 0; i < count && reading->rows->len > 0; i++) {
        if (g_str_has_prefix(libvirt_library.virNodeDeviceGetName(devices[i]), PREFIX_NET))
            zpci_remote_add_interface(reading, devices[i]);
    }
}

static gboolean
zpci_remote_list(ZpciRemoteReading *reading, ZpciStates states, GError **error)
{
    virNodeDevice **devices = NULL;
    /* Older releases refuse flags that ask for states. */
    int count = libvirt_library.virConnectListAllNodeDevices(reading->connection, &devices, 0);

    if (count < 0)
        return zpci_remote_fail(error);
    zpci_remote_add_devices(reading, devices, MIN(count, ZPCI_REMOTE_MAX_DEVICES), states);
    for (int i = 0; i < count; i++)
        libvirt_library.virNodeDeviceFree(devices[i]);
    free(devices);
    return TRUE;
}

/* A connection that has node devices need not have guests. */
static void
zpci_remote_add_guests(const ZpciRemoteReading *reading)
{
    g_autoptr(GError) problem = NULL;
    g_autoptr(GHashTable) guests = zpci_guests_list(reading->connection, &problem);

    for (guint i = 0; i < reading->rows->len; i++) {
        ZpciRow *row = g_ptr_array_index(reading->rows, i);
        const char *guest = guests != NULL && row->address != NULL
                                ? g_hash_table_lookup(guests, row->address)
                                : NULL;

        if (row->address == NULL)
            row->holder = zpci_holder_new(ZPCI_HOLDER_NOBODY, NULL, 0);
        else if (guest != NULL)
            row->holder = zpci_holder_new(ZPCI_HOLDER_GUEST, guest, 0);
        if (row->address != NULL)
            row->holder_reason = g_strdup(
                guests != NULL ? _("libvirt tells only about guests, not about other users.")
                               : problem->message);
    }
}

static int
zpci_remote_compare(gconstpointer a, gconstpointer b)
{
    return strcmp((*(const ZpciRow *const *)a)->name, (*(const ZpciRow *const *)b)->name);
}

GPtrArray *
zpci_remote_read(const char *uri, ZpciStates states, GError **error)
{
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)zpci_row_unref);
    g_autoptr(GHashTable) by_name = g_hash_table_new(g_str_hash, g_str_equal);
    ZpciRemoteReading reading = { .rows = rows, .by_name = by_name };
    gboolean is_read;

    reading.connection = zpci_guests_connect(uri, error);
    if (reading.connection == NULL)
        return NULL;
    is_read = zpci_remote_list(&reading, states, error);
    if (is_read)
        zpci_remote_add_guests(&reading);
    libvirt_library.virConnectClose(reading.connection);
    g_ptr_array_sort(rows, zpci_remote_compare);
    return is_read ? g_steal_pointer(&rows) : NULL;
}
