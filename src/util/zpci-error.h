/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "zpci-export.h"

G_BEGIN_DECLS

/**
 * ZPCI_ERROR:
 *
 * The one error domain of the project. Every function that takes a GError sets it exactly once on
 * failure, with a translated whole sentence that says what failed, where, and what to do.
 */
#define ZPCI_ERROR (zpci_error_quark())

/**
 * ZpciError:
 * @ZPCI_ERROR_INVALID_ARGUMENT: the caller passed a name, number or option that cannot be meant
 * @ZPCI_ERROR_MALFORMED: bytes or text from the kernel, a capture, a peer or a file break their
 * format
 * @ZPCI_ERROR_NOT_FOUND: the device, attribute or file does not exist (any more)
 * @ZPCI_ERROR_NO_PERMISSION: it exists, but this user may not read it
 * @ZPCI_ERROR_IN_USE: it exists, but another process or device holds it
 * @ZPCI_ERROR_UNREADABLE: it exists, but reading it failed for another reason
 * @ZPCI_ERROR_UNSUPPORTED: this kernel, library or build does not offer it
 * @ZPCI_ERROR_INVALID_DOCUMENT: an XML document is well-formed but breaks its schema or its meaning
 * @ZPCI_ERROR_WRONG_STATE: the device is not in the state that this needs: active, inactive, bound
 * @ZPCI_ERROR_UNREACHABLE: another daemon that this needs cannot be reached
 * @ZPCI_ERROR_FOREIGN: another daemon refused, and the message is its own; zpci_error_get_foreign()
 *   tells how that daemon numbers it
 *
 * The codes of %ZPCI_ERROR. There may come more.
 */
typedef enum {
    ZPCI_ERROR_INVALID_ARGUMENT = 0,
    ZPCI_ERROR_MALFORMED = 1,
    ZPCI_ERROR_NOT_FOUND = 2,
    ZPCI_ERROR_NO_PERMISSION = 3,
    ZPCI_ERROR_IN_USE = 4,
    ZPCI_ERROR_UNREADABLE = 5,
    ZPCI_ERROR_UNSUPPORTED = 6,
    ZPCI_ERROR_INVALID_DOCUMENT = 7,
    ZPCI_ERROR_WRONG_STATE = 8,
    ZPCI_ERROR_UNREACHABLE = 9,
    ZPCI_ERROR_FOREIGN = 10,
} ZpciError;

/**
 * zpci_error_quark:
 *
 * Returns: the quark behind %ZPCI_ERROR; never fails.
 */
ZPCI_EXPORT GQuark zpci_error_quark(void);

/**
 * zpci_error_get_foreign:
 * @code: (out): virErrorNumber, as libvirt numbers errors
 * @domain: (out): virErrorDomain, the part of libvirt that raised it
 *
 * Returns: whether @error is one of %ZPCI_ERROR_FOREIGN; the outputs are written only then.
 */
ZPCI_EXPORT gboolean zpci_error_get_foreign(const GError *error, int *code, int *domain);

G_END_DECLS
