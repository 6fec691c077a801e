/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "byte-reader.h"
#include "system-calls.h"

/* The largest reply that we accept. */
#define VFIO_INFO_MAX_SIZE (64 * 1024)

/* How often a reply may turn out larger than the kernel had just said: a capability can appear
 * between two calls, but not for ever. */
#define VFIO_INFO_MAX_TRIES 4

/**
 * VfioInfo:
 * @argsz: bytes of the whole reply
 * @flags: VFIO_DEVICE_FLAGS_*
 * @num_regions: number of regions
 * @num_irqs: number of interrupt types
 * @cap_offset: where the first capability stands; 0 if there is none
 *
 * The fixed part of a reply of VFIO_DEVICE_GET_INFO.
 */
typedef struct {
    guint32 argsz;
    guint32 flags;
    guint32 num_regions;
    guint32 num_irqs;
    guint32 cap_offset;
} VfioInfo;

/**
 * vfio_info_parse:
 * @reply: the whole reply
 * @info: (out): written on success only
 *
 * Returns: %FALSE with %ZPCI_ERROR_MALFORMED if the fixed part is cut off or contradicts itself.
 */
gboolean vfio_info_parse(const ByteReader *reply, VfioInfo *info, GError **error);

/**
 * vfio_info_read:
 * @fd: a VFIO device
 * @call: system_calls_kernel.ioctl, or a script
 * @device: the device's name, for error texts
 *
 * Follows the argsz protocol: asks with the smallest structure that can carry a chain, learns the
 * size, and asks again until the reply fits.
 *
 * Returns: (transfer full): the reply, in host byte order; %NULL with the code of the errno, or
 *   %ZPCI_ERROR_MALFORMED if the kernel wants more than %VFIO_INFO_MAX_SIZE or never settles.
 */
GByteArray *vfio_info_read(int fd, SystemIoctl call, const char *device, GError **error);
