/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <string.h>

#include "net-reading.h"
#include "node-device-family.h"
#include "node-device-name.h"
#include "node-device-net.h"
#include "node-device-parent.h"

/* What most names end in: "_02_fc_00_00_00_01". */
#define ETHERNET_LENGTH (6 * strlen("_02"))

static int
node_device_net_family_compare(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Two interfaces whose names differ in other than letters and digits can have the same name as
 * node devices, if they have the same address too; libvirt and we have one device of that name. */
static gboolean
node_device_net_family_list(const ZpciHost *host, GPtrArray *names, GError **error)
{
    g_autoptr(GPtrArray) sysnames = net_reading_list(host, error);
    g_autoptr(GHashTable) found = g_hash_table_new(g_str_hash, g_str_equal);

    if (sysnames == NULL)
        return FALSE;
    g_ptr_array_sort(sysnames, node_device_net_family_compare);
    for (guint i = 0; i < sysnames->len; i++) {
        g_autoptr(NetDevice) device = net_reading_identify(host, g_ptr_array_index(sysnames, i));
        g_autofree char *name = NULL;

        if (device == NULL)
            continue;
        name = node_device_net_name(device->sysname, device->address);
        if (g_hash_table_contains(found, name))
            continue;
        g_hash_table_add(found, name);
        g_ptr_array_add(names, g_steal_pointer(&name));
    }
    return TRUE;
}

/* Returns (transfer full) (nullable): @sysname's interface, if its name is @name. */
static NetDevice *
node_device_net_family_match(const ZpciHost *host, const char *sysname, const char *name)
{
    g_autofree char *beginning = node_device_net_name(sysname, NULL);
    g_autoptr(NetDevice) device = NULL;
    g_autofree char *whole = NULL;

    if (!g_str_has_prefix(name, beginning) ||
        (device = net_reading_identify(host, sysname)) == NULL)
        return NULL;
    whole = node_device_net_name(device->sysname, device->address);
    return strcmp(whole, name) == 0 ? g_steal_pointer(&device) : NULL;
}

/* Returns (transfer full) (nullable): the interface, if it is an Ethernet whose own name is nothing
 * but letters and digits. Then no other has the same name, and no list is needed to find it. */
static NetDevice *
node_device_net_family_find_plain(const ZpciHost *host, const char *name)
{
    const char *begin = name + strlen(NODE_DEVICE_NET_PREFIX);
    gsize length = strlen(begin);
    g_autofree char *sysname = NULL;

    if (length <= ETHERNET_LENGTH)
        return NULL;
    sysname = g_strndup(begin, length - ETHERNET_LENGTH);
    for (const char *c = sysname; *c != '\0'; c++) {
        if (!g_ascii_isalnum(*c))
            return NULL;
    }
    return node_device_net_family_match(host, sysname, name);
}

/* Returns (transfer full) (nullable): the interface; of several the one that libvirt, which goes
 * through them by their paths, finds last. */
static NetDevice *
node_device_net_family_find_any(const ZpciHost *host, const char *name)
{
    g_autoptr(GPtrArray) sysnames = net_reading_list(host, NULL);
    g_autoptr(NetDevice) last = NULL;

    for (guint i = 0; sysnames != NULL && i < sysnames->len; i++) {
        g_autoptr(NetDevice) device =
            node_device_net_family_match(host, g_ptr_array_index(sysnames, i), name);

        if (device != NULL && (last == NULL || strcmp(device->path, last->path) > 0)) {
            net_device_free(last);
            last = g_steal_pointer(&device);
        }
    }
    return g_steal_pointer(&last);
}

static NetDevice *
node_device_net_family_find(const ZpciHost *host, const char *name)
{
    NetDevice *device;

    if (!g_str_has_prefix(name, NODE_DEVICE_NET_PREFIX))
        return NULL;
    device = node_device_net_family_find_plain(host, name);
    return device != NULL ? device : node_device_net_family_find_any(host, name);
}

static gboolean
node_device_net_family_has(const ZpciHost *host, const char *name)
{
    g_autoptr(NetDevice) device = node_device_net_family_find(host, name);

    return device != NULL;
}

static char *
node_device_net_family_get_xml(const ZpciHost *host, const char *name, GError **error)
{
    g_autoptr(NetDevice) device = node_device_net_family_find(host, name);
    g_autofree char *parent = NULL;

    if (device == NULL)
        return node_device_name_miss(name, error);
    if (!net_reading_complete(host, device, error))
        return NULL;
    parent = node_device_parent_find(host, device->path);
    return node_device_net_format(device, parent);
}

static char *
node_device_net_family_get_parent(const ZpciHost *host, const char *name)
{
    g_autoptr(NetDevice) device = node_device_net_family_find(host, name);

    return node_device_parent_find(host, device != NULL ? device->path : "");
}

/* An interface is known by its name in sysfs: udev tells of nothing else when it has gone. Like the
 * kernel in the names of files, but the other way round, udev makes a slash of "!". */
static gboolean
node_device_net_family_observe(const ZpciHost *host, const UdevEvent *event, char **key,
                               char **name)
{
    char *sysname = g_strdelimit(g_strdup(event->name), "/", '!');
    g_autoptr(NetDevice) device = event->removed ? NULL : net_reading_identify(host, sysname);

    *key = sysname;
    *name = device != NULL ? node_device_net_name(device->sysname, device->address) : NULL;
    return TRUE;
}

static char *
node_device_net_family_get_key(const ZpciHost *host, const char *name)
{
    g_autoptr(NetDevice) device = node_device_net_family_find(host, name);

    return device != NULL ? g_strdup(device->sysname) : NULL;
}

static const char *const nested[] = { NULL };
static const char *const subsystems[] = { "net", NULL };

const NodeDeviceFamily node_device_net_family = {
    .capability = "net",
    .nested = nested,
    .finds_itself = TRUE,
    .list = node_device_net_family_list,
    .has = node_device_net_family_has,
    .get_xml = node_device_net_family_get_xml,
    .get_parent = node_device_net_family_get_parent,
    .subsystems = subsystems,
    .observe = node_device_net_family_observe,
    .get_key = node_device_net_family_get_key,
};
