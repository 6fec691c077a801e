/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "zpci-capability.h"
#include "zpci-chain.h"

/**
 * ZpciField:
 * @name: the name that the kernel's header gives it
 * @bytes: (nullable): its bytes, if it is a string; else %NULL and @number counts
 * @width: how many bytes it has
 * @number: its value, in host byte order
 */
typedef struct {
    const char *name;
    const guint8 *bytes;
    guint width;
    guint64 number;
} ZpciField;

/* @chain has it, and its reference is what counts; @name is NULL for an unknown one. */
struct _ZpciCapability {
    ZpciChain *chain;
    guint16 id;
    guint16 version;
    guint32 offset;
    guint32 size;
    guint n_fields;
    gboolean duplicate;
    const char *name;
    const ZpciField *fields;
    const guint8 *data;
};
