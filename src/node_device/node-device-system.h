/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "zpci-host.h"

/** node_device_system_format: (transfer full): the document of "computer". */
char *node_device_system_format(const ZpciHost *host);
