/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "zpci-export.h"
#include "zpci-finding.h"

G_BEGIN_DECLS

/* The largest document that is validated, in bytes. */
#define ZPCI_SCHEMA_MAX_DOCUMENT (16 * 1024 * 1024)

/* How many findings are kept of one document. */
#define ZPCI_SCHEMA_MAX_FINDINGS 16

/**
 * zpci_schema_validate:
 * @document: (array length=size) (element-type guint8): the text of a node device or a domain
 * @findings: (out) (transfer container) (element-type ZpciFinding): what is wrong with it, in the
 * order of lines and at most %ZPCI_SCHEMA_MAX_FINDINGS, empty if it is valid; free with
 *   g_ptr_array_unref(). Written on success only
 *
 * Validates a document against the schemas that its root element calls for: `<device>` nodedev.rng,
 * `<domain>` domain.rng and zpciaddress.rng. Nothing but the installed schemas is read: no external
 * entity, no network, no document type. May be called from any thread.
 *
 * Returns: %FALSE if it could not be judged: %ZPCI_ERROR_INVALID_ARGUMENT for a root element
 * without a schema or more than %ZPCI_SCHEMA_MAX_DOCUMENT bytes, %ZPCI_ERROR_UNREADABLE or
 *   %ZPCI_ERROR_NOT_FOUND if a schema cannot be loaded. A document that is not well-formed is a
 *   finding, not an error.
 */
ZPCI_EXPORT gboolean zpci_schema_validate(const char *document, gsize size, GPtrArray **findings,
                                          GError **error);

G_END_DECLS
