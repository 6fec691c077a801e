/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "schema-locator.h"

static gboolean
schema_locator_is_valid(SchemaLocator *locator)
{
    if (locator->budget == 0)
        return FALSE;

    locator->budget--;
    return locator->judge(locator->data);
}

static gboolean
schema_locator_is_done(const SchemaLocator *locator)
{
    return locator->budget == 0 || locator->faults->len >= SCHEMA_LOCATOR_MAX_FAULTS;
}

/* Children of every kind, because they are put back in the same order. */
static GPtrArray *
schema_locator_list_children(const xmlNode *element)
{
    GPtrArray *children = g_ptr_array_new();

    for (xmlNode *child = element->children; child != NULL; child = child->next)
        g_ptr_array_add(children, child);
    return children;
}

/* The links are set by hand, as libxml2's own functions merge texts that become neighbours. */
static void
schema_locator_set_children(xmlNode *element, const GPtrArray *children, const xmlNode *omitted)
{
    element->children = NULL;
    element->last = NULL;
    for (guint i = 0; children != NULL && i < children->len; i++) {
        xmlNode *child = g_ptr_array_index(children, i);

        if (child == omitted)
            continue;
        child->prev = element->last;
        child->next = NULL;
        if (element->last != NULL)
            element->last->next = child;
        else
            element->children = child;
        element->last = child;
    }
}

static gboolean
schema_locator_is_valid_without(SchemaLocator *locator, xmlNode *element, const GPtrArray *children,
                                const xmlNode *omitted)
{
    gboolean valid;

    schema_locator_set_children(element, children, omitted);
    valid = schema_locator_is_valid(locator);
    schema_locator_set_children(element, children, NULL);
    return valid;
}

/* From the last one backwards: of two elements in the wrong order, or of one too many, the later
 * one is to blame. */
static gboolean
schema_locator_blame_one(SchemaLocator *locator, xmlNode *element, const GPtrArray *children)
{
    for (guint i = children->len; i > 0 && !schema_locator_is_done(locator); i--) {
        xmlNode *child = g_ptr_array_index(children, i - 1);

        if (child->type == XML_ELEMENT_NODE &&
            schema_locator_is_valid_without(locator, element, children, child)) {
            schema_locator_blame(locator, child);
            return TRUE;
        }
    }
    return FALSE;
}

static void
schema_locator_unlink_attribute(xmlNode *element, const xmlAttr *attribute)
{
    if (attribute->prev != NULL)
        attribute->prev->next = attribute->next;
    else
        element->properties = attribute->next;
    if (attribute->next != NULL)
        attribute->next->prev = attribute->prev;
}

/* Its own links still tell where it was. */
static void
schema_locator_relink_attribute(xmlNode *element, xmlAttr *attribute)
{
    if (attribute->prev != NULL)
        attribute->prev->next = attribute;
    else
        element->properties = attribute;
    if (attribute->next != NULL)
        attribute->next->prev = attribute;
}

static xmlAttr *
schema_locator_find_attribute(SchemaLocator *locator, xmlNode *element)
{
    for (xmlAttr *attribute = element->properties; attribute != NULL; attribute = attribute->next) {
        gboolean valid;

        schema_locator_unlink_attribute(element, attribute);
        valid = schema_locator_is_valid(locator);
        schema_locator_relink_attribute(element, attribute);
        if (valid)
            return attribute;
    }
    return NULL;
}

static void
schema_locator_add_fault(SchemaLocator *locator, xmlNode *element)
{
    SchemaFault fault = { element, schema_locator_find_attribute(locator, element) };

    g_array_append_val(locator->faults, fault);
}

/* Blames each child that is a fault by itself. To be called where the element may be without any.
 */
static void
schema_locator_blame_alone(SchemaLocator *locator, xmlNode *element, const GPtrArray *children)
{
    g_autoptr(GPtrArray) alone = g_ptr_array_new();

    g_ptr_array_set_size(alone, 1);
    for (guint i = 0; i < children->len && !schema_locator_is_done(locator); i++) {
        xmlNode *child = g_ptr_array_index(children, i);

        if (child->type != XML_ELEMENT_NODE)
            continue;
        g_ptr_array_index(alone, 0) = child;
        schema_locator_set_children(element, alone, NULL);
        if (!schema_locator_is_valid(locator))
            schema_locator_blame(locator, child);
    }
}

static gboolean
schema_locator_blame_each(SchemaLocator *locator, xmlNode *element, const GPtrArray *children)
{
    guint faults_before = locator->faults->len;

    schema_locator_set_children(element, NULL, NULL);
    if (schema_locator_is_valid(locator))
        schema_locator_blame_alone(locator, element, children);
    schema_locator_set_children(element, children, NULL);
    return locator->faults->len > faults_before;
}

void
schema_locator_blame(SchemaLocator *locator, xmlNode *element)
{
    g_autoptr(GPtrArray) children = schema_locator_list_children(element);

    /* With too many children to try each of them twice, only the second way may still find them. */
    if (children->len <= locator->budget && schema_locator_blame_one(locator, element, children))
        return;
    if (!schema_locator_blame_each(locator, element, children))
        schema_locator_add_fault(locator, element);
}
