/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "rpc-xdr.h"

/* Longest name of a typed parameter, in bytes. */
#define RPC_TYPED_PARAM_MAX_FIELD 79

typedef enum {
    RPC_TYPED_PARAM_INT = 1,
    RPC_TYPED_PARAM_UINT = 2,
    RPC_TYPED_PARAM_LLONG = 3,
    RPC_TYPED_PARAM_ULLONG = 4,
    RPC_TYPED_PARAM_DOUBLE = 5,
    RPC_TYPED_PARAM_BOOLEAN = 6,
    RPC_TYPED_PARAM_STRING = 7,
} RpcTypedParamType;

/**
 * RpcTypedParam:
 * @field: its name; any bytes, and possibly longer than %RPC_TYPED_PARAM_MAX_FIELD
 * @number: the bits of a value that is no string, zero-extended
 * @text: (nullable): the value of a string
 *
 * A named value, whose type the sender chose.
 */
typedef struct {
    char *field;
    RpcTypedParamType type;
    guint64 number;
    char *text;
} RpcTypedParam;

/**
 * rpc_typed_param_decode:
 * @param: (out): written on success only; to be freed with rpc_typed_param_clear()
 *
 * Returns: %FALSE with %ZPCI_ERROR_MALFORMED if it is cut off or of no known type.
 */
gboolean rpc_typed_param_decode(RpcXdr *xdr, RpcTypedParam *param, GError **error);

/**
 * rpc_typed_param_clear:
 *
 * Frees what @param holds; one that is all zero holds nothing.
 */
void rpc_typed_param_clear(RpcTypedParam *param);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(RpcTypedParam, rpc_typed_param_clear)
