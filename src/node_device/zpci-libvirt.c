/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-libvirt.h"

#include <libvirt/libvirt.h>

#include "libvirt-release.h"

/* Bits that name capabilities, those of releases to come among them. */
#define CAPABILITIES 0x0fffffffU

#define PERSISTENT (1U << 28)
#define TRANSIENT (1U << 29)

#define INACTIVE VIR_CONNECT_LIST_NODE_DEVICES_INACTIVE
#define ACTIVE VIR_CONNECT_LIST_NODE_DEVICES_ACTIVE

/* Bit n of the flags asks for name n. */
static const char *const names[] = {
    "system",      "pci",        "usb_device", "usb",     "net",      "scsi_host",
    "scsi_target", "scsi",       "storage",    "fc_host", "vports",   "scsi_generic",
    "drm",         "mdev_types", "mdev",       "ccw",     "css",      "vdpa",
    "ap_card",     "ap_queue",   "ap_matrix",  "vpd",     "ccwgroup", "ccwgroup_member",
};

gulong
zpci_libvirt_get_version(gulong *newest)
{
    if (newest != NULL)
        *newest = LIBVIRT_RELEASE_NEWEST;
    return libvirt_release_get_number();
}

guint
zpci_libvirt_get_list_flags(void)
{
    return libvirt_release_get()->list_flags;
}

guint
zpci_libvirt_get_xml_flags(void)
{
    return libvirt_release_get()->xml_flags;
}

const char **
zpci_libvirt_get_capabilities(guint flags)
{
    g_autofree const char **asked = NULL;
    guint n = 0;

    if ((flags & CAPABILITIES) == 0)
        return NULL;

    asked = g_new0(const char *, G_N_ELEMENTS(names) + 1);
    for (guint bit = 0; bit < G_N_ELEMENTS(names); bit++) {
        if ((flags & 1U << bit) != 0)
            asked[n++] = names[bit];
    }
    return g_steal_pointer(&asked);
}

/* Flags of neither state do not restrict a list. */
ZpciStates
zpci_libvirt_get_states(guint flags)
{
    ZpciStates states = 0;

    if ((flags & ACTIVE) != 0)
        states |= ZPCI_STATE_ACTIVE;
    if ((flags & INACTIVE) != 0)
        states |= ZPCI_STATE_INACTIVE;
    return states != 0 ? states : ZPCI_STATE_ANY;
}

gboolean
zpci_libvirt_accepts(guint flags, gboolean persistent)
{
    return (flags & (PERSISTENT | TRANSIENT)) == 0 ||
           (flags & (persistent ? PERSISTENT : TRANSIENT)) != 0;
}

guint
zpci_libvirt_get_flags_of(ZpciStates states)
{
    if (states == ZPCI_STATE_ANY)
        return 0;
    return states == ZPCI_STATE_ACTIVE ? ACTIVE : INACTIVE;
}
