/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-schema.h"

#include <glib/gi18n-lib.h>
#include <libxml/relaxng.h>
#include <libxml/tree.h>
#include <string.h>

#include "schema-locator.h"
#include "schema-store.h"
#include "schema-vocabulary.h"
#include "text-quote.h"
#include "xml-document.h"
#include "xml-problem.h"
#include "zpci-error.h"
#include "zpci-finding-private.h"
#include "zpci-schema-private.h"

/* How many bytes may be validated again while a fault is looked for: libxml2 does some 5 MiB a
 * second. */
#define ZPCI_SCHEMA_LOCATE_BYTES (32 * 1024 * 1024)

/* The schemas that a document must satisfy, all of them, by the name of its root. */
#define ZPCI_SCHEMA_MAX_FILES 2

typedef struct {
    const char *root;
    const char *files[ZPCI_SCHEMA_MAX_FILES];
} ZpciSchemaRule;

static const ZpciSchemaRule rules[] = {
    { "device", { "nodedev.rng", NULL } },
    { "domain", { "domain.rng", "zpciaddress.rng" } },
    { "devices", { "domaindevice.rng", "zpciaddress.rng" } },
    { "hostdev", { "domaindevice.rng", "zpciaddress.rng" } },
    { "interface", { "domaindevice.rng", "zpciaddress.rng" } },
};

/* One document and one schema.
 * @vocabulary: (nullable): what <zpci> may have, if that can be told */
typedef struct {
    xmlDoc *document;
    xmlRelaxNG *schema;
    gsize size;
    GPtrArray *complaints;
    const SchemaVocabulary *vocabulary;
    gboolean broken;
} ZpciSchemaCheck;

/* Two schemas may stumble over the same element: once is enough. */
static void
zpci_schema_add_finding(GPtrArray *findings, ZpciFinding *finding)
{
    if (findings->len >= ZPCI_SCHEMA_MAX_FINDINGS ||
        g_ptr_array_find_with_equal_func(findings, finding, zpci_finding_is_at_same_place, NULL))
        zpci_finding_free(finding);
    else
        g_ptr_array_add(findings, finding);
}

static void
zpci_schema_note_complaint(void *data, XmlProblem *problem)
{
    ZpciSchemaCheck *check = data;
    const xmlNode *node = problem->node;

    if (check->complaints->len >= ZPCI_SCHEMA_MAX_FINDINGS || node == NULL ||
        node->type != XML_ELEMENT_NODE)
        return;

    g_ptr_array_add(check->complaints,
                    zpci_finding_new(xmlGetLineNo(node), (const char *)node->name,
                                     xml_problem_get_message(problem)));
}

static gboolean
zpci_schema_is_valid(ZpciSchemaCheck *check, xmlStructuredErrorFunc note)
{
    xmlRelaxNGValidCtxt *context = xmlRelaxNGNewValidCtxt(check->schema);
    int result;

    xmlRelaxNGSetValidStructuredErrors(context, note, check);
    result = xmlRelaxNGValidateDoc(context, check->document);
    xmlRelaxNGFreeValidCtxt(context);

    check->broken = check->broken || result < 0;
    return result == 0;
}

static gboolean
zpci_schema_judge(void *data)
{
    return zpci_schema_is_valid(data, xml_problem_ignore);
}

/* Only where an element is nothing but its text can the text alone be the fault. */
static char *
zpci_schema_get_value(const xmlNode *element)
{
    g_autofree char *value = NULL;
    xmlChar *content;

    if (xmlFirstElementChild((xmlNode *)element) != NULL || element->properties != NULL)
        return NULL;

    content = xmlNodeGetContent(element);
    value = g_strstrip(g_strdup(content != NULL ? (const char *)content : ""));
    xmlFree(content);
    return *value != '\0' ? g_steal_pointer(&value) : NULL;
}

static char **
zpci_schema_list_attributes(const ZpciSchemaCheck *check, const xmlNode *element)
{
    return check->vocabulary != NULL ? schema_vocabulary_list_attributes(check->vocabulary, element)
                                     : NULL;
}

static char *
zpci_schema_describe_attribute(const ZpciSchemaCheck *check, const xmlAttr *attribute)
{
    xmlChar *content = xmlNodeGetContent((const xmlNode *)attribute);
    g_autofree char *value = text_quote(content != NULL ? (const char *)content : "");
    g_auto(GStrv) known = zpci_schema_list_attributes(check, attribute->parent);

    xmlFree(content);
    if (known != NULL && g_strv_contains((const char *const *)known, (const char *)attribute->name))
        return g_strdup_printf(_("The value %s of the attribute %s of the element %s is wrong."),
                               value, (const char *)attribute->name,
                               (const char *)attribute->parent->name);
    return g_strdup_printf(
        _("The attribute %s of the element %s is not allowed here, or its value %s is wrong."),
        (const char *)attribute->name, (const char *)attribute->parent->name, value);
}

/* libxml2 is right about an element if it complains of the very one that was found, else its words
 * are about another. */
static const char *
zpci_schema_find_complaint(const ZpciSchemaCheck *check, const ZpciFinding *finding)
{
    guint index;
    const ZpciFinding *complaint;

    if (!g_ptr_array_find_with_equal_func(check->complaints, finding, zpci_finding_is_at_same_place,
                                          &index))
        return NULL;
    complaint = g_ptr_array_index(check->complaints, index);
    return complaint->message;
}

/* Without an attribute that has to be there nothing is valid, so it cannot be found by taking it
 * out.
 * Returns (nullable): the first of @element that the grammar of <zpci> does not take. */
static const xmlAttr *
zpci_schema_find_wrong_attribute(const ZpciSchemaCheck *check, const xmlNode *element)
{
    const xmlAttr *attribute = check->vocabulary != NULL ? element->properties : NULL;

    while (attribute != NULL && schema_vocabulary_takes(check->vocabulary, attribute))
        attribute = attribute->next;
    return attribute;
}

static char *
zpci_schema_describe_element(const ZpciSchemaCheck *check, const xmlNode *element,
                             const ZpciFinding *finding)
{
    const char *name = (const char *)element->name;
    const char *complaint = zpci_schema_find_complaint(check, finding);
    g_autofree char *value = zpci_schema_get_value(element);
    g_autofree char *quoted = value != NULL ? text_quote(value) : NULL;
    const xmlAttr *wrong = zpci_schema_find_wrong_attribute(check, element);

    if (wrong != NULL)
        return zpci_schema_describe_attribute(check, wrong);
    if (complaint != NULL)
        return g_strdup_printf(_("The element %s breaks the schema: %s"), name, complaint);
    if (quoted != NULL)
        return g_strdup_printf(_("The element %s is not allowed here, or its value %s is wrong."),
                               name, quoted);
    return g_strdup_printf(
        _("The element %s is not allowed here, or one of its attributes or children is missing or "
          "wrong."),
        name);
}

/* Returns (transfer full) (nullable): what is wrong with the first attribute of @element that the
 * grammar does not know. */
static char *
zpci_schema_describe_unknown_attribute(const ZpciSchemaCheck *check, const xmlNode *element)
{
    g_auto(GStrv) known = zpci_schema_list_attributes(check, element);
    g_autofree char *allowed = known != NULL ? g_strjoinv(", ", known) : NULL;

    for (const xmlAttr *attribute = element->properties; known != NULL && attribute != NULL;
         attribute = attribute->next) {
        const char *name = (const char *)attribute->name;
        g_autofree char *quoted = NULL;

        if (attribute->ns == NULL && g_strv_contains((const char *const *)known, name))
            continue;
        quoted = text_quote(name);
        if (known[0] == NULL)
            return g_strdup_printf(_("Attribute %s is not allowed on the element %s, which has no "
                                     "attributes."),
                                   quoted, (const char *)element->name);
        return g_strdup_printf(_("Attribute %s is not allowed on the element %s; allowed are: %s."),
                               quoted, (const char *)element->name, allowed);
    }
    return NULL;
}

/* Returns (transfer full) (nullable): the same for an element that stands where the grammar does
 * not know it. */
static char *
zpci_schema_describe_unknown_element(const ZpciSchemaCheck *check, const xmlNode *element)
{
    const xmlNode *parent = element->parent;
    g_auto(GStrv) known = parent->type == XML_ELEMENT_NODE
                              ? schema_vocabulary_list_children(check->vocabulary, parent)
                              : NULL;
    g_autofree char *allowed = known != NULL ? g_strjoinv(", ", known) : NULL;
    g_autofree char *quoted = text_quote((const char *)element->name);

    if (known == NULL || g_strv_contains((const char *const *)known, (const char *)element->name))
        return NULL;
    if (known[0] == NULL)
        return g_strdup_printf(_("Element %s is not allowed in the element %s, which contains no "
                                 "elements."),
                               quoted, (const char *)parent->name);
    return g_strdup_printf(_("Element %s is not allowed in the element %s; allowed are: %s."),
                           quoted, (const char *)parent->name, allowed);
}

/* Of an element that breaks the schema, all in it that the grammar of <zpci> does not know is told
 * by its name. What applications keep in <metadata> is their own.
 * Returns: whether there is something. */
static gboolean
zpci_schema_add_unknown(const ZpciSchemaCheck *check, const xmlNode *element, GPtrArray *findings)
{
    g_autofree char *message = zpci_schema_describe_unknown_element(check, element);
    gboolean found = FALSE;

    if (message == NULL)
        message = zpci_schema_describe_unknown_attribute(check, element);
    if (message != NULL) {
        zpci_schema_add_finding(findings,
                                zpci_finding_new(xmlGetLineNo(element), (const char *)element->name,
                                                 g_steal_pointer(&message)));
        found = TRUE;
    }
    for (const xmlNode *child = xmlFirstElementChild((xmlNode *)element); child != NULL;
         child = xmlNextElementSibling((xmlNode *)child)) {
        if (strcmp((const char *)child->name, "metadata") != 0)
            found |= zpci_schema_add_unknown(check, child, findings);
    }
    return found;
}

static void
zpci_schema_add_fault(const ZpciSchemaCheck *check, const SchemaFault *fault, GPtrArray *findings)
{
    ZpciFinding *finding;

    if (check->vocabulary != NULL && zpci_schema_add_unknown(check, fault->element, findings))
        return;
    finding =
        zpci_finding_new(xmlGetLineNo(fault->element), (const char *)fault->element->name, NULL);

    if (fault->attribute != NULL)
        finding->message = zpci_schema_describe_attribute(check, fault->attribute);
    else
        finding->message = zpci_schema_describe_element(check, fault->element, finding);
    zpci_schema_add_finding(findings, finding);
}

static void
zpci_schema_locate(ZpciSchemaCheck *check, GPtrArray *findings)
{
    g_autoptr(GArray) faults = g_array_new(FALSE, FALSE, sizeof(SchemaFault));
    SchemaLocator locator = {
        .judge = zpci_schema_judge,
        .data = check,
        .budget = (guint)(ZPCI_SCHEMA_LOCATE_BYTES / check->size),
        .faults = faults,
    };

    schema_locator_blame(&locator, xmlDocGetRootElement(check->document));
    for (guint i = 0; i < faults->len; i++)
        zpci_schema_add_fault(check, &g_array_index(faults, SchemaFault, i), findings);
}

static gboolean
zpci_schema_check_file(xmlDoc *document, gsize size, const char *file, const char *own_file,
                       GPtrArray *findings, GError **error)
{
    g_autoptr(SchemaVocabulary) vocabulary = NULL;
    g_autoptr(GPtrArray) complaints = g_ptr_array_new_with_free_func(zpci_finding_free);
    ZpciSchemaCheck check = { document, NULL, size, complaints, NULL, FALSE };

    check.schema = schema_store_get(file, error);
    if (check.schema == NULL)
        return FALSE;

    if (!zpci_schema_is_valid(&check, zpci_schema_note_complaint)) {
        vocabulary = schema_vocabulary_new(own_file);
        check.vocabulary = vocabulary;
        zpci_schema_locate(&check, findings);
    }
    if (check.broken) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_UNREADABLE,
                    _("libxml2 failed while it validated the document against the schema %s."),
                    file);
        return FALSE;
    }
    return TRUE;
}

static const ZpciSchemaRule *
zpci_schema_find_rule(const xmlDoc *document, GError **error)
{
    const xmlNode *root = xmlDocGetRootElement(document);
    g_autofree char *name = NULL;

    for (guint i = 0; i < G_N_ELEMENTS(rules); i++) {
        if (g_str_equal((const char *)root->name, rules[i].root))
            return &rules[i];
    }
    name = text_quote((const char *)root->name);
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                _("There is no schema for a document whose root element is %s; only <device>, "
                  "<domain>, <hostdev> and <interface> can be validated."),
                name);
    return NULL;
}

/* The last one: what libvirt has of its own is no matter of ours. */
static const char *
zpci_schema_get_own_file(const ZpciSchemaRule *rule)
{
    const char *file = rule->files[0];

    for (guint i = 1; i < ZPCI_SCHEMA_MAX_FILES && rule->files[i] != NULL; i++)
        file = rule->files[i];
    return file;
}

gboolean
zpci_schema_check(xmlDoc *document, gsize size, GPtrArray *findings, GError **error)
{
    const ZpciSchemaRule *rule = zpci_schema_find_rule(document, error);
    const char *own_file;

    if (rule == NULL)
        return FALSE;

    own_file = zpci_schema_get_own_file(rule);
    for (guint i = 0; i < ZPCI_SCHEMA_MAX_FILES && rule->files[i] != NULL; i++) {
        if (!zpci_schema_check_file(document, size, rule->files[i], own_file, findings, error))
            return FALSE;
    }
    g_ptr_array_sort(findings, zpci_finding_compare);
    return TRUE;
}

gboolean
zpci_schema_validate(const char *document, gsize size, GPtrArray **findings, GError **error)
{
    g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(zpci_finding_free);
    xmlDoc *parsed;
    gboolean judged = TRUE;

    if (size > ZPCI_SCHEMA_MAX_DOCUMENT) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                    _("The document is larger than %d bytes and is not validated."),
                    ZPCI_SCHEMA_MAX_DOCUMENT);
        return FALSE;
    }

    parsed = xml_document_parse(document, size, found);
    if (parsed != NULL) {
        judged = zpci_schema_check(parsed, size, found, error);
        xmlFreeDoc(parsed);
    }
    if (judged)
        *findings = g_steal_pointer(&found);
    return judged;
}
