/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <libxml/tree.h>

#include "zpci-guest-device.h"
#include "zpci-validation.h"

/**
 * ZpciMeaning:
 * @document: a domain or devices of one
 * @devices: (element-type ZpciGuestDevice): its devices
 * @architecture: (nullable): of the guest
 * @name: (nullable): of the domain
 * @look_up: (nullable): asks the host
 * @data: for @look_up
 * @findings: (element-type ZpciFinding): takes what is found
 *
 * What one document means, while it is judged: of which devices, and what was found so far.
 */
typedef struct {
    const xmlDoc *document;
    GArray *devices;
    char *architecture;
    char *name;
    ZpciHostLookup look_up;
    gpointer data;
    GPtrArray *findings;
} ZpciMeaning;

/**
 * zpci_meaning_add:
 * @element: what is wrong; @message names it
 * @message: (transfer full)
 * @hint: (transfer full) (nullable)
 */
void zpci_meaning_add(ZpciMeaning *meaning, const xmlNode *element, ZpciSeverity severity,
                      char *message, char *hint);

/** zpci_meaning_is_foreign: whether the guest is known to be of another architecture. */
gboolean zpci_meaning_is_foreign(const ZpciMeaning *meaning);
