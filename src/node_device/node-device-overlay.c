/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "node-device-overlay.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "node-device-name.h"
#include "node-device-pci-family.h"
#include "node-device-zpci.h"
#include "pci-reading.h"
#include "pci-stamp.h"
#include "xml-document.h"
#include "xml-edit.h"
#include "xml-node.h"
#include "zpci-error.h"
#include "zpci-finding-private.h"
#include "zpci-host-private.h"

/* The longest foreign document that is kept, in bytes; libvirt's have two or three thousand. */
#define NODE_DEVICE_OVERLAY_MAX_KEPT 65536

static gboolean
node_device_overlay_is(const xmlNode *node, const char *name)
{
    return strcmp((const char *)node->name, name) == 0;
}

/* Returns (nullable): <capability type='pci'>, the only place where <zpci> may stand. */
static const xmlNode *
node_device_overlay_find_capability(const xmlDoc *tree)
{
    xmlNode *node = xmlDocGetRootElement(tree);

    if (!node_device_overlay_is(node, "device"))
        return NULL;
    for (node = xmlFirstElementChild(node); node != NULL; node = xmlNextElementSibling(node)) {
        xmlChar *type = xmlGetNoNsProp(node, BAD_CAST "type");
        gboolean found =
            node_device_overlay_is(node, "capability") && g_strcmp0((const char *)type, "pci") == 0;

        xmlFree(type);
        if (found)
            return node;
    }
    return NULL;
}

static gboolean
node_device_overlay_is_made(const xmlNode *capability)
{
    for (xmlNode *child = xmlFirstElementChild((xmlNode *)capability); child != NULL;
         child = xmlNextElementSibling(child)) {
        if (node_device_overlay_is(child, "zpci"))
            return TRUE;
    }
    return FALSE;
}

static xmlDoc *
node_device_overlay_parse(const char *xml, GError **error)
{
    g_autoptr(GPtrArray) findings = g_ptr_array_new_with_free_func(zpci_finding_free);
    xmlDoc *tree = xml_document_parse(xml, strlen(xml), findings);
    const ZpciFinding *finding;

    if (tree != NULL)
        return tree;
    finding = g_ptr_array_index(findings, 0);
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_MALFORMED,
                _("The daemon's document is not well-formed: line %u: %s"), finding->line,
                finding->message);
    return NULL;
}

char *
node_device_overlay_add(const char *xml, const ZpciFunction *function, GError **error)
{
    g_autoptr(xmlDoc) tree = node_device_overlay_parse(xml, error);
    g_autoptr(xmlDoc) holder = NULL;
    g_autoptr(XmlEdit) edit = NULL;
    const xmlNode *capability;
    gsize size;

    if (tree == NULL)
        return NULL;
    capability = node_device_overlay_find_capability(tree);
    if (capability == NULL || node_device_overlay_is_made(capability))
        return g_strdup(xml);
    edit = xml_edit_new(xml, strlen(xml), tree, error);
    if (edit == NULL)
        return NULL;
    holder = xml_node_new_document("capability");
    node_device_zpci_add(xmlDocGetRootElement(holder), function);
    if (xmlDocGetRootElement(holder)->children == NULL)
        return g_strdup(xml);
    xml_edit_append(edit, capability, xmlDocGetRootElement(holder));
    return xml_edit_apply(edit, &size);
}

/* What is added depends on the function and on the whole of the other document, so the text that
 * is kept has both as its stamp: the function's, a line feed, and the document. */
static gboolean
node_device_overlay_holds(const ZpciHost *host, const PciAddress *address, char *stamp,
                          const char *xml)
{
    char *end = strchr(stamp, '\n');

    if (strcmp(end + 1, xml) != 0)
        return FALSE;
    *end = '\0';
    return pci_stamp_holds(host, address, stamp);
}

char *
node_device_overlay_find_kept(const ZpciHost *host, const char *name, const char *xml)
{
    g_autofree char *stamp = NULL;
    g_autofree char *document = NULL;
    PciAddress address;

    if (!zpci_host_is_at_hand(host) || !node_device_name_parse(name, &address))
        return NULL;
    document = text_store_find(zpci_host_get_overlays(host), name, &stamp);
    return document != NULL && node_device_overlay_holds(host, &address, stamp, xml)
               ? g_steal_pointer(&document)
               : NULL;
}

static void
node_device_overlay_keep(const ZpciHost *host, const char *name, const char *stamp, const char *xml,
                         const char *document)
{
    g_autofree char *both = g_strconcat(stamp, "\n", xml, NULL);

    if (strlen(xml) <= NODE_DEVICE_OVERLAY_MAX_KEPT && strchr(stamp, '\n') == NULL)
        text_store_keep(zpci_host_get_overlays(host), name, both, document);
}

static char *
node_device_overlay_add_to_xml(const ZpciHost *host, const char *name, char *xml, GError **error)
{
    g_autofree char *document = xml;
    g_autofree char *stamp = NULL;
    g_autoptr(ZpciFunction) function = NULL;
    PciAddress address;
    char *more = node_device_overlay_find_kept(host, name, xml);

    if (more != NULL)
        return more;
    if (!node_device_pci_family_find(host, name, &address) ||
        !pci_reading_read_function(host, &address, TRUE, &function, &stamp, NULL))
        return g_steal_pointer(&document);
    more =
        function != NULL ? node_device_overlay_add(document, function, error) : g_strdup(document);
    if (more != NULL && stamp != NULL)
        node_device_overlay_keep(host, name, stamp, document, more);
    return more;
}

static char **
node_device_overlay_add_to_capabilities(const ZpciHost *host, const char *name, char **capabilities)
{
    g_auto(GStrv) names = capabilities;
    g_autoptr(GStrvBuilder) all = NULL;
    PciAddress address;

    if (g_strv_contains((const char *const *)names, NODE_DEVICE_PCI_FAMILY_ZPCI) ||
        !node_device_pci_family_find(host, name, &address) || !zpci_host_has_zpci(host, &address))
        return g_steal_pointer(&names);
    all = g_strv_builder_new();
    g_strv_builder_addv(all, (const char **)names);
    g_strv_builder_add(all, NODE_DEVICE_PCI_FAMILY_ZPCI);
    return g_strv_builder_end(all);
}

const NodeDeviceDecorator node_device_overlay = {
    .add_to_xml = node_device_overlay_add_to_xml,
    .add_to_capabilities = node_device_overlay_add_to_capabilities,
};
