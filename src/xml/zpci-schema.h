/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "zpci-export.h"

G_BEGIN_DECLS

/* The largest document that is validated, in bytes. */
#define ZPCI_SCHEMA_MAX_DOCUMENT (16 * 1024 * 1024)

/**
 * ZpciFinding:
 * @line: the line in the document, from 1; 0 if it concerns the whole document
 * @element: (nullable): the element at which the document goes wrong
 * @message: a whole sentence
 *
 * One thing that is wrong with a document.
 */
typedef struct {
    guint line;
    char *element;
    char *message;
} ZpciFinding;

/**
 * zpci_schema_validate:
 * @document: (array length=size): the text of a node device, domain or zpci document
 * @findings: (out) (transfer full) (element-type ZpciFinding): what is wrong with it, empty if it is
 *   valid; free with g_ptr_array_unref(). Written on success only
 *
 * Validates a document against the schema that its root element calls for: `<device>` nodedev.rng,
 * `<domain>` domain.rng. Nothing outside of the installed schemas is read: no external entity, no
 * network, no document type.
 *
 * Returns: %FALSE if it could not be judged: %ZPCI_ERROR_INVALID_ARGUMENT for a root element without
 *   a schema, %ZPCI_ERROR_UNREADABLE or %ZPCI_ERROR_NOT_FOUND if the schema cannot be loaded.
 *   A document that is not well-formed is a finding, not an error.
 */
ZPCI_EXPORT gboolean zpci_schema_validate(const char *document, gsize size, GPtrArray **findings,
                                          GError **error);

G_END_DECLS
