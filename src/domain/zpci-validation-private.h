/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <libxml/tree.h>

#include "zpci-guest-device.h"
#include "zpci-validation.h"

/**
 * ZpciValidation:
 * @document: a domain or devices of one
 * @devices: (element-type ZpciGuestDevice): its devices
 * @architecture: (nullable): of the guest
 * @name: (nullable): of the domain
 * @look_up: (nullable): asks the host
 * @data: for @look_up
 * @findings: (element-type ZpciFinding): takes what is found
 *
 * One document while its meaning is validated.
 */
typedef struct {
    const xmlDoc *document;
    GArray *devices;
    char *architecture;
    char *name;
    ZpciHostLookup look_up;
    gpointer data;
    GPtrArray *findings;
} ZpciValidation;

/**
 * zpci_validation_add:
 * @element: what is wrong; @message names it
 * @message: (transfer full)
 * @hint: (transfer full) (nullable)
 */
void zpci_validation_add(ZpciValidation *validation, const xmlNode *element, ZpciSeverity severity,
                         char *message, char *hint);

/** zpci_validation_is_foreign: whether the guest is known to be of another architecture. */
gboolean zpci_validation_is_foreign(const ZpciValidation *validation);

/** zpci_validation_function_check: judges what a node device says of a function of the host. */
void zpci_validation_function_check(ZpciValidation *validation);

/** zpci_validation_number_check: judges the UIDs and FIDs of all devices. */
void zpci_validation_number_check(ZpciValidation *validation);

/** Writes what is decimal in hexadecimal, as the schema demands: that is a warning, no error. */
void zpci_validation_number_spell_out(ZpciValidation *validation);

/** zpci_validation_address_check: judges where devices stand in the guest. */
void zpci_validation_address_check(ZpciValidation *validation);

/** zpci_validation_source_check: judges which functions of the host the devices pass. */
void zpci_validation_source_check(ZpciValidation *validation);
