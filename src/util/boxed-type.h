/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib-object.h>

/** BOXED_TYPE_DEFINE: what G_DEFINE_BOXED_TYPE() does, in ISO C. */
#define BOXED_TYPE_DEFINE(Type, prefix, copy, free)                                              \
    GType prefix##_get_type(void)                                                                \
    {                                                                                            \
        static gsize type;                                                                       \
                                                                                                 \
        if (g_once_init_enter(&type)) {                                                          \
            GType made =                                                                         \
                g_boxed_type_register_static(#Type, (GBoxedCopyFunc)copy, (GBoxedFreeFunc)free); \
                                                                                                 \
            g_once_init_leave(&type, made);                                                      \
        }                                                                                        \
        return type;                                                                             \
    }
