/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "pci-snapshot-reading.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <sys/stat.h>

#include "names.h"
#include "number.h"
#include "pci-device.h"
#include "sysfs.h"
#include "zpci-error.h"
#include "zpci-host-private.h"
#include "zpci-reading.h"

#define NANOSECONDS G_GINT64_CONSTANT(1000000000)

gboolean
pci_snapshot_reading_get_life(const ZpciHost *host, int directory, const char *path, PciLife *life)
{
    struct stat status;

    if (fstatat(directory, path, &status, path[0] == '\0' ? AT_EMPTY_PATH : 0) < 0)
        return FALSE;
    life->device = status.st_dev;
    life->inode = status.st_ino;
    life->changed = zpci_host_is_kernel(host)
                        ? 0
                        : (gint64)status.st_ctim.tv_sec * NANOSECONDS + status.st_ctim.tv_nsec;
    return TRUE;
}

static gboolean
pci_snapshot_reading_read_id(int directory, const char *name, guint16 *id, GError **error)
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

/* A damaged one counts as missing. */
static void
pci_snapshot_reading_read_class(int directory, PciSnapshot *snapshot)
{
    char text[SYSFS_ATTRIBUTE_MAX + 1];
    SysfsResult result = sysfs_read_text(directory, NAME_CLASS, text, NULL);
    guint64 code;

    snapshot->class_code = PCI_DEVICE_UNKNOWN;
    if (result == SYSFS_READ && number_parse(text, 0xffffff, &code, NULL))
        snapshot->class_code = (gint32)code;
    else if (result != SYSFS_ABSENT)
        snapshot->parts &= ~PCI_SNAPSHOT_DEVICE;
}

static void
pci_snapshot_reading_read_config(const ZpciHost *host, int directory, PciSnapshot *snapshot)
{
    guint8 config[PCI_CONFIG_SIZE];
    struct stat status;
    gsize length;

    if (!zpci_host_is_privileged(host))
        return;
    switch (sysfs_read_bytes(directory, NAME_CONFIG, config, sizeof config, &length, NULL)) {
    case SYSFS_READ:
        if (fstatat(directory, NAME_CONFIG, &status, AT_SYMLINK_NOFOLLOW) == 0)
            snapshot->config = pci_config_parse(config, length, (gsize)status.st_size);
        break;
    case SYSFS_UNREADABLE:
        snapshot->parts &= ~PCI_SNAPSHOT_DEVICE;
        break;
    case SYSFS_ABSENT:
    default:
        break;
    }
}

/* VPD is an extra, so damage costs no more than itself. */
static void
pci_snapshot_reading_read_vpd(int directory, const char *name, PciSnapshot *snapshot)
{
    /* Few have any, so no memory is taken for it. */
    guint8 bytes[PCI_VPD_MAX_SIZE];
    g_autoptr(GError) error = NULL;
    SysfsResult result;
    gsize size;

    result = sysfs_read_bytes(directory, NAME_VPD, bytes, sizeof bytes, &size, &error);
    if (result == SYSFS_READ)
        snapshot->vpd = pci_vpd_parse(bytes, size, &error);
    else if (result == SYSFS_UNREADABLE)
        snapshot->parts &= ~PCI_SNAPSHOT_DEVICE;
    if (error != NULL)
        g_debug("%s is shown without VPD: %s", name, error->message);
}

static void
pci_snapshot_reading_read_facts(int directory, PciSnapshot *snapshot)
{
    g_auto(ZpciFacts) facts = { 0 };

    if (zpci_reading_read_constant(directory, &facts))
        snapshot->parts |= PCI_SNAPSHOT_FACTS;
    if (zpci_reading_is_zpci(&facts))
        snapshot->facts = zpci_facts_copy(&facts);
}

static gboolean
pci_snapshot_reading_read_device(const ZpciHost *host, int directory, const char *name,
                                 PciSnapshot *snapshot, GError **error)
{
    if (!pci_snapshot_reading_read_id(directory, NAME_VENDOR, &snapshot->vendor, error) ||
        !pci_snapshot_reading_read_id(directory, NAME_DEVICE, &snapshot->product, error))
        return FALSE;
    snapshot->parts |= PCI_SNAPSHOT_DEVICE;
    pci_snapshot_reading_read_class(directory, snapshot);
    pci_snapshot_reading_read_config(host, directory, snapshot);
    pci_snapshot_reading_read_vpd(directory, name, snapshot);
    return TRUE;
}

PciSnapshot *
pci_snapshot_reading_read(const ZpciHost *host, int directory, const char *name,
                          const PciLife *life, const PciSnapshot *known, PciSnapshotParts parts,
                          GError **error)
{
    g_autoptr(PciSnapshot) snapshot = pci_snapshot_copy(known);
    PciSnapshotParts missing = parts & ~snapshot->parts;

    snapshot->life = *life;
    if ((missing & PCI_SNAPSHOT_DEVICE) != 0 &&
        !pci_snapshot_reading_read_device(host, directory, name, snapshot, error))
        return NULL;
    if ((missing & PCI_SNAPSHOT_FACTS) != 0)
        pci_snapshot_reading_read_facts(directory, snapshot);
    return g_steal_pointer(&snapshot);
}
