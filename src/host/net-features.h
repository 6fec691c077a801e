/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "net-device.h"
#include "zpci-host.h"

/**
 * net_features_read:
 * @sysname: the interface's name in sysfs
 * @interface: its name for the kernel
 *
 * Asks the driver what @interface offloads now, and looks whether its function does RDMA or has a
 * switch. A captured host cannot be asked, so there only RDMA is found, if the capture shows it.
 *
 * Returns: bits of #NetFeature; what cannot be asked is not there.
 */
guint net_features_read(const ZpciHost *host, const char *sysname, const char *interface);
