/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "node-device-family.h"

/** node_device_system_family: the one device "computer", the root of all. */
extern const NodeDeviceFamily node_device_system_family;

/** node_device_system_format: (transfer full): the document of "computer". */
char *node_device_system_format(const ZpciHost *host);
