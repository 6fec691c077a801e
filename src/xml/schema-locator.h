/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>
#include <libxml/tree.h>

/* How many faults are looked for at most. */
#define SCHEMA_LOCATOR_MAX_FAULTS 16

/**
 * SchemaLocatorJudge:
 *
 * Returns: whether the document, as it stands now, is valid.
 */
typedef gboolean (*SchemaLocatorJudge)(gpointer data);

/**
 * SchemaFault:
 * @element: the smallest element that has the fault in it
 * @attribute: (nullable): the attribute of @element without which there would be no fault
 *
 * Both are owned by the document.
 */
typedef struct {
    xmlNode *element;
    xmlAttr *attribute;
} SchemaFault;

/**
 * SchemaLocator:
 * @judge: says whether the document is valid; called with @data
 * @budget: how many times it may still be called; counted down
 * @faults: (element-type SchemaFault): what is found, at most %SCHEMA_LOCATOR_MAX_FAULTS
 *
 * Finds out where an invalid document goes wrong. A validator for RelaxNG that tries alternatives
 * (libxml2's does) reports the element at which the last one failed, often the root or a neighbour.
 * So parts are taken out and put back while a judge looks on: an element without which the
 * document is valid has the fault in it.
 */
typedef struct {
    SchemaLocatorJudge judge;
    gpointer data;
    guint budget;
    GArray *faults;
} SchemaLocator;

/**
 * schema_locator_blame:
 * @element: an element of a document that is not valid
 *
 * Adds to @locator->faults the smallest elements below or at @element that account for it, @element
 * itself if none below does. The document is the same afterwards.
 */
void schema_locator_blame(SchemaLocator *locator, xmlNode *element);
