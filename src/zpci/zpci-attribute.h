/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "zpci-facts.h"

/* PFIP is one fact in four attributes. */
#define ZPCI_ATTRIBUTE_MAX_FILES 4

/**
 * ZpciAttribute:
 * @fact: what it states
 * @names: the files in the function's directory that hold it, highest byte first, %NULL behind the
 * last
 * @changes: whether it can change while the function exists: the handle does each time that the
 *   function is enabled, uid_is_unique when UID checking is switched; no event tells of either
 *
 * Which attributes of sysfs state a fact: arch/s390/pci/pci_sysfs.c.
 */
typedef struct {
    ZpciFact fact;
    const char *names[ZPCI_ATTRIBUTE_MAX_FILES + 1];
    gboolean changes;
} ZpciAttribute;

/** zpci_attribute_list: (transfer none) (array length=count): all attributes; FID comes first. */
const ZpciAttribute *zpci_attribute_list(guint *count);

/**
 * zpci_attribute_parse:
 * @texts: what stands in the files of @attribute
 *
 * Sets the fact, or its reason if a text is no number or too large.
 */
void zpci_attribute_parse(const ZpciAttribute *attribute, const char *const *texts,
                          ZpciFacts *facts);
