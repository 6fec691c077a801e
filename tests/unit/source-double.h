/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "node-device-source.h"
#include "zpci-error.h"

/**
 * SourceDouble:
 * @device: the only device that it has, or would have
 * @kept: (nullable): the name of a device that it keeps from others, who are all but ourselves
 * @code: of the error with which it answers all questions; -1: it answers them
 * @asked: how many questions it was asked
 *
 * A source of node devices that says what a test wants.
 */
typedef struct {
    NodeDeviceSource source;
    const char *device;
    const char *kept;
    int code;
    guint asked;
} SourceDouble;

/** source_double_new: (transfer full): a source, to be given to who asks sources. */
SourceDouble *source_double_new(const char *device, const char *kept, int code);
