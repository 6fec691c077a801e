/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-inventory.h"

#include <glib/gi18n-lib.h>
#include <libxml/parser.h>

#include "node-device-families.h"
#include "node-device-name.h"
#include "node-device-overlay.h"
#include "node-device-pci-family.h"
#include "pci-reading.h"
#include "text-quote.h"
#include "upstream-device.h"
#include "zpci-error.h"
#include "zpci-host-private.h"
#include "zpci-inventory-private.h"

struct _ZpciInventory {
    ZpciInventory *base; /* the one that has the host and the upstream; NULL if it is this one */
    ZpciHost *host;
    ZpciUpstream *upstream; /* NULL if there is none */
    UpstreamCaller *caller; /* who asks it; NULL if there is none */
};

ZpciInventory *
zpci_inventory_new(ZpciHost *host)
{
    ZpciInventory *inventory = g_new0(ZpciInventory, 1);

    /* libxml2 has to be made ready before threads use it. */
    xmlInitParser();
    inventory->host = host;
    return inventory;
}

ZpciInventory *
zpci_inventory_new_for(ZpciInventory *inventory, GVariant *identity)
{
    g_autoptr(GVariant) owned = g_variant_ref_sink(identity);
    ZpciInventory *other = g_new0(ZpciInventory, 1);

    other->base = inventory;
    other->host = inventory->host;
    other->upstream = inventory->upstream;
    if (inventory->upstream != NULL)
        other->caller = upstream_caller_new(inventory->upstream, owned);
    return other;
}

void
zpci_inventory_free(ZpciInventory *inventory)
{
    if (inventory == NULL)
        return;
    upstream_caller_free(inventory->caller);
    if (inventory->base == NULL) {
        zpci_upstream_stop(inventory->upstream);
        zpci_host_free(inventory->host);
    }
    g_free(inventory);
}

gboolean
zpci_inventory_set_upstream(ZpciInventory *inventory, const char *uri, gboolean read_only,
                            GError **error)
{
    g_autofree char *quoted = text_quote(uri);

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
    upstream_caller_free(inventory->caller);
    zpci_upstream_stop(inventory->upstream);
    inventory->upstream = zpci_upstream_new(uri, read_only);
    inventory->caller = upstream_caller_new(inventory->upstream, NULL);
    return TRUE;
}

gboolean
zpci_inventory_has_upstream(const ZpciInventory *inventory)
{
    return inventory->upstream != NULL;
}

ZpciUpstream *
zpci_inventory_get_upstream(const ZpciInventory *inventory)
{
    return inventory->upstream;
}

UpstreamCaller *
zpci_inventory_get_caller(const ZpciInventory *inventory)
{
    return inventory->caller;
}

UpstreamCaller *
zpci_inventory_get_own_caller(const ZpciInventory *inventory)
{
    return inventory->base != NULL ? inventory->base->caller : inventory->caller;
}

const NodeDeviceFamily *
zpci_inventory_find_native(const ZpciInventory *inventory, const char *name, GError **refusal,
                           GError **error)
{
    g_autoptr(GError) why = g_steal_pointer(refusal);
    const NodeDeviceFamily *family;

    if (why == NULL)
        return node_device_families_find(inventory->host, name, error);
    family =
        upstream_device_is_missing(why) || g_error_matches(why, ZPCI_ERROR, ZPCI_ERROR_UNREACHABLE)
            ? node_device_families_find(inventory->host, name, NULL)
            : NULL;
    if (family == NULL)
        g_propagate_error(error, g_steal_pointer(&why));
    return family;
}

gboolean
zpci_inventory_has(ZpciInventory *inventory, const char *name, GError **error)
{
    g_autoptr(GError) refusal = NULL;

    if (inventory->caller == NULL)
        return node_device_families_find(inventory->host, name, error) != NULL;
    /* What that daemon keeps from somebody else, we do not give away. */
    if (!upstream_caller_is_other(inventory->caller) &&
        node_device_families_find(inventory->host, name, NULL) != NULL)
        return TRUE;
    return upstream_device_lookup(inventory->caller, name, &refusal) ||
           zpci_inventory_find_native(inventory, name, &refusal, error) != NULL;
}

gboolean
zpci_inventory_get_parent(ZpciInventory *inventory, const char *name, char **parent, GError **error)
{
    g_autoptr(GError) refusal = NULL;
    const NodeDeviceFamily *family;

    if (inventory->caller != NULL &&
        upstream_device_get_parent(inventory->caller, name, parent, &refusal))
        return TRUE;
    family = zpci_inventory_find_native(inventory, name, &refusal, error);
    if (family == NULL)
        return FALSE;
    *parent = family->get_parent(inventory->host, name);
    return TRUE;
}

/* Returns (transfer full): @xml, which is another daemon's, with what we know besides. */
static char *
zpci_inventory_overlay(ZpciInventory *inventory, const char *name, char *xml, GError **error)
{
    g_autofree char *document = xml;
    g_autoptr(ZpciFunction) function = NULL;
    PciAddress address;

    if (!node_device_pci_family_find(inventory->host, name, &address) ||
        !zpci_inventory_get_function(inventory, name, &function, NULL) || function == NULL)
        return g_steal_pointer(&document);
    return node_device_overlay_add(document, function, error);
}

static char *
zpci_inventory_get_native_xml(const ZpciInventory *inventory, const NodeDeviceFamily *family,
                              const char *name, guint flags, GError **error)
{
    if (flags == 0)
        return family->get_xml(inventory->host, name, error);
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                _("There is only one document of %s, without flags such as 0x%x."), name, flags);
    return NULL;
}

char *
zpci_inventory_get_xml_flagged(ZpciInventory *inventory, const char *name, guint flags,
                               GError **error)
{
    g_autoptr(GError) refusal = NULL;
    const NodeDeviceFamily *family;
    char *xml;

    if (inventory->caller != NULL &&
        upstream_device_get_xml(inventory->caller, name, flags, &xml, &refusal))
        return zpci_inventory_overlay(inventory, name, xml, error);
    family = zpci_inventory_find_native(inventory, name, &refusal, error);
    return family != NULL ? zpci_inventory_get_native_xml(inventory, family, name, flags, error)
                          : NULL;
}

char *
zpci_inventory_get_xml(ZpciInventory *inventory, const char *name, GError **error)
{
    return zpci_inventory_get_xml_flagged(inventory, name, 0, error);
}

static char **
zpci_inventory_get_native_capabilities(const ZpciInventory *inventory,
                                       const NodeDeviceFamily *family, const char *name)
{
    g_autoptr(GStrvBuilder) capabilities = g_strv_builder_new();

    g_strv_builder_add(capabilities, family->capability);
    for (guint i = 0; family->nested[i] != NULL; i++) {
        if (family->has_nested(inventory->host, name, family->nested[i]))
            g_strv_builder_add(capabilities, family->nested[i]);
    }
    return g_strv_builder_end(capabilities);
}

/* Returns (transfer full): @theirs, and "zpci" if the device has it. */
static char **
zpci_inventory_add_capability(const ZpciInventory *inventory, const char *name, char **theirs)
{
    g_auto(GStrv) capabilities = theirs;
    g_autoptr(GStrvBuilder) all = NULL;
    PciAddress address;

    if (g_strv_contains((const char *const *)capabilities, NODE_DEVICE_PCI_FAMILY_ZPCI) ||
        !node_device_pci_family_find(inventory->host, name, &address) ||
        !zpci_host_has_zpci(inventory->host, &address))
        return g_steal_pointer(&capabilities);
    all = g_strv_builder_new();
    g_strv_builder_addv(all, (const char **)capabilities);
    g_strv_builder_add(all, NODE_DEVICE_PCI_FAMILY_ZPCI);
    return g_strv_builder_end(all);
}

char **
zpci_inventory_get_capabilities(ZpciInventory *inventory, const char *name, GError **error)
{
    g_autoptr(GError) refusal = NULL;
    const NodeDeviceFamily *family;
    char **theirs;

    if (inventory->caller != NULL &&
        upstream_device_get_capabilities(inventory->caller, name, &theirs, &refusal))
        return zpci_inventory_add_capability(inventory, name, theirs);
    family = zpci_inventory_find_native(inventory, name, &refusal, error);
    return family != NULL ? zpci_inventory_get_native_capabilities(inventory, family, name) : NULL;
}

gboolean
zpci_inventory_get_function(ZpciInventory *inventory, const char *name, ZpciFunction **function,
                            GError **error)
{
    const NodeDeviceFamily *family = node_device_families_find(inventory->host, name, error);

    if (family == NULL)
        return FALSE;
    if (family->get_function != NULL)
        return family->get_function(inventory->host, name, function, error);
    *function = NULL;
    return TRUE;
}

gboolean
zpci_inventory_get_outline(ZpciInventory *inventory, const char *name, ZpciFunction **function,
                           GError **error)
{
    PciAddress address;

    if (node_device_name_parse(name, &address))
        return pci_reading_read_outline(inventory->host, &address, function, error);
    return zpci_inventory_get_function(inventory, name, function, error);
}

GByteArray *
zpci_inventory_probe(ZpciInventory *inventory, const char *name, GError **error)
{
    PciAddress address;

    if (node_device_pci_family_find(inventory->host, name, &address))
        return pci_reading_probe(inventory->host, &address, error);
    if (zpci_inventory_has(inventory, name, error))
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_UNSUPPORTED,
                    _("%s is not a PCI function, so it has no capability chain."), name);
    return NULL;
}

int
zpci_inventory_get_byte_order(const ZpciInventory *inventory)
{
    const Capture *capture = zpci_host_get_capture(inventory->host);

    return capture != NULL ? capture->byte_order : G_BYTE_ORDER;
}

const ZpciHost *
zpci_inventory_get_host(const ZpciInventory *inventory)
{
    return inventory->host;
}

gboolean
zpci_inventory_is_live(const ZpciInventory *inventory)
{
    return zpci_host_get_capture(inventory->host) == NULL;
}
