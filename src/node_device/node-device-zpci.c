/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "node-device-zpci.h"

#include "hex-text.h"
#include "xml-node.h"

static void
node_device_zpci_set_fact(xmlNode *element, const ZpciFunction *function, ZpciFact fact)
{
    guint64 value;
    const char *type;
    g_autofree char *text = NULL;

    if (!zpci_function_get(function, fact, &value))
        return;
    text = zpci_fact_format(fact, value);
    xml_node_set(element, zpci_fact_get_info(fact)->name, text);

    type = fact == ZPCI_FACT_PFT ? zpci_pft_get_name(value) : NULL;
    if (type != NULL)
        xml_node_set(element, "type", type);
}

static void
node_device_zpci_set_facts(xmlNode *element, const ZpciFunction *function, const char *name)
{
    guint n_facts;
    const ZpciFact *facts = zpci_fact_list(&n_facts);

    for (guint i = 0; i < n_facts; i++) {
        if (g_strcmp0(zpci_fact_get_info(facts[i])->element, name) == 0)
            node_device_zpci_set_fact(element, function, facts[i]);
    }
}

static gboolean
node_device_zpci_has_facts(const ZpciFunction *function, const char *name)
{
    guint n_facts;
    const ZpciFact *facts = zpci_fact_list(&n_facts);

    for (guint i = 0; i < n_facts; i++) {
        if (g_strcmp0(zpci_fact_get_info(facts[i])->element, name) == 0 &&
            zpci_function_get(function, facts[i], NULL))
            return TRUE;
    }
    return FALSE;
}

static void
node_device_zpci_add_element(xmlNode *zpci, const ZpciFunction *function, const char *name)
{
    if (node_device_zpci_has_facts(function, name))
        node_device_zpci_set_facts(xml_node_add(zpci, name), function, name);
}

static void
node_device_zpci_add_group(xmlNode *zpci, const ZpciFunction *function)
{
    xmlNode *group;
    guint64 pfgid;

    if (!zpci_function_get(function, ZPCI_FACT_PFGID, &pfgid))
        return;
    group = xml_node_add(zpci, "group");
    xml_node_set(group, "simulated", pfgid >= ZPCI_PFGID_SIMULATED ? "yes" : "no");
    node_device_zpci_set_facts(group, function, "group");
}

static void
node_device_zpci_add_util(xmlNode *zpci, const ZpciFunction *function)
{
    const guint8 *util = zpci_function_get_util(function, NULL);
    g_autofree char *text = NULL;
    g_autofree char *hex = NULL;

    if (util == NULL)
        return;
    text = zpci_function_get_util_text(function);
    hex = hex_text_format(util, ZPCI_UTIL_SIZE);
    xml_node_set(xml_node_add_text(zpci, "util", text), "hex", hex);
}

static void
node_device_zpci_add_pfip(xmlNode *zpci, const ZpciFunction *function)
{
    guint64 pfip;
    g_autofree char *text = NULL;

    if (!zpci_function_get(function, ZPCI_FACT_PFIP, &pfip))
        return;
    text = zpci_fact_format(ZPCI_FACT_PFIP, pfip);
    xml_node_add_text(zpci, "pfip", text);
}

static void
node_device_zpci_add_source(xmlNode *zpci, const ZpciFunction *function)
{
    static const char *const names[] = { "identity", "function", "group" };
    xmlNode *source = xml_node_add(zpci, "source");

    for (guint kind = 0; kind < G_N_ELEMENTS(names); kind++) {
        const char *name = zpci_source_get_name(zpci_function_get_kind_source(function, kind));

        if (name != NULL)
            xml_node_set(source, names[kind], name);
    }
}

void
node_device_zpci_add_known(xmlNode *capability, const ZpciFunction *function)
{
    xmlNode *zpci = xml_node_add(capability, "zpci");

    node_device_zpci_set_facts(zpci, function, "");
    node_device_zpci_add_element(zpci, function, "function");
    node_device_zpci_add_element(zpci, function, "dma");
    node_device_zpci_add_group(zpci, function);
    node_device_zpci_add_util(zpci, function);
    node_device_zpci_add_pfip(zpci, function);
    node_device_zpci_add_source(zpci, function);
}

void
node_device_zpci_add(xmlNode *capability, const ZpciFunction *function)
{
    if (zpci_function_get(function, ZPCI_FACT_UID, NULL) &&
        zpci_function_get(function, ZPCI_FACT_FID, NULL) &&
        zpci_function_get(function, ZPCI_FACT_PFGID, NULL))
        node_device_zpci_add_known(capability, function);
}
