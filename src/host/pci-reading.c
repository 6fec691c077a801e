/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "pci-reading.h"

#include <glib/gi18n-lib.h>
#include <unistd.h>

#include "chain-source.h"
#include "names.h"
#include "number.h"
#include "pci-snapshot-reading.h"
#include "pci-snapshot-table.h"
#include "pci-stamp.h"
#include "sysfs.h"
#include "vfio-device.h"
#include "zpci-error.h"
#include "zpci-host-private.h"
#include "zpci-reading.h"

/* An attribute that may be missing: a damaged one counts as missing. */
static gboolean
pci_reading_optional_number(int directory, const char *name, guint64 maximum, guint64 *value)
{
    char text[SYSFS_ATTRIBUTE_MAX + 1];

    return sysfs_read_text(directory, name, text, NULL) == SYSFS_READ &&
           number_parse(text, maximum, value, NULL);
}

static void
pci_reading_add_link(int directory, const char *name, GArray *addresses)
{
    g_autofree char *target = sysfs_read_link_name(directory, name);
    PciAddress address;

    if (target != NULL && pci_address_parse(target, &address, NULL))
        g_array_append_val(addresses, address);
}

static void
pci_reading_read_sriov(int directory, PciDevice *device)
{
    g_autofree char *physfn = sysfs_read_link_name(directory, NAME_PHYSFN);
    PciAddress address;
    guint64 total;
    guint count;

    if (physfn != NULL && pci_address_parse(physfn, &address, NULL))
        device->physfn = g_memdup2(&address, sizeof address);
    if (pci_reading_optional_number(directory, NAME_SRIOV_TOTALVFS, PCI_DEVICE_MAX_VIRTFNS, &total))
        device->max_virtfns = (guint)total;

    do {
        g_autofree char *name = g_strdup_printf(NAME_VIRTFN "%u", device->virtfns->len);

        count = device->virtfns->len;
        pci_reading_add_link(directory, name, device->virtfns);
    } while (device->virtfns->len > count && device->virtfns->len < PCI_DEVICE_MAX_VIRTFNS);
}

/* Returns: %PCI_DEVICE_UNKNOWN if it is in none. */
static int
pci_reading_read_iommu_number(int directory)
{
    g_autofree char *group = sysfs_read_link_name(directory, NAME_IOMMU_GROUP);
    guint64 number;

    return group != NULL && number_parse(group, G_MAXINT32, &number, NULL) ? (int)number
                                                                           : PCI_DEVICE_UNKNOWN;
}

/* The kernel's own order, as libvirt shows it; a capture has lost it, and sorts. */
static void
pci_reading_read_iommu_group(const ZpciHost *host, int directory, PciDevice *device)
{
    int number = pci_reading_read_iommu_number(directory);
    g_autoptr(GPtrArray) names = NULL;

    if (number == PCI_DEVICE_UNKNOWN)
        return;
    names = sysfs_list(directory, NAME_IOMMU_GROUP "/devices", NULL);
    if (names == NULL)
        return;
    device->iommu_group = number;
    for (guint i = 0; i < names->len; i++) {
        PciAddress address;

        if (pci_address_parse(g_ptr_array_index(names, i), &address, NULL))
            g_array_append_val(device->iommu_members, address);
    }
    if (zpci_host_get_capture(host) != NULL)
        g_array_sort(device->iommu_members, pci_address_compare);
}

/* A link can change without an event. A function that VFIO has is left alone: on Z each look is an
 * instruction to the function itself, which a guest may own. */
static void
pci_reading_read_link_status(int directory, PciDevice *device)
{
    guint8 status[PCI_CONFIG_STATUS_SIZE];
    gsize length;

    if (device->config.has_link && !vfio_device_is_driver(directory, device->driver) &&
        sysfs_read_piece(directory, NAME_CONFIG, status, sizeof status,
                         device->config.status_offset, &length, NULL) == SYSFS_READ &&
        length == sizeof status)
        pci_config_set_status(&device->config, status);
}

/* A capture has lost the kernel's order, and sorts. */
static GPtrArray *
pci_reading_read_mdev_types(const ZpciHost *host, int directory)
{
    GPtrArray *types = pci_mdev_type_list(directory);

    if (zpci_host_get_capture(host) != NULL)
        g_ptr_array_sort(types, pci_mdev_type_compare);
    return types;
}

static void
pci_reading_read_place(int directory, PciDevice *device)
{
    guint64 number;

    if (pci_reading_optional_number(directory, NAME_NUMA_NODE, G_MAXINT32, &number))
        device->numa_node = (int)number;
    pci_reading_read_sriov(directory, device);
}

static void
pci_reading_read_attributes(const ZpciHost *host, int directory, PciDevice *device)
{
    device->driver = sysfs_read_link_name(directory, NAME_DRIVER);
    pci_reading_read_place(directory, device);
    pci_reading_read_iommu_group(host, directory, device);
    g_ptr_array_unref(device->mdev_types);
    device->mdev_types = pci_reading_read_mdev_types(host, directory);
}

static int
pci_reading_open(const ZpciHost *host, const PciAddress *address, GError **error)
{
    g_autofree char *path = zpci_host_find(host, address, error);

    return path != NULL ? sysfs_open_directory(zpci_host_get_sysfs(host), path, error) : -1;
}

PciSnapshot *
pci_reading_find_kept(const ZpciHost *host, const PciAddress *address, const char *path)
{
    PciLife life;

    return pci_snapshot_reading_get_life(host, zpci_host_get_sysfs(host), path, &life)
               ? pci_snapshot_table_find(zpci_host_get_snapshots(host), address, &life)
               : NULL;
}

/* Returns (transfer full): what is kept of the function whose directory this is; what of @parts is
 * not kept is read now. @had: (out): what was kept */
static PciSnapshot *
pci_reading_get_snapshot(const ZpciHost *host, int directory, const PciAddress *address,
                         PciSnapshotParts parts, PciSnapshotParts *had, GError **error)
{
    g_autoptr(PciSnapshot) known = NULL;
    char name[PCI_ADDRESS_TEXT_SIZE];
    PciLife life = { 0 };

    pci_snapshot_reading_get_life(host, directory, "", &life);
    known = pci_snapshot_table_find(zpci_host_get_snapshots(host), address, &life);
    *had = known != NULL ? known->parts : 0;
    if ((*had & parts) == parts)
        return g_steal_pointer(&known);
    return pci_snapshot_reading_read(host, directory, pci_address_format(address, name), &life,
                                     known, parts, error);
}

/* Whether the function is there still: one that went away leaves attributes out as if the host had
 * never offered them. Only then @snapshot is kept. */
static gboolean
pci_reading_confirm(const ZpciHost *host, const PciAddress *address, PciSnapshot *snapshot,
                    GError **error)
{
    PciSnapshotTable *table = zpci_host_get_snapshots(host);
    g_autofree char *path = zpci_host_find(host, address, error);
    PciLife life;

    if (path == NULL) {
        pci_snapshot_table_forget(table, address);
        return FALSE;
    }
    if (snapshot != NULL &&
        pci_snapshot_reading_get_life(host, zpci_host_get_sysfs(host), path, &life) &&
        pci_snapshot_life_equal(&life, &snapshot->life))
        pci_snapshot_table_keep(table, address, snapshot);
    return TRUE;
}

/* @had: what of @snapshot was not read just now */
static PciDevice *
pci_reading_make(const ZpciHost *host, int directory, const char *name, const PciSnapshot *snapshot,
                 PciSnapshotParts had)
{
    PciDevice *device = pci_device_new();

    device->vendor = snapshot->vendor;
    device->product = snapshot->product;
    device->class_code = snapshot->class_code;
    device->config = snapshot->config;
    device->vpd = pci_vpd_ref(snapshot->vpd);
    pci_reading_read_attributes(host, directory, device);
    if ((had & PCI_SNAPSHOT_DEVICE) != 0)
        pci_reading_read_link_status(directory, device);
    if (snapshot->facts != NULL)
        device->zpci = zpci_reading_read(host, directory, name, snapshot->facts, TRUE);
    return device;
}

PciDevice *
pci_reading_read(const ZpciHost *host, const PciAddress *address, GError **error)
{
    g_autofree char *path = zpci_host_find(host, address, error);
    g_autoptr(PciDevice) device = NULL;
    g_autoptr(PciSnapshot) snapshot = NULL;
    g_autoptr(GError) problem = NULL;
    char name[PCI_ADDRESS_TEXT_SIZE];
    PciSnapshotParts had;
    gboolean has_begun;
    PciStamp begun;
    int directory;

    if (path == NULL ||
        (directory = sysfs_open_directory(zpci_host_get_sysfs(host), path, error)) < 0)
        return NULL;
    has_begun = pci_stamp_begin(host, path, directory, &begun);
    pci_address_format(address, name);
    snapshot = pci_reading_get_snapshot(host, directory, address, PCI_SNAPSHOT_ALL, &had, &problem);
    if (snapshot != NULL) {
        device = pci_reading_make(host, directory, name, snapshot, had);
        device->address = *address;
        device->path = g_strconcat("/" NAME_SYS "/", path, NULL);
        if (has_begun)
            device->stamp = pci_stamp_end(host, &begun, directory, snapshot, device);
    }
    close(directory);

    if (!pci_reading_confirm(host, address, snapshot, error))
        return NULL;
    if (device == NULL)
        g_propagate_prefixed_error(error, g_steal_pointer(&problem), "%s: ", name);
    return g_steal_pointer(&device);
}

static void
pci_reading_read_ids(int directory, PciDevice *device)
{
    guint64 number;

    if (pci_reading_optional_number(directory, NAME_VENDOR, G_MAXUINT16, &number))
        device->vendor = (guint16)number;
    if (pci_reading_optional_number(directory, NAME_DEVICE, G_MAXUINT16, &number))
        device->product = (guint16)number;
    if (pci_reading_optional_number(directory, NAME_CLASS, 0xffffff, &number))
        device->class_code = (gint32)number;
}

PciDevice *
pci_reading_read_plain(const ZpciHost *host, const PciAddress *address, gboolean whole,
                       GError **error)
{
    int directory = pci_reading_open(host, address, error);
    g_autoptr(PciDevice) device = NULL;

    if (directory < 0)
        return NULL;
    device = pci_device_new();
    device->address = *address;
    device->driver = sysfs_read_link_name(directory, NAME_DRIVER);
    device->is_vfio = vfio_device_is_driver(directory, device->driver);
    if (whole) {
        pci_reading_read_ids(directory, device);
        pci_reading_read_place(directory, device);
    }
    device->iommu_group = pci_reading_read_iommu_number(directory);
    close(directory);
    return pci_reading_confirm(host, address, NULL, error) ? g_steal_pointer(&device) : NULL;
}

/* Reads it with what its stamp is made of. Returns (transfer full) (nullable): the stamp. */
static char *
pci_reading_read_stamped(const ZpciHost *host, const char *path, int directory,
                         const PciAddress *address, gboolean may_open, PciSnapshot **snapshot,
                         ZpciFunction **function)
{
    g_autoptr(PciDevice) device = NULL;
    char name[PCI_ADDRESS_TEXT_SIZE];
    PciSnapshotParts had;
    PciStamp begun;

    if (!pci_stamp_begin(host, path, directory, &begun))
        return NULL;
    *snapshot = pci_reading_get_snapshot(host, directory, address, PCI_SNAPSHOT_ALL, &had, NULL);
    if (*snapshot == NULL)
        return NULL;
    device = pci_device_new();
    /* A driver that comes after this makes the stamp an old one. */
    pci_reading_read_attributes(host, directory, device);
    pci_address_format(address, name);
    if ((*snapshot)->facts != NULL) {
        device->zpci = zpci_reading_read(host, directory, name, (*snapshot)->facts, may_open);
        *function = zpci_function_ref(device->zpci);
    }
    return pci_stamp_end(host, &begun, directory, *snapshot, device);
}

/* Reads it alone. */
static PciSnapshot *
pci_reading_read_alone(const ZpciHost *host, int directory, const PciAddress *address,
                       gboolean may_open, ZpciFunction **function)
{
    char name[PCI_ADDRESS_TEXT_SIZE];
    PciSnapshotParts had;
    PciSnapshot *snapshot =
        pci_reading_get_snapshot(host, directory, address, PCI_SNAPSHOT_FACTS, &had, NULL);

    pci_address_format(address, name);
    if (snapshot->facts != NULL)
        *function = zpci_reading_read(host, directory, name, snapshot->facts, may_open);
    return snapshot;
}

gboolean
pci_reading_read_function(const ZpciHost *host, const PciAddress *address, gboolean may_open,
                          ZpciFunction **function, char **stamp, GError **error)
{
    g_autofree char *path = zpci_host_find(host, address, error);
    g_autofree char *ended = NULL;
    g_autoptr(PciSnapshot) snapshot = NULL;
    g_autoptr(ZpciFunction) read = NULL;
    int directory;

    if (path == NULL ||
        (directory = sysfs_open_directory(zpci_host_get_sysfs(host), path, error)) < 0)
        return FALSE;
    if (stamp != NULL)
        ended =
            pci_reading_read_stamped(host, path, directory, address, may_open, &snapshot, &read);
    if (snapshot == NULL)
        snapshot = pci_reading_read_alone(host, directory, address, may_open, &read);
    close(directory);
    if (!pci_reading_confirm(host, address, snapshot, error))
        return FALSE;
    *function = g_steal_pointer(&read);
    if (stamp != NULL)
        *stamp = g_steal_pointer(&ended);
    return TRUE;
}

gboolean
pci_reading_read_outline(const ZpciHost *host, const PciAddress *address, ZpciFunction **function,
                         GError **error)
{
    g_autoptr(ZpciFunction) read = NULL;
    char name[PCI_ADDRESS_TEXT_SIZE];
    int directory = pci_reading_open(host, address, error);

    if (directory < 0)
        return FALSE;
    read = zpci_reading_read_outline(host, directory, pci_address_format(address, name));
    close(directory);
    if (!pci_reading_confirm(host, address, NULL, error))
        return FALSE;
    *function = g_steal_pointer(&read);
    return TRUE;
}

gboolean
pci_reading_has_mdev_types(const ZpciHost *host, const PciAddress *address)
{
    g_autoptr(GPtrArray) types = NULL;
    int directory = pci_reading_open(host, address, NULL);

    if (directory < 0)
        return FALSE;
    types = pci_mdev_type_list(directory);
    close(directory);
    return types->len > 0;
}

gboolean
pci_reading_has_vpd(const ZpciHost *host, const PciAddress *address)
{
    g_autoptr(PciSnapshot) snapshot = NULL;
    PciSnapshotParts had;
    int directory = pci_reading_open(host, address, NULL);

    if (directory < 0)
        return FALSE;
    snapshot = pci_reading_get_snapshot(host, directory, address, PCI_SNAPSHOT_DEVICE, &had, NULL);
    close(directory);
    return pci_reading_confirm(host, address, snapshot, NULL) && snapshot != NULL &&
           snapshot->vpd != NULL;
}

GByteArray *
pci_reading_probe(const ZpciHost *host, const PciAddress *address, gboolean again, GError **error)
{
    char name[PCI_ADDRESS_TEXT_SIZE];
    int directory = pci_reading_open(host, address, error);
    GByteArray *reply;

    if (directory < 0)
        return NULL;
    reply = chain_source_probe(host, directory, pci_address_format(address, name), again, error);
    close(directory);
    return reply;
}
