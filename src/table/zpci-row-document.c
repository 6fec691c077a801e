/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-row-document.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>

#include "hex-text.h"
#include "names.h"
#include "node-device-name.h"
#include "number.h"
#include "xml-document.h"
#include "xml-node.h"
#include "zpci-error.h"
#include "zpci-finding-private.h"
#include "zpci-function-private.h"

#define CLASS_MAX 0xffffff
#define ID_MAX 0xffff

/* Returns (nullable): the first child of this name, or the next after @previous, with the attribute
 * "type" if @type is not %NULL. */
static xmlNode *
zpci_row_document_find(xmlNode *parent, const char *name, const char *type)
{
    for (xmlNode *child = parent != NULL ? xmlFirstElementChild(parent) : NULL; child != NULL;
         child = xmlNextElementSibling(child)) {
        xmlChar *own = type != NULL ? xmlGetNoNsProp(child, BAD_CAST "type") : NULL;
        gboolean found = strcmp((const char *)child->name, name) == 0 &&
                         (type == NULL || g_strcmp0((const char *)own, type) == 0);

        xmlFree(own);
        if (found)
            return child;
    }
    return NULL;
}

/* Takes over @text. Returns (transfer full) (nullable): a bounded one. */
static char *
zpci_row_document_take(xmlChar *text)
{
    char *bounded = NULL;

    if (text != NULL && strlen((const char *)text) <= ZPCI_ROW_DOCUMENT_MAX_TEXT)
        bounded = g_strstrip(g_strdup((const char *)text));
    xmlFree(text);
    return bounded;
}

/* Returns (transfer full) (nullable): what stands in the child, or in its attribute. */
static char *
zpci_row_document_get(xmlNode *parent, const char *child, const char *attribute)
{
    xmlNode *node = child[0] != '\0' ? zpci_row_document_find(parent, child, NULL) : parent;

    if (node == NULL)
        return NULL;
    return zpci_row_document_take(attribute[0] != '\0' ? xmlGetNoNsProp(node, BAD_CAST attribute)
                                                       : xmlNodeGetContent(node));
}

static int
zpci_row_document_get_number(xmlNode *parent, const char *child, const char *attribute,
                             guint maximum)
{
    g_autofree char *text = zpci_row_document_get(parent, child, attribute);
    guint64 value;

    return text != NULL && number_parse(text, maximum, &value, NULL) ? (int)value
                                                                     : ZPCI_ROW_UNKNOWN;
}

/* The same text again is the only one that is taken for a value. */
static gboolean
zpci_row_document_parse_path(const char *text, guint64 *value)
{
    guint segments[4];

    if (strlen(text) != strlen("00.00.00.00") ||
        sscanf(text, "%2x.%2x.%2x.%2x", &segments[0], &segments[1], &segments[2], &segments[3]) !=
            4)
        return FALSE;
    *value = (guint64)segments[0] << 24 | segments[1] << 16 | segments[2] << 8 | segments[3];
    return TRUE;
}

static gboolean
zpci_row_document_parse_fact(const ZpciFactInfo *info, const char *text, guint64 *value)
{
    guint64 maximum =
        info->width >= sizeof *value ? G_MAXUINT64 : (G_GUINT64_CONSTANT(1) << 8 * info->width) - 1;

    switch (info->format) {
    case ZPCI_FORMAT_YES_NO:
        *value = strcmp(text, "yes") == 0;
        return *value != 0 || strcmp(text, "no") == 0;
    case ZPCI_FORMAT_PATH:
        return zpci_row_document_parse_path(text, value);
    case ZPCI_FORMAT_HEX:
    case ZPCI_FORMAT_DECIMAL:
    default:
        return number_parse(text, maximum, value, NULL);
    }
}

/* Indexed by ZpciFactKind. */
static void
zpci_row_document_read_sources(xmlNode *zpci, ZpciSource sources[ZPCI_N_FACT_KINDS])
{
    static const char *const names[ZPCI_N_FACT_KINDS] = { "identity", "function", "group" };

    for (guint kind = 0; kind < ZPCI_N_FACT_KINDS; kind++) {
        g_autofree char *text = zpci_row_document_get(zpci, "source", names[kind]);

        sources[kind] = ZPCI_SOURCE_SYSFS;
        for (ZpciSource source = ZPCI_SOURCE_SYSFS; zpci_source_get_name(source) != NULL;
             source++) {
            if (g_strcmp0(text, zpci_source_get_name(source)) == 0)
                sources[kind] = source;
        }
    }
}

static void
zpci_row_document_read_util(xmlNode *zpci, ZpciSource source, ZpciFacts *facts)
{
    g_autofree char *hex = zpci_row_document_get(zpci, "util", "hex");
    g_autoptr(GPtrArray) sections = hex != NULL ? hex_text_parse(hex, strlen(hex), NULL) : NULL;

    if (sections != NULL && sections->len == 1) {
        const HexSection *section = g_ptr_array_index(sections, 0);

        zpci_facts_set_util(facts, source, section->bytes->data, section->bytes->len);
    }
}

static ZpciFunction *
zpci_row_document_read_function(xmlNode *zpci, gboolean is_standby)
{
    g_auto(ZpciFacts) facts = { 0 };
    ZpciSource sources[ZPCI_N_FACT_KINDS];
    guint n_facts;
    const ZpciFact *list = zpci_fact_list(&n_facts);

    zpci_row_document_read_sources(zpci, sources);
    for (guint i = 0; i < n_facts; i++) {
        const ZpciFactInfo *info = zpci_fact_get_info(list[i]);
        g_autofree char *text =
            info->element != NULL ? zpci_row_document_get(zpci, info->element, info->name) : NULL;
        guint64 value;

        if (text != NULL && zpci_row_document_parse_fact(info, text, &value))
            zpci_facts_set(&facts, list[i], sources[info->kind], value);
    }
    zpci_row_document_read_util(zpci, sources[ZPCI_FACT_KIND_FUNCTION], &facts);
    facts.is_standby = is_standby;
    return zpci_function_new(&facts);
}

/* Returns (transfer full) (nullable): what <address> says, as sysfs writes it. */
static char *
zpci_row_document_format_address(xmlNode *address)
{
    int domain = zpci_row_document_get_number(address, "", "domain", G_MAXINT);
    int bus = zpci_row_document_get_number(address, "", "bus", G_MAXUINT8);
    int slot = zpci_row_document_get_number(address, "", "slot", PCI_ADDRESS_MAX_SLOT);
    int function = zpci_row_document_get_number(address, "", "function", PCI_ADDRESS_MAX_FUNCTION);
    PciAddress parsed = { (guint32)domain, (guint8)bus, (guint8)slot, (guint8)function };
    char text[PCI_ADDRESS_TEXT_SIZE];

    if (domain < 0 || bus < 0 || slot < 0 || function < 0)
        return NULL;
    return g_strdup(pci_address_format(&parsed, text));
}

/* A driver that may have none at the moment is one of a physical function all the same. */
static guint
zpci_row_document_get_virtual_maximum(xmlNode *capability)
{
    xmlNode *functions = zpci_row_document_find(capability, "capability", "virt_functions");
    int maximum = zpci_row_document_get_number(functions, "", "maxCount", G_MAXUINT16);

    return maximum > 0 ? (guint)maximum : 0;
}

static char **
zpci_row_document_list_virtual(xmlNode *capability)
{
    xmlNode *functions = zpci_row_document_find(capability, "capability", "virt_functions");
    g_autoptr(GStrvBuilder) addresses = g_strv_builder_new();
    xmlNode *child = functions != NULL ? xmlFirstElementChild(functions) : NULL;

    for (guint i = 0; child != NULL && i < ZPCI_ROW_DOCUMENT_MAX_VIRTUAL; i++) {
        g_autofree char *address = zpci_row_document_format_address(child);

        if (address != NULL)
            g_strv_builder_add(addresses, address);
        child = xmlNextElementSibling(child);
    }
    return g_strv_builder_end(addresses);
}

/* A document does not say that a driver is one of VFIO, but all of them are named so. */
static void
zpci_row_document_read_device(xmlNode *device, xmlNode *capability, ZpciRow *row)
{
    xmlNode *physical = zpci_row_document_find(capability, "capability", "phys_function");

    row->class_code = zpci_row_document_get_number(capability, "class", "", CLASS_MAX);
    row->vendor = zpci_row_document_get_number(capability, "vendor", "id", ID_MAX);
    row->product = zpci_row_document_get_number(capability, "product", "id", ID_MAX);
    row->driver = zpci_row_document_get(zpci_row_document_find(device, "driver", NULL), "name", "");
    row->knows_driver = TRUE;
    row->is_vfio = row->driver != NULL && strstr(row->driver, NAME_IN_VFIO_DRIVERS) != NULL;
    row->iommu_group = zpci_row_document_get_number(capability, "iommuGroup", "number", G_MAXINT);
    row->numa_node = zpci_row_document_get_number(capability, "numa", "node", G_MAXINT);
    row->virtual_functions = zpci_row_document_list_virtual(capability);
    row->max_virtual_functions = zpci_row_document_get_virtual_maximum(capability);
    if (physical != NULL)
        physical = zpci_row_document_find(physical, "address", NULL);
    if (physical != NULL)
        row->physical = zpci_row_document_format_address(physical);
}

static xmlDoc *
zpci_row_document_parse(const char *text, gsize size, GError **error)
{
    g_autoptr(GPtrArray) findings = g_ptr_array_new_with_free_func(zpci_finding_free);
    g_autoptr(xmlDoc) tree = xml_document_parse(text, size, findings);

    if (tree == NULL) {
        g_set_error_literal(error, ZPCI_ERROR, ZPCI_ERROR_MALFORMED,
                            ((const ZpciFinding *)g_ptr_array_index(findings, 0))->message);
        return NULL;
    }
    if (strcmp((const char *)xmlDocGetRootElement(tree)->name, "device") == 0)
        return g_steal_pointer(&tree);
    g_set_error_literal(error, ZPCI_ERROR, ZPCI_ERROR_MALFORMED,
                        _("It is no document of a node device."));
    return NULL;
}

gboolean
zpci_row_document_read(const char *text, gsize size, ZpciRow **row, GError **error)
{
    g_autoptr(xmlDoc) tree = zpci_row_document_parse(text, size, error);
    xmlNode *device = tree != NULL ? xmlDocGetRootElement(tree) : NULL;
    xmlNode *configured = zpci_row_document_find(device, "capability", "pci");
    xmlNode *capability =
        configured != NULL ? configured : zpci_row_document_find(device, "capability", "zpci");
    xmlNode *zpci = zpci_row_document_find(capability, "zpci", NULL);
    g_autofree char *name = device != NULL ? zpci_row_document_get(device, "name", "") : NULL;
    char address[PCI_ADDRESS_TEXT_SIZE];
    PciAddress parsed;

    if (tree == NULL)
        return FALSE;
    *row = NULL;
    if (zpci == NULL || name == NULL ||
        (configured != NULL && !node_device_name_parse(name, &parsed)))
        return TRUE;
    *row = zpci_row_new(name, zpci_row_document_read_function(zpci, configured == NULL));
    if (configured != NULL) {
        (*row)->address = g_strdup(pci_address_format(&parsed, address));
        zpci_row_document_read_device(device, configured, *row);
    }
    return TRUE;
}

/* Takes over @added. */
static void
zpci_row_document_append(char ***member, char *added)
{
    guint count = *member != NULL ? g_strv_length(*member) : 0;

    *member = g_renew(char *, *member, count + 2);
    (*member)[count] = added;
    (*member)[count + 1] = NULL;
}

void
zpci_row_document_add_interface(const char *text, gsize size, GHashTable *rows)
{
    g_autoptr(xmlDoc) tree = zpci_row_document_parse(text, size, NULL);
    xmlNode *device = tree != NULL ? xmlDocGetRootElement(tree) : NULL;
    xmlNode *capability = zpci_row_document_find(device, "capability", "net");
    g_autofree char *parent = NULL;
    g_autofree char *name = NULL;
    g_autofree char *state = NULL;
    ZpciRow *row;

    if (capability == NULL)
        return;
    parent = zpci_row_document_get(device, "parent", "");
    name = zpci_row_document_get(capability, "interface", "");
    state = zpci_row_document_get(capability, "link", "state");
    row = parent != NULL ? g_hash_table_lookup(rows, parent) : NULL;
    if (row == NULL || name == NULL)
        return;
    zpci_row_document_append(&row->interfaces, g_steal_pointer(&name));
    zpci_row_document_append(&row->interface_states,
                             state != NULL ? g_steal_pointer(&state) : g_strdup("unknown"));
}
