/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "pci-slot.h"

#include <string.h>

#include "names.h"
#include "number.h"
#include "sysfs.h"
#include "zpci-host-private.h"

#define PCI_SLOT_NAME_DIGITS 8

char *
pci_slot_get_path(guint32 fid)
{
    return g_strdup_printf(NAME_PCI_SLOTS "/%08x", fid);
}

gboolean
pci_slot_parse_name(const char *name, guint32 *fid)
{
    const char *end;
    guint64 value;

    if (strlen(name) != PCI_SLOT_NAME_DIGITS ||
        strspn(name, "0123456789abcdef") != PCI_SLOT_NAME_DIGITS ||
        !number_parse_hex_digits(name, G_MAXUINT32, &end, &value))
        return FALSE;
    *fid = (guint32)value;
    return TRUE;
}

char *
pci_slot_get_power_path(guint32 fid)
{
    return g_strdup_printf(NAME_PCI_SLOTS "/%08x/" NAME_SLOT_POWER, fid);
}

PciSlotState
pci_slot_get_state(const ZpciHost *host, guint32 fid)
{
    g_autofree char *path = pci_slot_get_power_path(fid);
    char power[SYSFS_ATTRIBUTE_MAX + 1];

    if (sysfs_read_text(zpci_host_get_sysfs(host), path, power, NULL) != SYSFS_READ)
        return PCI_SLOT_ABSENT;
    if (strcmp(power, PCI_SLOT_POWER_OFF) == 0)
        return PCI_SLOT_STANDBY;
    return strcmp(power, PCI_SLOT_POWER_ON) == 0 ? PCI_SLOT_CONFIGURED : PCI_SLOT_ABSENT;
}

static int
pci_slot_compare(gconstpointer a, gconstpointer b)
{
    guint32 first = *(const guint32 *)a, second = *(const guint32 *)b;

    return first < second ? -1 : first > second;
}

GArray *
pci_slot_list_standby(const ZpciHost *host, GError **error)
{
    g_autoptr(GArray) fids = g_array_new(FALSE, FALSE, sizeof(guint32));
    g_autoptr(GPtrArray) names =
        sysfs_list_if_there(zpci_host_get_sysfs(host), NAME_PCI_SLOTS, error);

    if (names == NULL)
        return NULL;
    for (guint i = 0; i < names->len; i++) {
        guint32 fid;

        if (pci_slot_parse_name(g_ptr_array_index(names, i), &fid) &&
            pci_slot_get_state(host, fid) == PCI_SLOT_STANDBY)
            g_array_append_val(fids, fid);
    }
    g_array_sort(fids, pci_slot_compare);
    return g_steal_pointer(&fids);
}

gboolean
pci_slot_get_fid(const ZpciHost *host, const PciAddress *address, guint32 *fid)
{
    g_autofree char *path = zpci_host_find(host, address, NULL);
    g_autofree char *attribute = NULL;
    char text[SYSFS_ATTRIBUTE_MAX + 1];
    guint64 value;

    if (path == NULL)
        return FALSE;
    attribute = g_build_filename(path, NAME_FUNCTION_ID, NULL);
    if (sysfs_read_text(zpci_host_get_sysfs(host), attribute, text, NULL) != SYSFS_READ ||
        !number_parse(text, G_MAXUINT32, &value, NULL))
        return FALSE;
    *fid = (guint32)value;
    return TRUE;
}
