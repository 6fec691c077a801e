/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "node-device-family.h"

/** node_device_ccw_family_css: subchannels of devices. */
extern const NodeDeviceFamily node_device_ccw_family_css;

/** node_device_ccw_family_ccw: the devices; older releases of libvirt know those online only. */
extern const NodeDeviceFamily node_device_ccw_family_ccw;

/** node_device_ccw_family_ccwgroup: groups of qeth, if the release of libvirt knows them. */
extern const NodeDeviceFamily node_device_ccw_family_ccwgroup;
