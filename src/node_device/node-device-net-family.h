/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "node-device-family.h"

/** node_device_net_family: the network interfaces that libvirt lists. */
extern const NodeDeviceFamily node_device_net_family;
