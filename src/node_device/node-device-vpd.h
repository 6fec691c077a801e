/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <libxml/tree.h>

#include "pci-vpd.h"

/**
 * node_device_vpd_add:
 * @parent: the capability of a PCI function
 *
 * Adds the capability "vpd" as libvirt has it, https://libvirt.org/formatnode.html#vpd-capability.
 */
void node_device_vpd_add(xmlNode *parent, const PciVpd *vpd);
