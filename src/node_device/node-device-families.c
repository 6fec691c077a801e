/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "node-device-families.h"

#include <glib/gi18n-lib.h>

#include "node-device-net-family.h"
#include "node-device-pci-family.h"
#include "node-device-standby.h"
#include "node-device-system.h"
#include "text-quote.h"
#include "zpci-error.h"

const NodeDeviceFamily *const node_device_families[NODE_DEVICE_FAMILIES] = {
    &node_device_system_family,
    &node_device_pci_family,
    &node_device_net_family,
    &node_device_standby_family,
};

const NodeDeviceFamily *
node_device_families_find(const ZpciHost *host, const char *name, GError **error)
{
    g_autofree char *quoted = NULL;

    for (guint i = 0; i < NODE_DEVICE_FAMILIES; i++) {
        if (node_device_families[i]->has(host, name))
            return node_device_families[i];
    }
    quoted = text_quote(name);
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_NOT_FOUND, _("There is no node device %s."), quoted);
    return NULL;
}

gboolean
node_device_families_get_function(const ZpciHost *host, const char *name, gboolean outline,
                                  ZpciFunction **function, GError **error)
{
    const NodeDeviceFamily *family = node_device_families_find(host, name, error);

    if (family == NULL)
        return FALSE;
    if (outline && family->get_outline != NULL)
        return family->get_outline(host, name, function, error);
    if (family->get_function != NULL)
        return family->get_function(host, name, function, error);
    *function = NULL;
    return TRUE;
}
