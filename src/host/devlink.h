/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "pci-address.h"
#include "system-calls.h"

/* The largest answer that is taken, and how many attributes it may have. */
#define DEVLINK_MAX_ANSWER 8192
#define DEVLINK_MAX_ATTRIBUTES 128

/**
 * devlink_is_switchdev:
 *
 * Asks the kernel by devlink, which needs the privilege to administer the network, for the mode of
 * the switch that is in a PCI function.
 *
 * Returns: whether it has one, and that is run by the kernel; %FALSE also if nobody says.
 */
gboolean devlink_is_switchdev(const SystemCalls *calls, const PciAddress *address);
