/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "pci-names.h"

#include <glib.h>
#include <pciaccess.h>

/* libpciaccess reads its file of names when it is first asked, and knows no threads. */
static GMutex pci_names_lock;

void
pci_names_look_up(guint16 vendor, guint16 product, const char **vendor_name,
                  const char **product_name)
{
    struct pci_id_match match = {
        .vendor_id = vendor,
        .device_id = product,
        .subvendor_id = PCI_MATCH_ANY,
        .subdevice_id = PCI_MATCH_ANY,
    };
    G_GNUC_UNUSED g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&pci_names_lock);

    *vendor_name = NULL;
    *product_name = NULL;
    pci_get_strings(&match, product_name, vendor_name, NULL, NULL);
}
