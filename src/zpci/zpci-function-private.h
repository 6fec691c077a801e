/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "zpci-facts.h"
#include "zpci-function.h"

/**
 * zpci_function_new:
 * @facts: everything that is known; emptied
 *
 * Returns: (transfer full): the function; never fails.
 */
ZpciFunction *zpci_function_new(ZpciFacts *facts);
