/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

/**
 * XmlTextChange:
 * @offset: in the old text, in bytes
 * @removed: how many bytes of the old text go there
 * @text: (transfer none): what comes in their place
 */
typedef struct {
    gsize offset;
    gsize removed;
    char *text;
} XmlTextChange;

/**
 * xml_text_diff:
 * @text: (array length=size): the old text
 * @changes: (element-type XmlTextChange): in the order of offsets, without overlaps
 * @name: how it is called in the head
 *
 * Returns: (transfer full): the changes as diff -u shows them, empty if there are none. What
 *   changed is known, so nothing has to be compared.
 */
char *xml_text_diff(const char *text, gsize size, const GArray *changes, const char *name);
