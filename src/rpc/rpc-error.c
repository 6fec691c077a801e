/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "rpc-error.h"

#include <string.h>

#include "rpc-xdr.h"

/* The severities are none, warning and error; a reply with status "error" is always the last. */
#define LEVEL_ERROR 2

static const struct {
    RpcErrorCode code;
    const char *prefix;
} standard_prefixes[] = {
    { RPC_ERROR_INTERNAL, "internal error: " },
    { RPC_ERROR_NO_SUPPORT, "this function is not supported by the connection driver: " },
    { RPC_ERROR_NO_CONNECT, "no connection driver available for " },
    { RPC_ERROR_INVALID_ARGUMENT, "invalid argument: " },
    { RPC_ERROR_OPERATION_FAILED, "operation failed: " },
    { RPC_ERROR_OPERATION_DENIED, "operation forbidden: " },
    { RPC_ERROR_AUTH_FAILED, "authentication failed: " },
    { RPC_ERROR_OPERATION_INVALID, "Requested operation is not valid: " },
    { RPC_ERROR_CONFIG_UNSUPPORTED, "unsupported configuration: " },
    { RPC_ERROR_ARGUMENT_UNSUPPORTED, "argument unsupported: " },
    { RPC_ERROR_AUTH_CANCELLED, "authentication cancelled: " },
    { RPC_ERROR_OPERATION_UNSUPPORTED, "Operation not supported: " },
    { RPC_ERROR_ACCESS_DENIED, "access denied: " },
    { RPC_ERROR_AUTH_UNAVAILABLE, "authentication unavailable: " },
};

const char *
rpc_error_prefix(RpcErrorCode code)
{
    for (guint i = 0; i < G_N_ELEMENTS(standard_prefixes); i++) {
        if (standard_prefixes[i].code == code)
            return standard_prefixes[i].prefix;
    }
    return "";
}

void
rpc_error_set(RpcError *error, int code, int domain, const char *prefix, const char *detail)
{
    gsize length = strnlen(detail, RPC_ERROR_MAX_MESSAGE - strlen(prefix));

    g_return_if_fail(error->detail == NULL);

    error->code = code;
    error->domain = domain;
    error->prefix = prefix;
    error->detail = g_utf8_make_valid(detail, (gssize)length);
}

static void
put_text(GByteArray *out, const char *text)
{
    /* Bounded by RPC_ERROR_MAX_MESSAGE, so that it cannot be too long for the protocol. */
    (void)rpc_xdr_put_optional_string(out, text, NULL);
}

void
rpc_error_encode(const RpcError *error, GByteArray *out)
{
    g_autofree char *message = g_strconcat(error->prefix, error->detail, NULL);
    g_autofree char *format = g_strconcat(error->prefix, "%s", NULL);

    rpc_xdr_put_i32(out, error->code);
    rpc_xdr_put_i32(out, error->domain);
    put_text(out, message);
    rpc_xdr_put_i32(out, LEVEL_ERROR);
    rpc_xdr_put_u32(out, 0); /* no object */
    put_text(out, format);
    put_text(out, error->detail);
    put_text(out, NULL);
    rpc_xdr_put_i32(out, -1);
    rpc_xdr_put_i32(out, -1);
    rpc_xdr_put_u32(out, 0); /* no network object */
}

void
rpc_error_clear(RpcError *error)
{
    g_clear_pointer(&error->detail, g_free);
}
