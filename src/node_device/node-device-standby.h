/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "node-device-family.h"

/* What the name of a function in standby begins with; its function ID follows, in 8 digits. */
#define NODE_DEVICE_STANDBY_PREFIX "zpci_"

/**
 * node_device_standby_format: (transfer full): the document of the function @fid.
 */
char *node_device_standby_format(guint32 fid, const ZpciFunction *function);
