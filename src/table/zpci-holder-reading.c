/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-holder-reading.h"

#include <glib/gi18n-lib.h>

#include "block-device.h"
#include "block-use.h"
#include "names.h"
#include "net-use.h"
#include "process-use.h"
#include "sysfs.h"
#include "zpci-guests.h"
#include "zpci-host-private.h"

/* @groups: the numbers of IOMMU groups (int) to ZpciHolder: through VFIO a group is held as a
 * whole; @vfio_groups: those of which a function has a driver of VFIO; @guests: (nullable): what
 * libvirt tells, by address, and @group_guests the same by group, as long as that */
typedef struct {
    const HostAccess *access;
    int sysfs;
    GHashTable *processes;
    GError *unseen;
    GHashTable *vfio_groups;
    GHashTable *groups;
    GHashTable *guests;
    GHashTable *group_guests;
} ZpciHolderReading;

static void
zpci_holder_reading_clear(ZpciHolderReading *reading)
{
    g_clear_pointer(&reading->processes, g_hash_table_unref);
    g_clear_error(&reading->unseen);
    g_clear_pointer(&reading->vfio_groups, g_hash_table_unref);
    g_clear_pointer(&reading->groups, g_hash_table_unref);
    g_clear_pointer(&reading->group_guests, g_hash_table_unref);
    g_clear_pointer(&reading->guests, g_hash_table_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ZpciHolderReading, zpci_holder_reading_clear)

static ZpciHolder *
zpci_holder_reading_make(const ProcessHolder *process)
{
    return process->guest != NULL
               ? zpci_holder_new(ZPCI_HOLDER_GUEST, process->guest, process->process)
               : zpci_holder_new(ZPCI_HOLDER_PROCESS, process->program, process->process);
}

/* Returns (transfer full) (element-type utf8): the nodes below /dev through which the row alone is
 * held, then those for its whole group. */
static GPtrArray *
zpci_holder_reading_list_nodes(const ZpciHolderReading *reading, const ZpciRow *row)
{
    g_autofree char *path = g_build_filename(NAME_PCI_DEVICES, row->address, NAME_VFIO_DEV, NULL);
    g_autoptr(GPtrArray) children = sysfs_list_if_there(reading->sysfs, path, NULL);
    GPtrArray *nodes = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; children != NULL && i < children->len; i++)
        g_ptr_array_add(
            nodes, g_build_filename(NAME_DEV_VFIO_DEVICES, g_ptr_array_index(children, i), NULL));
    if (row->iommu_group >= 0) {
        g_ptr_array_add(nodes, g_strdup_printf(NAME_DEV_VFIO "/%d", row->iommu_group));
        g_ptr_array_add(nodes, g_strdup_printf(NAME_DEV_VFIO "/noiommu-%d", row->iommu_group));
    }
    return nodes;
}

/* Returns (transfer full): the row's disks and all that is built upon them. */
static GPtrArray *
zpci_holder_reading_list_devices(const ZpciHolderReading *reading, const ZpciRow *row)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    GPtrArray *devices;

    for (guint i = 0; row->disks != NULL && row->disks[i] != NULL; i++)
        g_ptr_array_add(names, row->disks[i]);
    devices = block_device_list_upon(reading->sysfs, names, NULL);
    return devices != NULL ? devices : g_ptr_array_new();
}

static void
zpci_holder_reading_add_nodes(const ZpciHolderReading *reading, const ZpciRow *row,
                              const GPtrArray *devices, GPtrArray *nodes)
{
    g_autoptr(GPtrArray) own = zpci_holder_reading_list_nodes(reading, row);

    for (guint i = 0; i < own->len; i++)
        g_ptr_array_add(nodes, g_strdup(g_ptr_array_index(own, i)));
    for (guint i = 0; i < devices->len; i++)
        g_ptr_array_add(nodes, block_device_get_node(g_ptr_array_index(devices, i)));
}

/* Returns (nullable): who has one of the nodes. */
static const ProcessHolder *
zpci_holder_reading_find_process(const ZpciHolderReading *reading, const GPtrArray *nodes)
{
    const ProcessHolder *process = NULL;

    for (guint i = 0; reading->processes != NULL && process == NULL && i < nodes->len; i++)
        process = g_hash_table_lookup(reading->processes, g_ptr_array_index(nodes, i));
    return process;
}

static void
zpci_holder_reading_note_group(const ZpciHolderReading *reading, const ZpciRow *row)
{
    g_autoptr(GPtrArray) nodes = zpci_holder_reading_list_nodes(reading, row);
    const ProcessHolder *process = zpci_holder_reading_find_process(reading, nodes);

    if (row->iommu_group < 0)
        return;
    if (row->is_vfio)
        g_hash_table_add(reading->vfio_groups, GINT_TO_POINTER(row->iommu_group));
    if (process != NULL)
        g_hash_table_insert(reading->groups, GINT_TO_POINTER(row->iommu_group), (gpointer)process);
}

/* Returns (transfer full) (nullable): who holds the function through VFIO. */
static ZpciHolder *
zpci_holder_reading_find_vfio(const ZpciHolderReading *reading, const ZpciRow *row)
{
    g_autoptr(GPtrArray) nodes = zpci_holder_reading_list_nodes(reading, row);
    const ProcessHolder *process = zpci_holder_reading_find_process(reading, nodes);

    if (process == NULL && row->iommu_group >= 0)
        process = g_hash_table_lookup(reading->groups, GINT_TO_POINTER(row->iommu_group));
    return process != NULL ? zpci_holder_reading_make(process) : NULL;
}

static ZpciHolder *
zpci_holder_reading_make_of_block(const BlockUse *use)
{
    switch (use->kind) {
    case BLOCK_USE_MOUNT:
        return zpci_holder_new(ZPCI_HOLDER_MOUNT, use->place, 0);
    case BLOCK_USE_SWAP:
        return zpci_holder_new(ZPCI_HOLDER_SWAP, use->device->name, 0);
    case BLOCK_USE_BTRFS:
        return zpci_holder_new(ZPCI_HOLDER_MOUNT, "btrfs", 0);
    case BLOCK_USE_UPPER:
    default:
        return zpci_holder_new(
            ZPCI_HOLDER_DISK, use->device->mapped != NULL ? use->device->mapped : use->device->name,
            0);
    }
}

/* Returns (transfer full) (nullable). */
static ZpciHolder *
zpci_holder_reading_find_net(const ZpciHolderReading *reading, const ZpciRow *row)
{
    ZpciHolder *holder = NULL;

    for (guint i = 0; row->interfaces != NULL && row->interfaces[i] != NULL; i++) {
        const char *name = row->interfaces[i];
        g_autofree char *path = g_build_filename(NAME_CLASS_NET, name, NAME_NET_MASTER, NULL);
        g_autofree char *master = sysfs_read_link_name(reading->sysfs, path);
        gboolean up = FALSE;

        if (master != NULL) {
            zpci_holder_free(holder);
            return zpci_holder_new(ZPCI_HOLDER_MASTER, master, 0);
        }
        if (holder == NULL && net_use_read_up(reading->sysfs, name, &up, NULL) && up)
            holder = zpci_holder_new(ZPCI_HOLDER_INTERFACE, name, 0);
    }
    return holder;
}

/* Whether somebody may have it through VFIO. */
static gboolean
zpci_holder_reading_has_vfio(const ZpciHolderReading *reading, const ZpciRow *row)
{
    return row->is_vfio ||
           (row->iommu_group >= 0 &&
            g_hash_table_contains(reading->vfio_groups, GINT_TO_POINTER(row->iommu_group)));
}

/* What holders could be hidden from us: with VFIO, and of disks. */
static gboolean
zpci_holder_reading_may_be_hidden(const ZpciHolderReading *reading, const ZpciRow *row)
{
    return reading->unseen != NULL && ((row->disks != NULL && row->disks[0] != NULL) ||
                                       zpci_holder_reading_has_vfio(reading, row));
}

/* Returns (nullable): the guest that libvirt says has the function, or another of its group. */
static const char *
zpci_holder_reading_find_guest(const ZpciHolderReading *reading, const ZpciRow *row)
{
    const char *guest =
        reading->guests != NULL ? g_hash_table_lookup(reading->guests, row->address) : NULL;

    if (guest == NULL && reading->guests != NULL && row->iommu_group >= 0)
        guest = g_hash_table_lookup(reading->group_guests, GINT_TO_POINTER(row->iommu_group));
    return guest;
}

/* libvirt is asked only if something could have a function that we do not see. */
static void
zpci_holder_reading_ask_libvirt(ZpciHolderReading *reading, const GPtrArray *rows)
{
    g_autoptr(GError) problem = NULL;
    g_autofree char *message = NULL;
    gboolean is_needed = FALSE;

    for (guint i = 0; reading->unseen != NULL && i < rows->len && !is_needed; i++)
        is_needed = zpci_holder_reading_has_vfio(reading, g_ptr_array_index(rows, i));
    if (!is_needed || reading->access->guests == NULL)
        return;
    reading->guests =
        zpci_guests_read(reading->access->guests, ZPCI_GUESTS_WAIT_MILLISECONDS, &problem);
    if (reading->guests == NULL) {
        message = g_strdup_printf("%s %s", reading->unseen->message, problem->message);
        g_free(reading->unseen->message);
        reading->unseen->message = g_steal_pointer(&message);
        return;
    }
    reading->group_guests = g_hash_table_new(g_direct_hash, g_direct_equal);
    for (guint i = 0; i < rows->len; i++) {
        const ZpciRow *row = g_ptr_array_index(rows, i);
        gpointer guest = g_hash_table_lookup(reading->guests, row->address);

        if (guest != NULL && row->iommu_group >= 0)
            g_hash_table_insert(reading->group_guests, GINT_TO_POINTER(row->iommu_group), guest);
    }
}

/* Which process it is cannot be told in any case. */
static void
zpci_holder_reading_fill_hidden(const ZpciHolderReading *reading, ZpciRow *row)
{
    const char *guest = zpci_holder_reading_find_guest(reading, row);

    if (guest != NULL && zpci_holder_reading_has_vfio(reading, row))
        row->holder = zpci_holder_new(ZPCI_HOLDER_GUEST, guest, 0);
    row->holder_reason = g_strdup(reading->unseen->message);
}

static void
zpci_holder_reading_fill_row(const ZpciHolderReading *reading, ZpciRow *row,
                             const GPtrArray *devices, GHashTable *uses)
{
    g_autoptr(GPtrArray) nodes = g_ptr_array_new_with_free_func(g_free);
    const ProcessHolder *process;

    row->holder = zpci_holder_reading_find_vfio(reading, row);
    for (guint i = 0; row->holder == NULL && i < devices->len; i++) {
        const BlockUse *use = g_hash_table_lookup(uses, g_ptr_array_index(devices, i));

        g_ptr_array_add(nodes, block_device_get_node(g_ptr_array_index(devices, i)));
        if (use != NULL)
            row->holder = zpci_holder_reading_make_of_block(use);
    }
    process = zpci_holder_reading_find_process(reading, nodes);
    if (row->holder == NULL && process != NULL)
        row->holder = zpci_holder_reading_make(process);
    if (row->holder == NULL)
        row->holder = zpci_holder_reading_find_net(reading, row);
    if (row->holder != NULL)
        return;
    if (zpci_holder_reading_may_be_hidden(reading, row))
        zpci_holder_reading_fill_hidden(reading, row);
    else
        row->holder = zpci_holder_new(ZPCI_HOLDER_NOBODY, NULL, 0);
}

/* Returns (transfer full): the first use of each device; what cannot be told is as if hidden. */
static GHashTable *
zpci_holder_reading_index_uses(ZpciHolderReading *reading, const GPtrArray *all, GPtrArray **uses)
{
    GHashTable *index = g_hash_table_new(g_direct_hash, g_direct_equal);
    GError **problem = reading->unseen == NULL ? &reading->unseen : NULL;

    *uses = block_use_list(reading->sysfs, reading->access->proc, all, problem);
    for (guint i = 0; *uses != NULL && i < (*uses)->len; i++) {
        const BlockUse *use = g_ptr_array_index(*uses, i);

        if (!g_hash_table_contains(index, use->device))
            g_hash_table_insert(index, (gpointer)use->device, (gpointer)use);
    }
    return index;
}

/* What is in standby nobody can use. Returns: whether there is anything to look for. */
static gboolean
zpci_holder_reading_begin(const ZpciHolderReading *reading, ZpciRow *row)
{
    if (row->address == NULL)
        row->holder = zpci_holder_new(ZPCI_HOLDER_NOBODY, NULL, 0);
    else if (reading->access == NULL)
        row->holder_reason = g_strdup(_("A captured host does not tell who uses its functions."));
    return row->address != NULL && reading->access != NULL;
}

/* @rows: those to look for; @devices: (element-type GPtrArray): the block devices of each */
static void
zpci_holder_reading_search(ZpciHolderReading *reading, const GPtrArray *rows,
                           const GPtrArray *devices)
{
    g_autoptr(GPtrArray) nodes = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) all = g_ptr_array_new();
    g_autoptr(GPtrArray) uses = NULL;
    g_autoptr(GHashTable) index = NULL;

    for (guint i = 0; i < rows->len; i++) {
        const GPtrArray *own = g_ptr_array_index(devices, i);

        zpci_holder_reading_add_nodes(reading, g_ptr_array_index(rows, i), own, nodes);
        for (guint k = 0; k < own->len; k++)
            g_ptr_array_add(all, g_ptr_array_index(own, k));
    }
    /* If none can be looked at, all are unseen. */
    reading->processes = process_use_index(reading->access->proc, reading->access->dev, nodes,
                                           &reading->unseen, &reading->unseen);
    index = zpci_holder_reading_index_uses(reading, all, &uses);
    for (guint i = 0; i < rows->len; i++)
        zpci_holder_reading_note_group(reading, g_ptr_array_index(rows, i));
    zpci_holder_reading_ask_libvirt(reading, rows);
    for (guint i = 0; i < rows->len; i++)
        zpci_holder_reading_fill_row(reading, g_ptr_array_index(rows, i),
                                     g_ptr_array_index(devices, i), index);
}

void
zpci_holder_reading_fill(const ZpciHost *host, GPtrArray *rows)
{
    g_auto(ZpciHolderReading) reading = { .access = zpci_host_get_access(host) };
    g_autoptr(GPtrArray) sought = g_ptr_array_new();
    g_autoptr(GPtrArray) devices =
        g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);

    reading.sysfs = zpci_host_get_sysfs(host);
    reading.groups = g_hash_table_new(g_direct_hash, g_direct_equal);
    reading.vfio_groups = g_hash_table_new(g_direct_hash, g_direct_equal);
    for (guint i = 0; i < rows->len; i++) {
        ZpciRow *row = g_ptr_array_index(rows, i);

        if (!zpci_holder_reading_begin(&reading, row))
            continue;
        g_ptr_array_add(sought, row);
        g_ptr_array_add(devices, zpci_holder_reading_list_devices(&reading, row));
    }
    if (sought->len > 0)
        zpci_holder_reading_search(&reading, sought, devices);
}
