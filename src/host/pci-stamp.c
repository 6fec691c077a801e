/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "pci-stamp.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "names.h"
#include "number.h"
#include "pci-snapshot-reading.h"
#include "pci-snapshot-table.h"
#include "sysfs.h"
#include "vfio-device.h"
#include "zpci-attribute.h"
#include "zpci-host-private.h"

#define NANOSECONDS G_GINT64_CONSTANT(1000000000)

/* The kernel's own sysfs.
 *
 * Nearly all that changes comes with an event, and the kernel counts them. Without one go: a driver
 * that takes a function and gives it up again (really_probe() in drivers/base/dd.c), the node of
 * NUMA that somebody writes (numa_node_store() in drivers/pci/pci-sysfs.c), and UID checking that
 * is switched (arch/s390/pci/pci_clp.c). */

static char *
pci_stamp_format(const char *events, const PciLife *life, const char *driver, int node,
                 guint64 unique)
{
    return g_strdup_printf("%s %" G_GUINT64_FORMAT " %d %" G_GUINT64_FORMAT " %s", events,
                           life->inode, node, unique, driver != NULL ? driver : "");
}

/* What cannot be read counts as missing. */
static guint64
pci_stamp_read_number(int directory, const char *name, guint64 maximum)
{
    char text[SYSFS_ATTRIBUTE_MAX + 1];
    guint64 value;

    return sysfs_read_text(directory, name, text, NULL) == SYSFS_READ &&
                   number_parse(text, maximum, &value, NULL)
               ? value
               : G_MAXUINT64;
}

/* Only what is a zPCI function has it, as what is kept of a function knows. */
static guint64
pci_stamp_read_unique(const ZpciHost *host, int directory, const PciAddress *address,
                      const PciLife *life)
{
    g_autoptr(PciSnapshot) known =
        pci_snapshot_table_find(zpci_host_get_snapshots(host), address, life);

    if (known != NULL && (known->parts & PCI_SNAPSHOT_FACTS) != 0 && known->facts == NULL)
        return G_MAXUINT64;
    return pci_stamp_read_number(directory, NAME_UID_IS_UNIQUE, 1);
}

static char *
pci_stamp_read_kernel(const ZpciHost *host, const PciAddress *address)
{
    char events[ZPCI_HOST_EVENTS_SIZE];
    char name[PCI_ADDRESS_TEXT_SIZE];
    char link[sizeof NAME_PCI_DEVICES + PCI_ADDRESS_TEXT_SIZE];
    g_autofree char *driver = NULL;
    PciLife life = { 0 };
    guint64 node, unique;
    int directory;

    /* The kernel's own link leads to where it says. */
    g_snprintf(link, sizeof link, "%s/%s", NAME_PCI_DEVICES, pci_address_format(address, name));
    if (!zpci_host_read_events(host, events) ||
        (directory = sysfs_open_place(zpci_host_get_sysfs(host), link, NULL)) < 0)
        return NULL;
    pci_snapshot_reading_get_life(host, directory, "", &life);
    driver = sysfs_read_link_name(directory, NAME_DRIVER);
    node = pci_stamp_read_number(directory, NAME_NUMA_NODE, G_MAXINT32);
    unique = pci_stamp_read_unique(host, directory, address, &life);
    close(directory);
    return pci_stamp_format(events, &life, driver, (int)node, unique);
}

static char *
pci_stamp_end_kernel(const char *events, const PciSnapshot *snapshot, const PciDevice *device)
{
    guint64 unique = G_MAXUINT64;

    if (device->zpci != NULL)
        zpci_function_get(device->zpci, ZPCI_FACT_UID_UNIQUE, &unique);
    return pci_stamp_format(events, &snapshot->life, device->driver, device->numa_node, unique);
}

/* The chain comes when a function has been bound for long enough, or has become free; CLP is asked
 * anew where it failed. */
static gboolean
pci_stamp_is_settled_kernel(int directory, const ZpciFunction *function)
{
    ZpciSource source = zpci_function_get_source(function, ZPCI_FACT_DASM);

    return source == ZPCI_SOURCE_VFIO ||
           (source == ZPCI_SOURCE_CLP && !vfio_device_has_driver(directory, "."));
}

/* Files that look like it, on a disk or in memory of this machine.
 *
 * Whoever writes a file or changes the entries of a directory moves its time of change forward, and
 * nobody can move it back. The directory of a function has its links in it, so that none of these
 * is looked at. What was not there is not looked at again: it cannot come without a change of its
 * directory, which is. */

/* The first bits of those that are there. */
enum {
    PCI_STAMP_VFIO = 1 << 0,
    PCI_STAMP_CLP = 1 << 1,
};

/* One step of multiplication and shift for each number, so that each bit of it counts. */
static void
pci_stamp_mix(PciStampTimes *times, guint64 number)
{
    times->digest = (times->digest ^ number) * G_GUINT64_CONSTANT(0x9e3779b97f4a7c15);
    times->digest ^= times->digest >> 32;
}

/* @bit: what the next file has in @present
 * @wanted: of these bits, those of the files that are looked at */
typedef struct {
    PciStampTimes times;
    guint bit;
    guint wanted;
} PciStampLook;

/* Returns: whether it is there. */
static gboolean
pci_stamp_look_at(PciStampLook *look, int directory, const char *path, int flags)
{
    PciStampTimes *times = &look->times;
    struct stat status;
    gint64 changed;

    if (fstatat(directory, path, &status, flags) < 0) {
        pci_stamp_mix(times, 0);
        return FALSE;
    }
    changed = (gint64)status.st_ctim.tv_sec * NANOSECONDS + status.st_ctim.tv_nsec;
    times->latest = MAX(times->latest, changed);
    pci_stamp_mix(times, status.st_dev);
    pci_stamp_mix(times, status.st_ino);
    pci_stamp_mix(times, (guint64)changed);
    return TRUE;
}

/* The next of those whose directory is looked at, too. */
static void
pci_stamp_look_at_entry(PciStampLook *look, int directory, const char *path, int flags)
{
    if ((look->wanted & look->bit) == 0)
        pci_stamp_mix(&look->times, 0);
    else if (pci_stamp_look_at(look, directory, path, flags))
        look->times.present |= look->bit;
    look->bit <<= 1;
}

static void
pci_stamp_look_at_function(PciStampLook *look, int directory)
{
    guint count;
    const ZpciAttribute *attributes = zpci_attribute_list(&count);

    pci_stamp_look_at(look, directory, "", AT_EMPTY_PATH);
    pci_stamp_look_at(look, directory, NAME_IOMMU_GROUP "/devices", 0);
    pci_stamp_look_at_entry(look, directory, NAME_NUMA_NODE, AT_SYMLINK_NOFOLLOW);
    pci_stamp_look_at_entry(look, directory, NAME_SRIOV_TOTALVFS, AT_SYMLINK_NOFOLLOW);
    pci_stamp_look_at_entry(look, directory, NAME_CONFIG, AT_SYMLINK_NOFOLLOW);
    for (guint i = 0; i < count; i++) {
        for (guint j = 0; attributes[i].changes && attributes[i].names[j] != NULL; j++)
            pci_stamp_look_at_entry(look, directory, attributes[i].names[j], AT_SYMLINK_NOFOLLOW);
    }
}

/* What would let a function be asked: a change of which makes all of a host's documents anew. */
static void
pci_stamp_look_at_nodes(PciStampLook *look, const ZpciHost *host)
{
    const char *dev = zpci_host_get_access(host)->dev;
    g_autofree char *vfio = g_build_filename(dev, NAME_DEV_VFIO, NULL);
    g_autofree char *clp = g_build_filename(dev, NAME_DEV_CLP, NULL);

    pci_stamp_look_at(look, AT_FDCWD, dev, 0);
    pci_stamp_look_at_entry(look, AT_FDCWD, vfio, 0);
    pci_stamp_look_at_entry(look, AT_FDCWD, clp, 0);
}

static PciStampTimes
pci_stamp_get_times(const ZpciHost *host, const char *path, int directory, guint wanted)
{
    PciStampLook look = { .bit = 1, .wanted = wanted };

    for (const char *letter = path; *letter != '\0'; letter++)
        pci_stamp_mix(&look.times, (guint8)*letter);
    pci_stamp_look_at_nodes(&look, host);
    pci_stamp_look_at_function(&look, directory);
    return look.times;
}

static char *
pci_stamp_format_times(const PciStampTimes *times)
{
    return g_strdup_printf("%x %" G_GINT64_MODIFIER "x %" G_GINT64_MODIFIER "x", times->present,
                           (guint64)times->latest, times->digest);
}

static gboolean
pci_stamp_begin_files(const ZpciHost *host, const char *path, int directory, PciStamp *stamp)
{
    gint64 now = zpci_host_get_time(host);

    stamp->times = pci_stamp_get_times(host, path, directory, G_MAXUINT);
    return stamp->times.latest <= now - PCI_STAMP_QUIET_SECONDS * NANOSECONDS;
}

/* What a device says of itself comes without any file that changes, so there has to be no way to
 * ask it. */
static gboolean
pci_stamp_is_settled_files(const ZpciHost *host, const PciStampTimes *times, int directory)
{
    g_autofree char *group = NULL;
    g_autofree char *node = NULL;

    if ((times->present & PCI_STAMP_CLP) != 0 ||
        faccessat(directory, NAME_VFIO_DEV, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
        return FALSE;
    if ((times->present & PCI_STAMP_VFIO) == 0)
        return TRUE;
    group = sysfs_read_link_name(directory, NAME_IOMMU_GROUP);
    node = g_build_filename(zpci_host_get_access(host)->dev, NAME_DEV_VFIO, group, NULL);
    return group == NULL || access(node, F_OK) != 0;
}

static gboolean
pci_stamp_holds_files(const ZpciHost *host, const PciAddress *address, const char *stamp)
{
    g_autofree char *path = zpci_host_find(host, address, NULL);
    g_autofree char *now = NULL;
    PciStampTimes times;
    int directory;

    if (path == NULL || (directory = sysfs_open_place(zpci_host_get_sysfs(host), path, NULL)) < 0)
        return FALSE;
    times = pci_stamp_get_times(host, path, directory, (guint)g_ascii_strtoull(stamp, NULL, 16));
    close(directory);
    now = pci_stamp_format_times(&times);
    return strcmp(now, stamp) == 0;
}

gboolean
pci_stamp_begin(const ZpciHost *host, const char *path, int directory, PciStamp *stamp)
{
    *stamp = (PciStamp){ 0 };
    if (zpci_host_is_kernel(host))
        return zpci_host_read_events(host, stamp->events);
    return zpci_host_is_local(host) && pci_stamp_begin_files(host, path, directory, stamp);
}

char *
pci_stamp_end(const ZpciHost *host, const PciStamp *begun, int directory,
              const PciSnapshot *snapshot, const PciDevice *device)
{
    gboolean is_kernel = zpci_host_is_kernel(host);

    /* The number of mediated devices that are left goes up after the event. What could not be read
     * is tried again; but the kernel's own files do not become readable by themselves. */
    if (device->mdev_types->len > 0 || (!is_kernel && snapshot->parts != PCI_SNAPSHOT_ALL))
        return NULL;
    if (device->zpci != NULL &&
        !(is_kernel ? pci_stamp_is_settled_kernel(directory, device->zpci)
                    : pci_stamp_is_settled_files(host, &begun->times, directory)))
        return NULL;
    return is_kernel ? pci_stamp_end_kernel(begun->events, snapshot, device)
                     : pci_stamp_format_times(&begun->times);
}

gboolean
pci_stamp_holds(const ZpciHost *host, const PciAddress *address, const char *stamp)
{
    g_autofree char *now = NULL;

    if (!zpci_host_is_kernel(host))
        return zpci_host_is_local(host) && pci_stamp_holds_files(host, address, stamp);
    now = pci_stamp_read_kernel(host, address);
    return g_strcmp0(now, stamp) == 0;
}
