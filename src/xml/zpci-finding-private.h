/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <libxml/tree.h>

#include "zpci-finding.h"

/**
 * zpci_finding_new:
 * @line: below 0 counts as 0
 * @element: (nullable): its name
 * @message: (transfer full) (nullable): may be set later
 *
 * Returns: (transfer full): an error without a hint; free with zpci_finding_free().
 */
ZpciFinding *zpci_finding_new(glong line, const char *element, char *message);

/** zpci_finding_new_at: the same, with line and name of @element. */
ZpciFinding *zpci_finding_new_at(const xmlNode *element, char *message);

/** zpci_finding_free: a GDestroyNotify; @finding may be %NULL. */
void zpci_finding_free(gpointer finding);

/** zpci_finding_is_at_same_place: whether both name the same line and element; a GEqualFunc. */
gboolean zpci_finding_is_at_same_place(gconstpointer first, gconstpointer second);

/** zpci_finding_compare: orders elements of a GPtrArray by line; a GCompareFunc. */
int zpci_finding_compare(gconstpointer first, gconstpointer second);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ZpciFinding, zpci_finding_free)
