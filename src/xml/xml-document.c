/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "xml-document.h"

#include <glib/gi18n-lib.h>
#include <libxml/parser.h>
#include <string.h>

#include "xml-problem.h"
#include "zpci-finding-private.h"

static void
xml_document_note_syntax(void *data, XmlProblem *problem)
{
    xmlParserCtxt *context = data;
    GPtrArray *findings = context->_private;
    g_autofree char *text = NULL;

    /* What comes after the first one is its consequence. */
    if (findings->len > 0 || problem->level < XML_ERR_ERROR)
        return;

    text = xml_problem_get_message(problem);
    g_ptr_array_add(findings, zpci_finding_new(
                                  problem->line, NULL,
                                  g_strdup_printf(_("The document is not well-formed: %s"), text)));
}

/* Called at "<!DOCTYPE", before anything in it is read. */
static void
xml_document_refuse_doctype(void *data, const xmlChar *name, const xmlChar *public_id,
                            const xmlChar *system_id)
{
    xmlParserCtxt *context = data;
    GPtrArray *findings = context->_private;

    (void)public_id;
    (void)system_id;
    if (findings->len == 0)
        g_ptr_array_add(
            findings,
            zpci_finding_new(context->input->line, (const char *)name,
                             g_strdup(_("A document type is not allowed here; take out the "
                                        "<!DOCTYPE declaration."))));
    xmlStopParser(context);
}

/* What the reader of bytes cannot decode, it tells nobody but the handler of the thread. The
 * document breaks at that place, and that is told. XML_PARSE_NOERROR would silence the handler of
 * the context, too, since libxml2 2.13. */
static xmlDoc *
xml_document_read(const char *text, gsize size, GPtrArray *findings)
{
    const int options = XML_PARSE_NONET | XML_PARSE_NOWARNING | XML_PARSE_BIG_LINES;
    xmlStructuredErrorFunc old_handler = xmlStructuredError;
    void *old_data = xmlStructuredErrorContext;
    xmlParserCtxt *context = xmlNewParserCtxt();
    xmlDoc *tree;

    context->_private = findings;
    context->sax->internalSubset = xml_document_refuse_doctype;
    context->sax->serror = xml_document_note_syntax;
    xmlSetStructuredErrorFunc(NULL, xml_problem_ignore);
    tree = xmlCtxtReadMemory(context, text, (int)size, NULL, NULL, options);
    xmlSetStructuredErrorFunc(old_data, old_handler);
    xmlFreeParserCtxt(context);
    return tree;
}

/* libxml2 takes a zero byte for the end, or says whatever it makes of what stands around it. */
static void
xml_document_note_zero(const char *text, const char *zero, GPtrArray *findings)
{
    guint line = 1;

    for (const char *p = text; p < zero; p++)
        line += *p == '\n';
    g_ptr_array_add(findings,
                    zpci_finding_new(line, NULL,
                                     g_strdup_printf(_("The document is not well-formed: there is "
                                                       "a zero byte at offset %zu."),
                                                     (gsize)(zero - text))));
}

/* In UTF-16, every other byte of a tag is zero; it may have a byte-order mark. */
static gboolean
xml_document_is_wide(const char *text, gsize size)
{
    return size >= 2 && (memcmp(text, "\xff\xfe", 2) == 0 || memcmp(text, "\xfe\xff", 2) == 0 ||
                         (text[0] == '\0') != (text[1] == '\0'));
}

static gboolean
xml_document_is_empty(const char *text, gsize size)
{
    for (gsize i = 0; i < size; i++) {
        if (!g_ascii_isspace(text[i]))
            return FALSE;
    }
    return TRUE;
}

xmlDoc *
xml_document_parse(const char *text, gsize size, GPtrArray *findings)
{
    g_autoptr(GPtrArray) found = g_ptr_array_new();
    const char *zero = size > 0 ? memchr(text, '\0', size) : NULL;
    xmlDoc *tree = NULL;

    /* To libxml2, no bytes are no document, and no fault either. */
    if (xml_document_is_empty(text, size))
        g_ptr_array_add(found, zpci_finding_new(1, NULL, g_strdup(_("The document is empty."))));
    else if (size > XML_DOCUMENT_MAX)
        g_ptr_array_add(found,
                        zpci_finding_new(0, NULL,
                                         g_strdup_printf(_("The document is larger than %d bytes."),
                                                         XML_DOCUMENT_MAX)));
    else if (zero != NULL && !xml_document_is_wide(text, size))
        xml_document_note_zero(text, zero, found);
    else
        tree = xml_document_read(text, size, found);
    if (tree == NULL && found->len == 0)
        g_ptr_array_add(found,
                        zpci_finding_new(0, NULL, g_strdup(_("The document is not well-formed."))));
    if (found->len > 0)
        g_clear_pointer(&tree, xmlFreeDoc);
    g_ptr_array_extend_and_steal(findings, g_steal_pointer(&found));
    return tree;
}
