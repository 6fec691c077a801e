/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib-object.h>

#include "zpci-export.h"

G_BEGIN_DECLS

/**
 * ZpciSeverity:
 * @ZPCI_SEVERITY_ERROR: libvirt or QEMU refuse it, or it does not do what it says
 * @ZPCI_SEVERITY_WARNING: it works, but not as a reader would think, or not always
 */
typedef enum {
    ZPCI_SEVERITY_ERROR = 0,
    ZPCI_SEVERITY_WARNING = 1,
} ZpciSeverity;

/**
 * ZpciFinding:
 * @line: the line in the document, from 1; 0 if it concerns the whole document
 * @severity: how bad it is
 * @element: (nullable): the element at which the document goes wrong
 * @message: a whole sentence that says what is wrong
 * @hint: (nullable): a whole sentence that says what to do
 *
 * One thing that is wrong with a document. The sentences are translated.
 */
typedef struct {
    guint line;
    ZpciSeverity severity;
    char *element;
    char *message;
    char *hint;
} ZpciFinding;

#define ZPCI_TYPE_FINDING (zpci_finding_get_type())

/**
 * zpci_finding_get_type:
 *
 * Returns: the boxed type of #ZpciFinding, for language bindings.
 */
ZPCI_EXPORT GType zpci_finding_get_type(void);

/**
 * zpci_finding_get_severity_name:
 *
 * Returns: (transfer none): "error" or "warning", never translated.
 */
ZPCI_EXPORT const char *zpci_finding_get_severity_name(const ZpciFinding *finding);

G_END_DECLS
