/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "pci-reading.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "chain-source.h"
#include "names.h"
#include "number.h"
#include "sysfs.h"
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

static gboolean
pci_reading_required_id(int directory, const char *name, guint16 *id, GError **error)
{
    char text[SYSFS_ATTRIBUTE_MAX + 1];
    guint64 value;

    switch (sysfs_read_text(directory, name, text, error)) {
    case SYSFS_ABSENT:
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_UNREADABLE, _("The attribute %s is missing."),
                    name);
        return FALSE;
    case SYSFS_READ:
        break;
    case SYSFS_UNREADABLE:
    default:
        return FALSE;
    }
    if (!number_parse(text, G_MAXUINT16, &value, error)) {
        g_prefix_error(error, _("The attribute %s is damaged: "), name);
        return FALSE;
    }
    *id = (guint16)value;
    return TRUE;
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

/* The kernel's own order, as libvirt shows it; a capture has lost it, and sorts. */
static void
pci_reading_read_iommu_group(const ZpciHost *host, int directory, PciDevice *device)
{
    g_autofree char *group = sysfs_read_link_name(directory, NAME_IOMMU_GROUP);
    g_autoptr(GPtrArray) names = NULL;
    guint64 number;

    if (group == NULL || !number_parse(group, G_MAXINT32, &number, NULL))
        return;
    names = sysfs_list(directory, NAME_IOMMU_GROUP "/devices", NULL);
    if (names == NULL)
        return;
    device->iommu_group = (int)number;
    for (guint i = 0; i < names->len; i++) {
        PciAddress address;

        if (pci_address_parse(g_ptr_array_index(names, i), &address, NULL))
            g_array_append_val(device->iommu_members, address);
    }
    if (zpci_host_get_capture(host) != NULL)
        g_array_sort(device->iommu_members, pci_address_compare);
}

static void
pci_reading_read_config(const ZpciHost *host, int directory, PciDevice *device)
{
    guint8 config[PCI_CONFIG_SIZE];
    struct stat status;
    gsize length;

    if (zpci_host_is_privileged(host) &&
        sysfs_read_bytes(directory, NAME_CONFIG, config, sizeof config, &length, NULL) ==
            SYSFS_READ &&
        fstatat(directory, NAME_CONFIG, &status, AT_SYMLINK_NOFOLLOW) == 0)
        device->config = pci_config_parse(config, length, (gsize)status.st_size);
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

/* Returns (transfer full) (nullable): VPD is an extra, so damage costs no more than itself. */
static PciVpd *
pci_reading_read_vpd(int directory, const char *name)
{
    g_autofree guint8 *bytes = g_malloc(PCI_VPD_MAX_SIZE);
    g_autoptr(GError) error = NULL;
    PciVpd *vpd = NULL;
    gsize size;

    if (sysfs_read_bytes(directory, NAME_VPD, bytes, PCI_VPD_MAX_SIZE, &size, &error) == SYSFS_READ)
        vpd = pci_vpd_parse(bytes, size, &error);
    if (error != NULL)
        g_debug("%s is shown without VPD: %s", name, error->message);
    return vpd;
}

static gboolean
pci_reading_read_attributes(const ZpciHost *host, int directory, PciDevice *device, GError **error)
{
    guint64 number;

    if (!pci_reading_required_id(directory, NAME_VENDOR, &device->vendor, error) ||
        !pci_reading_required_id(directory, NAME_DEVICE, &device->product, error))
        return FALSE;
    if (pci_reading_optional_number(directory, NAME_CLASS, 0xffffff, &number))
        device->class_code = (gint32)number;
    if (pci_reading_optional_number(directory, NAME_NUMA_NODE, G_MAXINT32, &number))
        device->numa_node = (int)number;
    device->driver = sysfs_read_link_name(directory, NAME_DRIVER);
    pci_reading_read_sriov(directory, device);
    pci_reading_read_iommu_group(host, directory, device);
    pci_reading_read_config(host, directory, device);
    g_ptr_array_unref(device->mdev_types);
    device->mdev_types = pci_reading_read_mdev_types(host, directory);
    return TRUE;
}

PciDevice *
pci_reading_read(const ZpciHost *host, const PciAddress *address, GError **error)
{
    g_autofree char *path = zpci_host_find(host, address, error);
    g_autofree char *path_after = NULL;
    g_autoptr(PciDevice) device = pci_device_new();
    g_autoptr(GError) problem = NULL;
    char name[PCI_ADDRESS_TEXT_SIZE];
    gboolean complete;
    int directory;

    if (path == NULL ||
        (directory = sysfs_open_directory(zpci_host_get_sysfs(host), path, error)) < 0)
        return NULL;
    device->address = *address;
    device->path = g_strconcat("/" NAME_SYS "/", path, NULL);
    pci_address_format(address, name);
    complete = pci_reading_read_attributes(host, directory, device, &problem);
    device->vpd = pci_reading_read_vpd(directory, name);
    device->zpci = zpci_reading_read(host, directory, name, TRUE);
    close(directory);

    /* A function that went away leaves attributes out as if the host had never offered them. */
    path_after = zpci_host_find(host, address, error);
    if (path_after == NULL)
        return NULL;
    if (!complete) {
        g_propagate_prefixed_error(error, g_steal_pointer(&problem), "%s: ", name);
        return NULL;
    }
    return g_steal_pointer(&device);
}

static int
pci_reading_open(const ZpciHost *host, const PciAddress *address, GError **error)
{
    g_autofree char *path = zpci_host_find(host, address, error);

    return path != NULL ? sysfs_open_directory(zpci_host_get_sysfs(host), path, error) : -1;
}

static gboolean
pci_reading_read_zpci(const ZpciHost *host, const PciAddress *address, gboolean outline,
                      ZpciFunction **function, GError **error)
{
    g_autoptr(ZpciFunction) read = NULL;
    g_autofree char *path_after = NULL;
    char name[PCI_ADDRESS_TEXT_SIZE];
    int directory = pci_reading_open(host, address, error);

    if (directory < 0)
        return FALSE;
    pci_address_format(address, name);
    read = outline ? zpci_reading_read_outline(host, directory, name)
                   : zpci_reading_read(host, directory, name, FALSE);
    close(directory);

    path_after = zpci_host_find(host, address, error);
    if (path_after == NULL)
        return FALSE;
    *function = g_steal_pointer(&read);
    return TRUE;
}

gboolean
pci_reading_read_function(const ZpciHost *host, const PciAddress *address, ZpciFunction **function,
                          GError **error)
{
    return pci_reading_read_zpci(host, address, FALSE, function, error);
}

gboolean
pci_reading_read_outline(const ZpciHost *host, const PciAddress *address, ZpciFunction **function,
                         GError **error)
{
    return pci_reading_read_zpci(host, address, TRUE, function, error);
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
    g_autoptr(PciVpd) vpd = NULL;
    char name[PCI_ADDRESS_TEXT_SIZE];
    int directory = pci_reading_open(host, address, NULL);

    if (directory < 0)
        return FALSE;
    vpd = pci_reading_read_vpd(directory, pci_address_format(address, name));
    close(directory);
    return vpd != NULL;
}

GByteArray *
pci_reading_probe(const ZpciHost *host, const PciAddress *address, GError **error)
{
    char name[PCI_ADDRESS_TEXT_SIZE];
    int directory = pci_reading_open(host, address, error);
    GByteArray *reply;

    if (directory < 0)
        return NULL;
    reply = chain_source_probe(host, directory, pci_address_format(address, name), error);
    close(directory);
    return reply;
}
