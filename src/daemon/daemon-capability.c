/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-capability.h"

/* Bit n of the flags asks for name n. */
static const char *const names[] = {
    "system",      "pci",        "usb_device", "usb",     "net",    "scsi_host",
    "scsi_target", "scsi",       "storage",    "fc_host", "vports", "scsi_generic",
    "drm",         "mdev_types", "mdev",       "ccw",     "css",    "vdpa",
    "ap_card",     "ap_queue",   "ap_matrix",  "vpd",
};

G_STATIC_ASSERT((1U << G_N_ELEMENTS(names)) - 1 == DAEMON_CAPABILITY_FLAGS);

const char **
daemon_capability_names(guint32 flags)
{
    g_autofree const char **asked = NULL;
    guint n = 0;

    if ((flags & DAEMON_CAPABILITY_FLAGS) == 0)
        return NULL;

    asked = g_new0(const char *, G_N_ELEMENTS(names) + 1);
    for (guint bit = 0; bit < G_N_ELEMENTS(names); bit++) {
        if ((flags & 1U << bit) != 0)
            asked[n++] = names[bit];
    }
    return g_steal_pointer(&asked);
}
