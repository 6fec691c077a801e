/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <libxml/tree.h>

#include "zpci-function.h"

/**
 * node_device_zpci_add:
 * @capability: the `<capability type='pci'>` of a node device; `<zpci>` is added at its end
 *
 * Adds what is known of @function. An unknown fact is left out; without UID, FID and PFGID, which
 * the schema demands, nothing is added.
 */
void node_device_zpci_add(xmlNode *capability, const ZpciFunction *function);

/**
 * node_device_zpci_add_known:
 * @capability: the `<capability type='zpci'>` of a node device in standby
 *
 * The same, but `<zpci>` is added in any case: of a function in standby nothing need be known but
 * its FID.
 */
void node_device_zpci_add_known(xmlNode *capability, const ZpciFunction *function);
