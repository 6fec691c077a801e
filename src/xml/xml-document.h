/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>
#include <libxml/tree.h>

/* The largest document that is read, in bytes. */
#define XML_DOCUMENT_MAX (16 * 1024 * 1024)

/**
 * xml_document_parse:
 * @text: (array length=size): a foreign document
 * @findings: (element-type ZpciFinding): takes the one finding, if there is one
 *
 * Reads a document that somebody else wrote. Nothing but the bytes is read: no external entity, no
 * network. A document type is refused before anything in it is read, so that no entity is defined
 * or expanded.
 *
 * Returns: (transfer full) (nullable): the tree; %NULL with one more finding if the document is
 * empty, has a zero byte that is no part of UTF-16, is not well-formed, has a document type, or is
 * larger than %XML_DOCUMENT_MAX.
 */
xmlDoc *xml_document_parse(const char *text, gsize size, GPtrArray *findings);
