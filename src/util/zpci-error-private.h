/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "zpci-error.h"

/**
 * zpci_error_set_foreign:
 * @code: the number that libvirt gives the error
 * @domain: the number of the part of libvirt that raised it
 * @message: the whole message; nothing is added
 *
 * Sets an error of %ZPCI_ERROR_FOREIGN. Numbers that libvirt cannot have become an internal error.
 *
 * Returns: %FALSE, for the caller to return.
 */
gboolean zpci_error_set_foreign(int code, int domain, const char *message, GError **error);
