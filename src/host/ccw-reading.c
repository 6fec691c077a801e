/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "ccw-reading.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#include "names.h"
#include "number.h"
#include "pci-mdev-type.h"
#include "sysfs.h"
#include "zpci-error.h"
#include "zpci-host-private.h"

static const char *const buses[CCW_N_KINDS] = {
    [CCW_KIND_SUBCHANNEL] = "css",
    [CCW_KIND_DEVICE] = "ccw",
    [CCW_KIND_GROUP] = "ccwgroup",
};

/* The drivers of subchannels that lead to devices; libvirt lists no others. */
static const char *const subchannel_drivers[] = { "io_subchannel", "vfio_ccw", NULL };

/* qeth has three, and the kernel makes no group that a line of text cannot name. */
#define CCW_READING_MAX_MEMBERS 256

static const char *const group_types[] = { "qeth_generic", "qeth_layer2", "qeth_layer3" };

static char *
ccw_reading_get_bus(CcwKind kind)
{
    return g_strdup_printf(NAME_BUS_DEVICES, buses[kind]);
}

static int
ccw_reading_compare(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

GPtrArray *
ccw_reading_list(const ZpciHost *host, CcwKind kind, GError **error)
{
    g_autofree char *bus = ccw_reading_get_bus(kind);
    GPtrArray *names = sysfs_list_if_there(zpci_host_get_sysfs(host), bus, error);

    if (names != NULL)
        g_ptr_array_sort(names, ccw_reading_compare);
    return names;
}

/* Returns (transfer full) (nullable): where the device is below sysfs, "devices/...". */
static char *
ccw_reading_find(const ZpciHost *host, CcwKind kind, const char *sysname)
{
    g_autofree char *bus = ccw_reading_get_bus(kind);
    g_autofree char *entry = g_build_filename(bus, sysname, NULL);
    g_autofree char *link = sysfs_read_link(zpci_host_get_sysfs(host), entry);
    g_autofree char *base = g_strconcat("/", bus, NULL);
    g_autofree char *path = NULL;

    if (link == NULL)
        return NULL;
    path = g_canonicalize_filename(link, base);
    return g_str_has_prefix(path, "/devices/") ? g_strdup(path + 1) : NULL;
}

static const char *
ccw_reading_get_path(const CcwDevice *device)
{
    return device->path + strlen("/" NAME_SYS "/");
}

static SysfsResult
ccw_reading_read_text(const ZpciHost *host, const CcwDevice *device, const char *name,
                      char text[SYSFS_ATTRIBUTE_MAX + 1])
{
    g_autofree char *attribute = g_build_filename(ccw_reading_get_path(device), name, NULL);

    return sysfs_read_text(zpci_host_get_sysfs(host), attribute, text, NULL);
}

static char *
ccw_reading_read_link(const ZpciHost *host, const CcwDevice *device, const char *name)
{
    g_autofree char *link = g_build_filename(ccw_reading_get_path(device), name, NULL);

    return sysfs_read_link_name(zpci_host_get_sysfs(host), link);
}

/* What does not tell is offline for libvirt, and so is a group that tells no number. Returns:
 * whether it tells a number, or nothing. */
static gboolean
ccw_reading_read_state(const ZpciHost *host, CcwDevice *device)
{
    char text[SYSFS_ATTRIBUTE_MAX + 1];
    guint64 online = CCW_STATE_OFFLINE;
    gboolean good = ccw_reading_read_text(host, device, NAME_CCW_ONLINE, text) != SYSFS_READ ||
                    number_parse(text, G_MAXINT, &online, NULL);

    device->state = (CcwState)MIN(online, CCW_STATE_UNKNOWN);
    return good;
}

/* Returns (nullable): what udev calls the type of the device. */
static const char *
ccw_reading_read_type(const ZpciHost *host, const CcwDevice *device)
{
    char text[SYSFS_ATTRIBUTE_MAX + 1];
    g_auto(GStrv) lines = NULL;

    if (ccw_reading_read_text(host, device, NAME_UEVENT, text) != SYSFS_READ)
        return NULL;
    lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; i < G_N_ELEMENTS(group_types); i++) {
        g_autofree char *line = g_strconcat("DEVTYPE=", group_types[i], NULL);

        if (g_strv_contains((const char *const *)lines, line))
            return group_types[i];
    }
    return NULL;
}

/* Returns: whether libvirt may list it. */
static gboolean
ccw_reading_identify_kind(const ZpciHost *host, CcwDevice *device)
{
    device->driver = ccw_reading_read_link(host, device, NAME_DRIVER);
    if (device->kind == CCW_KIND_SUBCHANNEL)
        return device->driver != NULL && g_strv_contains(subchannel_drivers, device->driver);
    if (!ccw_reading_read_state(host, device) && device->kind == CCW_KIND_DEVICE)
        return FALSE;
    if (device->kind == CCW_KIND_DEVICE)
        return TRUE;
    device->type = ccw_reading_read_type(host, device);
    return device->type != NULL;
}

CcwDevice *
ccw_reading_identify(const ZpciHost *host, CcwKind kind, const char *sysname)
{
    g_autoptr(CcwDevice) device = NULL;
    g_autofree char *path = NULL;
    CcwAddress address;

    if (!ccw_address_parse(sysname, &address) ||
        (path = ccw_reading_find(host, kind, sysname)) == NULL)
        return NULL;
    device = ccw_device_new(kind, sysname, &address);
    device->path = g_strconcat("/" NAME_SYS "/", path, NULL);
    return ccw_reading_identify_kind(host, device) ? g_steal_pointer(&device) : NULL;
}

/* Returns (transfer full) (nullable): the device that the link leads to, if it is there. */
static char *
ccw_reading_follow(const ZpciHost *host, const CcwDevice *device, CcwKind kind, const char *name)
{
    g_autofree char *sysname = ccw_reading_read_link(host, device, name);
    g_autofree char *path = sysname != NULL ? ccw_reading_find(host, kind, sysname) : NULL;

    return path != NULL ? g_steal_pointer(&sysname) : NULL;
}

gboolean
ccw_reading_has_group(const ZpciHost *host, const CcwDevice *device)
{
    g_autofree char *group =
        ccw_reading_follow(host, device, CCW_KIND_GROUP, NAME_CCW_GROUP_DEVICE);

    return group != NULL;
}

/* A capture has lost the kernel's order, and sorts. */
static GPtrArray *
ccw_reading_read_mdev_types(const ZpciHost *host, const CcwDevice *device)
{
    int directory =
        sysfs_open_directory(zpci_host_get_sysfs(host), ccw_reading_get_path(device), NULL);
    GPtrArray *types;

    if (directory < 0)
        return g_ptr_array_ref(device->mdev_types);
    types = pci_mdev_type_list(directory);
    close(directory);
    if (zpci_host_get_capture(host) != NULL)
        g_ptr_array_sort(types, pci_mdev_type_compare);
    return types;
}

gboolean
ccw_reading_has_mdev_types(const ZpciHost *host, const CcwDevice *device)
{
    g_autoptr(GPtrArray) types = ccw_reading_read_mdev_types(host, device);

    return types->len > 0;
}

static void
ccw_reading_complete_subchannel(const ZpciHost *host, CcwDevice *device)
{
    char text[SYSFS_ATTRIBUTE_MAX + 1];
    GPtrArray *types = ccw_reading_read_mdev_types(host, device);
    CcwAddress channel;

    g_ptr_array_unref(device->mdev_types);
    device->mdev_types = types;
    if (ccw_reading_read_text(host, device, NAME_CSS_DEV_BUSID, text) == SYSFS_READ &&
        ccw_address_parse(text, &channel))
        device->channel = g_memdup2(&channel, sizeof channel);
}

static void
ccw_reading_read_members(const ZpciHost *host, CcwDevice *device)
{
    g_autoptr(GPtrArray) names =
        sysfs_list(zpci_host_get_sysfs(host), ccw_reading_get_path(device), NULL);

    if (names == NULL)
        return;
    if (zpci_host_get_capture(host) != NULL)
        g_ptr_array_sort(names, ccw_reading_compare);
    for (guint i = 0; i < names->len && device->members->len < CCW_READING_MAX_MEMBERS; i++) {
        const char *name = g_ptr_array_index(names, i);
        g_autofree char *member = g_str_has_prefix(name, NAME_CCW_MEMBER)
                                      ? ccw_reading_follow(host, device, CCW_KIND_DEVICE, name)
                                      : NULL;

        if (member != NULL)
            ccw_device_add_member(device, name, member);
    }
}

static char *
ccw_reading_read_word(const ZpciHost *host, const CcwDevice *device, const char *name)
{
    char text[SYSFS_ATTRIBUTE_MAX + 1];

    return g_strdup(ccw_reading_read_text(host, device, name, text) == SYSFS_READ ? text : "");
}

static void
ccw_reading_complete_group(const ZpciHost *host, CcwDevice *device)
{
    device->card_type = ccw_reading_read_word(host, device, NAME_QETH_CARD_TYPE);
    device->chpid = ccw_reading_read_word(host, device, NAME_QETH_CHPID);
    ccw_reading_read_members(host, device);
}

gboolean
ccw_reading_complete(const ZpciHost *host, CcwDevice *device, GError **error)
{
    g_autofree char *path_after = NULL;

    switch (device->kind) {
    case CCW_KIND_SUBCHANNEL:
        ccw_reading_complete_subchannel(host, device);
        break;
    case CCW_KIND_DEVICE:
        device->group = ccw_reading_follow(host, device, CCW_KIND_GROUP, NAME_CCW_GROUP_DEVICE);
        break;
    case CCW_KIND_GROUP:
        ccw_reading_complete_group(host, device);
        break;
    case CCW_N_KINDS:
        break;
    }
    path_after = ccw_reading_find(host, device->kind, device->sysname);
    if (g_strcmp0(path_after, ccw_reading_get_path(device)) != 0) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_NOT_FOUND,
                    _("There is no device %s on the bus %s of this host."), device->sysname,
                    buses[device->kind]);
        return FALSE;
    }
    return TRUE;
}

gboolean
ccw_reading_find_kind(const ZpciHost *host, const char *path, CcwKind *kind)
{
    g_autofree char *link = g_build_filename(path, NAME_SUBSYSTEM, NULL);
    g_autofree char *bus = sysfs_read_link_name(zpci_host_get_sysfs(host), link);

    for (guint i = 0; bus != NULL && i < CCW_N_KINDS; i++) {
        if (strcmp(bus, buses[i]) == 0) {
            *kind = (CcwKind)i;
            return TRUE;
        }
    }
    return FALSE;
}
