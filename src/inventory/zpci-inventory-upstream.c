/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <libvirt/libvirt.h>

#include "libvirt-library.h"
#include "node-device-overlay.h"
#include "text-quote.h"
#include "upstream-source.h"
#include "zpci-error.h"
#include "zpci-inventory-private.h"
#include "zpci-inventory-wire.h"

/* They are passed on as they are. */
G_STATIC_ASSERT((guint)ZPCI_DEFINE_VALIDATE == (guint)VIR_NODE_DEVICE_CREATE_XML_VALIDATE);
G_STATIC_ASSERT((guint)ZPCI_DEFINE_VALIDATE == (guint)VIR_NODE_DEVICE_DEFINE_XML_VALIDATE);
#if LIBVIR_CHECK_VERSION(10, 1, 0)
G_STATIC_ASSERT((guint)ZPCI_UPDATE_ACTIVE == (guint)VIR_NODE_DEVICE_UPDATE_AFFECT_LIVE);
G_STATIC_ASSERT((guint)ZPCI_UPDATE_DEFINITION == (guint)VIR_NODE_DEVICE_UPDATE_AFFECT_CONFIG);
#endif

gboolean
zpci_inventory_set_upstream(ZpciInventory *inventory, const char *uri, gboolean read_only,
                            GError **error)
{
    g_autofree char *quoted = text_quote(uri);
    NodeDeviceSource *source;

    if (!zpci_inventory_is_live(inventory)) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                    _("A captured host has no daemon of its own; %s is of another host."), quoted);
        return FALSE;
    }
    if (g_uri_peek_scheme(uri) == NULL) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                    _("%s is no URI of libvirt, such as nodedev:///system."), quoted);
        return FALSE;
    }
    if (!libvirt_library_load(error))
        return FALSE;
    source = upstream_source_new(uri, read_only);
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
