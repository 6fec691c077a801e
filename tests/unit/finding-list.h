/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "zpci-validation.h"

/**
 * finding_list_expect:
 * @document: any that zpci_validation_run() takes
 * @look_up: (nullable): the host
 * @expected: (array zero-terminated=1): of what is found about the element @element, in order,
 * "LINE SEVERITY PART": the line, "error" or "warning", and what stands in the message or the hint
 *
 * Aborts the test if anything else is found about @element. What is found about others, as by the
 * schema, does not matter.
 */
void finding_list_expect(const char *document, ZpciHostLookup look_up, const char *element,
                         const char *const *expected);
