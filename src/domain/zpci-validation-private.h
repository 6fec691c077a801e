/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "zpci-meaning.h"

/* The parts of zpci_validation_run(). None of them knows another. */

/** zpci_validation_function_check: judges what a node device says of a function of the host. */
void zpci_validation_function_check(ZpciMeaning *meaning);

/** zpci_validation_number_check: judges the UIDs and FIDs of all devices. */
void zpci_validation_number_check(ZpciMeaning *meaning);

/** Writes what is decimal in hexadecimal, as the schema demands: that is a warning, no error. */
void zpci_validation_number_spell_out(ZpciMeaning *meaning);

/** zpci_validation_address_check: judges where devices stand in the guest. */
void zpci_validation_address_check(ZpciMeaning *meaning);

/**
 * zpci_validation_iommufd_check: judges what says that functions are passed through an iommufd.
 * What the schemas of the installed libvirt do not know is taken out of the document, so that they
 * judge the rest; to be called last.
 */
void zpci_validation_iommufd_check(ZpciMeaning *meaning);

/** zpci_validation_source_check: judges which functions of the host the devices pass. */
void zpci_validation_source_check(ZpciMeaning *meaning);
