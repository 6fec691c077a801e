/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "net-reading.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "names.h"
#include "net-features.h"
#include "number.h"
#include "sysfs.h"
#include "text-quote.h"
#include "zpci-error.h"
#include "zpci-host-private.h"

#define STATE_UP "up"

/* What the kernel says of a link, Documentation/networking/operstates.rst. */
static const char *const states[] = { "unknown", "notpresent", "down",  "lowerlayerdown",
                                      "testing", "dormant",    STATE_UP };

GPtrArray *
net_reading_list(const ZpciHost *host, GError **error)
{
    g_autoptr(GError) problem = NULL;
    GPtrArray *names = sysfs_list(zpci_host_get_sysfs(host), NAME_CLASS_NET, &problem);

    if (names == NULL && g_error_matches(problem, ZPCI_ERROR, ZPCI_ERROR_NOT_FOUND))
        return g_ptr_array_new_with_free_func(g_free);
    if (names == NULL)
        g_propagate_error(error, g_steal_pointer(&problem));
    return names;
}

/* Returns (transfer full) (nullable): where the interface is below sysfs, "devices/...". */
static char *
net_reading_find(const ZpciHost *host, const char *sysname)
{
    g_autofree char *entry = g_build_filename(NAME_CLASS_NET, sysname, NULL);
    g_autofree char *link = sysfs_read_link(zpci_host_get_sysfs(host), entry);
    g_autofree char *path = NULL;

    if (link == NULL)
        return NULL;
    path = g_canonicalize_filename(link, "/" NAME_CLASS_NET);
    return g_str_has_prefix(path, "/devices/") ? g_strdup(path + 1) : NULL;
}

/* Reads the attribute @name of the interface at @path. */
static SysfsResult
net_reading_read_text(const ZpciHost *host, const char *path, const char *name,
                      char text[SYSFS_ATTRIBUTE_MAX + 1])
{
    g_autofree char *attribute = g_build_filename(path, name, NULL);

    return sysfs_read_text(zpci_host_get_sysfs(host), attribute, text, NULL);
}

/* Returns (nullable): the value of @key, which ends in "=", in one of @lines. */
static const char *
net_reading_get_property(char **lines, const char *key)
{
    for (guint i = 0; lines[i] != NULL; i++) {
        if (g_str_has_prefix(lines[i], key))
            return lines[i] + strlen(key);
    }
    return NULL;
}

/* libvirt takes what has no DEVTYPE for a wired interface, and of what has one only this. */
static gboolean
net_reading_read_uevent(const ZpciHost *host, const char *path, NetDevice *device)
{
    char text[SYSFS_ATTRIBUTE_MAX + 1];
    g_auto(GStrv) lines = NULL;
    const char *type, *interface;

    if (net_reading_read_text(host, path, NAME_UEVENT, text) != SYSFS_READ)
        return FALSE;
    lines = g_strsplit(text, "\n", -1);
    type = net_reading_get_property(lines, "DEVTYPE=");
    interface = net_reading_get_property(lines, "INTERFACE=");
    device->is_wireless = g_strcmp0(type, "wlan") == 0;
    device->interface = g_strdup(interface);
    return interface != NULL && (type == NULL || device->is_wireless);
}

static char *
net_reading_read_address(const ZpciHost *host, const char *path)
{
    char text[SYSFS_ATTRIBUTE_MAX + 1];

    if (net_reading_read_text(host, path, NAME_NET_ADDRESS, text) != SYSFS_READ)
        return NULL;
    return text[0] != '\0' ? g_strdup(text) : NULL;
}

NetDevice *
net_reading_identify(const ZpciHost *host, const char *sysname)
{
    g_autoptr(NetDevice) device = g_new0(NetDevice, 1);
    g_autofree char *path = net_reading_find(host, sysname);

    if (path == NULL || !net_reading_read_uevent(host, path, device))
        return NULL;
    device->sysname = g_strdup(sysname);
    device->path = g_strconcat("/" NAME_SYS "/", path, NULL);
    device->address = net_reading_read_address(host, path);
    return g_steal_pointer(&device);
}

static const char *
net_reading_read_state(const ZpciHost *host, const char *path)
{
    char text[SYSFS_ATTRIBUTE_MAX + 1];

    if (net_reading_read_text(host, path, NAME_NET_OPERSTATE, text) != SYSFS_READ)
        return NULL;
    for (guint i = 0; i < G_N_ELEMENTS(states); i++) {
        if (strcmp(text, states[i]) == 0)
            return states[i];
    }
    return NULL;
}

/* Drivers that do not know the speed have none, or -1; libvirt shows that as unsigned. */
static guint32
net_reading_read_speed(const ZpciHost *host, const char *path)
{
    char text[SYSFS_ATTRIBUTE_MAX + 1];
    gboolean is_negative;
    guint64 speed;

    if (net_reading_read_text(host, path, NAME_NET_SPEED, text) != SYSFS_READ)
        return 0;
    is_negative = text[0] == '-';
    if (!number_parse(text + (is_negative ? 1 : 0), G_MAXINT32, &speed, NULL))
        return 0;
    return is_negative ? -(guint32)speed : (guint32)speed;
}

gboolean
net_reading_complete(const ZpciHost *host, NetDevice *device, GError **error)
{
    const char *path = device->path + strlen("/" NAME_SYS "/");
    g_autofree char *path_after = NULL;

    device->state = net_reading_read_state(host, path);
    /* What drivers say of a link that is not up is of no use, and libvirt does not ask. */
    device->speed =
        g_strcmp0(device->state, STATE_UP) == 0 ? net_reading_read_speed(host, path) : 0;
    device->features = net_features_read(host, device->sysname, device->interface);

    path_after = net_reading_find(host, device->sysname);
    if (g_strcmp0(path_after, path) != 0) {
        g_autofree char *quoted = text_quote(device->sysname);

        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_NOT_FOUND,
                    _("There is no network interface %s on this host."), quoted);
        return FALSE;
    }
    return TRUE;
}
