/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "capture-writer.h"
#include "zpci-host.h"

/**
 * clp_capture_write:
 *
 * Captures what /dev/clp answers: the list of functions, each function, and each group that a
 * function is in. That CLP cannot be asked is a note.
 *
 * Returns: %FALSE with @error set if the capture cannot be written.
 */
gboolean clp_capture_write(const ZpciHost *host, CaptureWriter *writer, GError **error);
