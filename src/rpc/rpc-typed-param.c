/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "rpc-typed-param.h"

#include <glib/gi18n-lib.h>

#include "zpci-error.h"

static gboolean
decode_value(RpcXdr *xdr, RpcTypedParam *param, GError **error)
{
    guint32 word;

    switch (param->type) {
    case RPC_TYPED_PARAM_INT:
    case RPC_TYPED_PARAM_UINT:
    case RPC_TYPED_PARAM_BOOLEAN:
        if (!rpc_xdr_get_u32(xdr, "value", &word, error))
            return FALSE;
        param->number = word;
        return TRUE;
    case RPC_TYPED_PARAM_LLONG:
    case RPC_TYPED_PARAM_ULLONG:
    case RPC_TYPED_PARAM_DOUBLE:
        return rpc_xdr_get_u64(xdr, "value", &param->number, error);
    case RPC_TYPED_PARAM_STRING:
        return rpc_xdr_get_string(xdr, "value", &param->text, error);
    }
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_MALFORMED,
                _("A typed parameter has the unknown type %d."), (int)param->type);
    return FALSE;
}

gboolean
rpc_typed_param_decode(RpcXdr *xdr, RpcTypedParam *param, GError **error)
{
    g_auto(RpcTypedParam) read = { .field = NULL };
    RpcXdr ahead = *xdr;
    guint32 type;

    if (!rpc_xdr_get_string(&ahead, "field", &read.field, error) ||
        !rpc_xdr_get_u32(&ahead, "type", &type, error))
        return FALSE;
    read.type = type;
    if (!decode_value(&ahead, &read, error))
        return FALSE;

    *param = read;
    read = (RpcTypedParam){ .field = NULL };
    *xdr = ahead;
    return TRUE;
}

void
rpc_typed_param_clear(RpcTypedParam *param)
{
    g_clear_pointer(&param->field, g_free);
    g_clear_pointer(&param->text, g_free);
}
