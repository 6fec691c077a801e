/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <libxml/tree.h>

#include "zpci-schema.h"

/**
 * zpci_schema_check:
 * @size: of the document's text in bytes; it bounds the work
 * @findings: (element-type ZpciFinding): takes what is found, in the order of lines
 *
 * zpci_schema_validate() for a document that has been read. @document is the same afterwards.
 */
gboolean zpci_schema_check(xmlDoc *document, gsize size, GPtrArray *findings, GError **error);
