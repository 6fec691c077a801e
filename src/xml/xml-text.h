/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>
#include <libxml/tree.h>

/**
 * xml_text_format:
 * @node: an element that we built; it holds elements, or text, or nothing
 *
 * Writes a tree the way libvirt writes its documents: no XML declaration, two blanks a level,
 * single quotes. The one place where text is escaped; control characters and others that XML cannot
 * carry are left out.
 *
 * Returns: (transfer full): the text, with a newline at its end.
 */
char *xml_text_format(const xmlNode *node);
