/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "node-device-overlay.h"
#include "text-quote.h"
#include "upstream-source.h"
#include "zpci-error.h"
#include "zpci-host-private.h"
#include "zpci-inventory-private.h"
#include "zpci-inventory-wire.h"

gboolean
zpci_inventory_set_upstream(ZpciInventory *inventory, const char *uri, gboolean read_only,
                            GError **error)
{
    g_autofree char *quoted = NULL;
    NodeDeviceSource *source;

    if (!zpci_inventory_is_live(inventory)) {
        quoted = text_quote(uri);
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                    _("A captured host has no daemon of its own; %s is of another host."), quoted);
        return FALSE;
    }
    source = upstream_source_new(uri, read_only, error);
    if (source == NULL)
        return FALSE;
    node_device_source_decorate(source, &node_device_overlay, zpci_inventory_get_host(inventory));
    zpci_inventory_prefer(inventory, source);
    return TRUE;
}

gboolean
zpci_inventory_has_upstream(const ZpciInventory *inventory)
{
    return zpci_inventory_get_sources(inventory)->len > 1;
}

char *
zpci_inventory_add_to_xml(ZpciInventory *inventory, const char *name, const char *xml,
                          GError **error)
{
    return node_device_overlay.add_to_xml(zpci_inventory_get_host(inventory), name, g_strdup(xml),
                                          error);
}

char **
zpci_inventory_add_to_capabilities(ZpciInventory *inventory, const char *name,
                                   const char *const *capabilities)
{
    return node_device_overlay.add_to_capabilities(zpci_inventory_get_host(inventory), name,
                                                   g_strdupv((char **)capabilities));
}

char *
zpci_inventory_add_ready_to_xml(ZpciInventory *inventory, const char *name, const char *xml)
{
    return node_device_overlay_find_kept(zpci_inventory_get_host(inventory), name, xml);
}

/* Only links and names of entries are looked at. */
char **
zpci_inventory_add_ready_to_capabilities(ZpciInventory *inventory, const char *name,
                                         const char *const *capabilities)
{
    return zpci_host_is_at_hand(zpci_inventory_get_host(inventory))
               ? zpci_inventory_add_to_capabilities(inventory, name, capabilities)
               : NULL;
}
