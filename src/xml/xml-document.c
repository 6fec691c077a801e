/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "xml-document.h"

#include <glib/gi18n-lib.h>
#include <libxml/parser.h>

#include "zpci-finding-private.h"

/* libxml2 ends its messages with a newline, and repeats text of the document in them. */
char *
xml_document_tidy_message(const xmlError *problem)
{
    g_autofree char *text = g_strchomp(g_strdup(problem->message != NULL ? problem->message : ""));
    g_autofree char *valid = g_utf8_make_valid(text, -1);

    return g_strdup_printf("%s.", valid);
}

static void
xml_document_note_syntax(void *data, xmlErrorPtr problem)
{
    xmlParserCtxt *context = data;
    GPtrArray *findings = context->_private;
    g_autofree char *text = NULL;

    /* What comes after the first one is its consequence. */
    if (findings->len > 0 || problem->level < XML_ERR_ERROR)
        return;

    text = xml_document_tidy_message(problem);
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
 * document breaks at that place, and that is told. */
static void
xml_document_ignore(void *data, xmlErrorPtr problem)
{
    (void)data;
    (void)problem;
}

static xmlDoc *
xml_document_read(const char *text, gsize size, GPtrArray *findings)
{
    const int options =
        XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_BIG_LINES;
    xmlStructuredErrorFunc old_handler = xmlStructuredError;
    void *old_data = xmlStructuredErrorContext;
    xmlParserCtxt *context = xmlNewParserCtxt();
    xmlDoc *tree;

    context->_private = findings;
    context->sax->internalSubset = xml_document_refuse_doctype;
    context->sax->serror = xml_document_note_syntax;
    xmlSetStructuredErrorFunc(NULL, xml_document_ignore);
    tree = xmlCtxtReadMemory(context, text, (int)size, NULL, NULL, options);
    xmlSetStructuredErrorFunc(old_data, old_handler);
    xmlFreeParserCtxt(context);
    return tree;
}

xmlDoc *
xml_document_parse(const char *text, gsize size, GPtrArray *findings)
{
    g_autoptr(GPtrArray) found = g_ptr_array_new();
    xmlDoc *tree = NULL;

    if (size > XML_DOCUMENT_MAX)
        g_ptr_array_add(found,
                        zpci_finding_new(0, NULL,
                                         g_strdup_printf(_("The document is larger than %d bytes."),
                                                         XML_DOCUMENT_MAX)));
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
