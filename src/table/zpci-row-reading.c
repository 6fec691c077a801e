/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-row-reading.h"

#include <fcntl.h>
#include <unistd.h>

#include "block-device.h"
#include "class-device.h"
#include "names.h"
#include "node-device-name.h"
#include "pci-reading.h"
#include "sysfs.h"
#include "zpci-error.h"
#include "zpci-holder-reading.h"
#include "zpci-host-private.h"
#include "zpci-inventory-private.h"

/* @interfaces, @disks: (nullable): the names of all such devices, by the address of the function;
 * %NULL if they are not wanted, or the host does not tell */
typedef struct {
    ZpciInventory *inventory;
    const ZpciHost *host;
    int sysfs;
    ZpciRowParts parts;
    GHashTable *interfaces;
    GHashTable *disks;
} ZpciRowReading;

static void
zpci_row_reading_clear(ZpciRowReading *reading)
{
    g_clear_pointer(&reading->interfaces, g_hash_table_unref);
    g_clear_pointer(&reading->disks, g_hash_table_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ZpciRowReading, zpci_row_reading_clear)

/* @index: (out) (nullable): one look at all devices of the class serves all functions; a capture
 * may lack the class. */
static gboolean
zpci_row_reading_index(const ZpciRowReading *reading, const char *subsystem, ZpciRowParts part,
                       GHashTable **index, GError **error)
{
    if ((reading->parts & part) == 0 || faccessat(reading->sysfs, subsystem, F_OK, 0) != 0)
        return TRUE;
    *index = class_device_index(reading->sysfs, subsystem, error);
    return *index != NULL;
}

/* Returns (transfer full): the attribute of a network interface, or "unknown". */
static char *
zpci_row_reading_read_state(int sysfs, const char *interface)
{
    g_autofree char *path = g_build_filename(NAME_CLASS_NET, interface, NAME_NET_OPERSTATE, NULL);
    char text[SYSFS_ATTRIBUTE_MAX + 1];

    return g_strdup(sysfs_read_text(sysfs, path, text, NULL) == SYSFS_READ ? text : "unknown");
}

/* @texts: (transfer full) (nullable) (array zero-terminated=1) */
static void
zpci_row_reading_set(char ***member, char **texts)
{
    g_strfreev(*member);
    *member = texts;
}

static void
zpci_row_reading_add_interfaces(const ZpciRowReading *reading, ZpciRow *row)
{
    const GPtrArray *names = g_hash_table_lookup(reading->interfaces, row->address);
    guint count = names != NULL ? names->len : 0;

    zpci_row_reading_set(&row->interfaces, g_new0(char *, count + 1));
    zpci_row_reading_set(&row->interface_states, g_new0(char *, count + 1));
    for (guint i = 0; i < count; i++) {
        row->interfaces[i] = g_strdup(g_ptr_array_index(names, i));
        row->interface_states[i] = zpci_row_reading_read_state(reading->sysfs, row->interfaces[i]);
    }
}

static gboolean
zpci_row_reading_is_partition(int sysfs, const char *name)
{
    g_autofree char *path = g_build_filename(NAME_CLASS_BLOCK, name, NAME_BLOCK_PARTITION, NULL);

    return faccessat(sysfs, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

/* What is built upon them belongs to no function alone. */
static void
zpci_row_reading_add_disks(const ZpciRowReading *reading, ZpciRow *row)
{
    const GPtrArray *names = g_hash_table_lookup(reading->disks, row->address);
    g_autoptr(GPtrArray) devices =
        names != NULL ? block_device_list_upon(reading->sysfs, names, NULL) : NULL;
    g_autoptr(GStrvBuilder) disks = g_strv_builder_new();

    for (guint i = 0; devices != NULL && i < devices->len; i++) {
        const BlockDevice *device = g_ptr_array_index(devices, i);

        if (device->lower == NULL && !zpci_row_reading_is_partition(reading->sysfs, device->name))
            g_strv_builder_add(disks, device->name);
    }
    zpci_row_reading_set(&row->disks, g_strv_builder_end(disks));
}

static void
zpci_row_reading_add_place(const PciDevice *device, ZpciRow *row)
{
    char text[PCI_ADDRESS_TEXT_SIZE];

    row->class_code = device->class_code;
    /* No vendor has the number 0. */
    if (device->vendor != 0) {
        row->vendor = device->vendor;
        row->product = device->product;
    }
    row->numa_node = device->numa_node;
    if (device->physfn != NULL)
        row->physical = g_strdup(pci_address_format(device->physfn, text));
    row->max_virtual_functions = device->max_virtfns;
    zpci_row_reading_set(&row->virtual_functions, g_new0(char *, device->virtfns->len + 1));
    for (guint i = 0; i < device->virtfns->len; i++)
        row->virtual_functions[i] =
            g_strdup(pci_address_format(&g_array_index(device->virtfns, PciAddress, i), text));
}

static void
zpci_row_reading_add_device(const ZpciRowReading *reading, const PciAddress *address, ZpciRow *row)
{
    gboolean whole = (reading->parts & ZPCI_ROW_DEVICE) != 0;
    g_autoptr(PciDevice) device = pci_reading_read_plain(reading->host, address, whole, NULL);

    if (device == NULL)
        return;
    row->knows_driver = TRUE;
    row->driver = g_steal_pointer(&device->driver);
    row->is_vfio = device->is_vfio;
    row->iommu_group = device->iommu_group;
    if (whole)
        zpci_row_reading_add_place(device, row);
}

/* @row: (out) (transfer full) (nullable): %NULL if it is no zPCI function, or left */
static gboolean
zpci_row_reading_read_row(const ZpciRowReading *reading, const char *name, ZpciRow **row,
                          GError **error)
{
    g_autoptr(ZpciFunction) function = NULL;
    g_autoptr(GError) problem = NULL;
    char text[PCI_ADDRESS_TEXT_SIZE];
    PciAddress address;
    gboolean read = (reading->parts & ZPCI_ROW_FACTS) != 0
                        ? zpci_inventory_get_function(reading->inventory, name, &function, &problem)
                        : zpci_inventory_get_outline(reading->inventory, name, &function, &problem);

    *row = NULL;
    if (!read && !g_error_matches(problem, ZPCI_ERROR, ZPCI_ERROR_NOT_FOUND)) {
        g_propagate_error(error, g_steal_pointer(&problem));
        return FALSE;
    }
    if (function == NULL)
        return TRUE;
    *row = zpci_row_new(name, g_steal_pointer(&function));
    if (!node_device_name_parse(name, &address))
        return TRUE;
    (*row)->address = g_strdup(pci_address_format(&address, text));
    if ((reading->parts & (ZPCI_ROW_DEVICE | ZPCI_ROW_DRIVER)) != 0)
        zpci_row_reading_add_device(reading, &address, *row);
    if (reading->interfaces != NULL)
        zpci_row_reading_add_interfaces(reading, *row);
    if (reading->disks != NULL)
        zpci_row_reading_add_disks(reading, *row);
    return TRUE;
}

GPtrArray *
zpci_row_reading_read(ZpciInventory *inventory, char **names, ZpciRowParts parts, GError **error)
{
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)zpci_row_unref);
    const ZpciHost *host = zpci_inventory_get_host(inventory);
    g_auto(ZpciRowReading) reading = { .inventory = inventory, .host = host, .parts = parts };

    reading.sysfs = zpci_host_get_sysfs(host);
    /* Who uses a function is found by what else it has. */
    if ((parts & ZPCI_ROW_HOLDER) != 0)
        reading.parts |= ZPCI_ROW_DRIVER | ZPCI_ROW_INTERFACES | ZPCI_ROW_DISKS;
    if (!zpci_row_reading_index(&reading, NAME_CLASS_NET, ZPCI_ROW_INTERFACES, &reading.interfaces,
                                error) ||
        !zpci_row_reading_index(&reading, NAME_CLASS_BLOCK, ZPCI_ROW_DISKS, &reading.disks, error))
        return NULL;
    for (; *names != NULL; names++) {
        ZpciRow *row;

        if (!zpci_row_reading_read_row(&reading, *names, &row, error))
            return NULL;
        if (row != NULL)
            g_ptr_array_add(rows, row);
    }
    if ((parts & ZPCI_ROW_HOLDER) != 0)
        zpci_holder_reading_fill(host, rows);
    return g_steal_pointer(&rows);
}
