/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "clp-request.h"
#include "system-calls.h"

/**
 * clp_device_ask:
 * @dev: the directory of device nodes
 *
 * Asks /dev/clp one of the three reading commands. That changes nothing and disturbs nobody,
 * whatever driver or guest has the function; the kernel admits root only.
 *
 * Returns: (transfer full): the reply, from its header to the end of the page; %NULL with
 *   %ZPCI_ERROR_NOT_FOUND if this machine has no /dev/clp, %ZPCI_ERROR_NO_PERMISSION, or another
 * code.
 */
GByteArray *clp_device_ask(const ClpRequest *request, const char *dev, const SystemCalls *calls,
                           GError **error);
