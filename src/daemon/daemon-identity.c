/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-identity.h"

#include <string.h>

static const struct {
    const char *name;
    RpcTypedParamType type;
} fields[] = {
    { "user-name", RPC_TYPED_PARAM_STRING },
    { "unix-user-id", RPC_TYPED_PARAM_ULLONG },
    { "group-name", RPC_TYPED_PARAM_STRING },
    { "unix-group-id", RPC_TYPED_PARAM_ULLONG },
    { "process-id", RPC_TYPED_PARAM_LLONG },
    { "process-time", RPC_TYPED_PARAM_ULLONG },
    { "sasl-user-name", RPC_TYPED_PARAM_STRING },
    { "x509-distinguished-name", RPC_TYPED_PARAM_STRING },
    { "selinux-context", RPC_TYPED_PARAM_STRING },
    { "system.token", RPC_TYPED_PARAM_STRING },
};

struct _DaemonIdentity {
    RpcTypedParam values[G_N_ELEMENTS(fields)]; /* as in fields; type 0 means not known */
};

DaemonIdentity *
daemon_identity_new(void)
{
    return g_new0(DaemonIdentity, 1);
}

void
daemon_identity_free(DaemonIdentity *identity)
{
    if (identity == NULL)
        return;
    for (guint i = 0; i < G_N_ELEMENTS(fields); i++)
        rpc_typed_param_clear(&identity->values[i]);
    g_free(identity);
}

gboolean
daemon_identity_get_number(const DaemonIdentity *identity, const char *name, guint64 *value)
{
    for (guint i = 0; i < G_N_ELEMENTS(fields); i++) {
        if (strcmp(name, fields[i].name) != 0 || identity->values[i].type == 0)
            continue;
        *value = identity->values[i].number;
        return TRUE;
    }
    return FALSE;
}

static GVariant *
describe(const RpcTypedParam *value)
{
    if (value->type == RPC_TYPED_PARAM_STRING)
        return g_variant_new_bytestring(value->text);
    if (value->type == RPC_TYPED_PARAM_LLONG)
        return g_variant_new_int64((gint64)value->number);
    return g_variant_new_uint64(value->number);
}

GVariant *
daemon_identity_describe(const DaemonIdentity *identity)
{
    GVariantDict fields_known;

    g_variant_dict_init(&fields_known, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(fields); i++) {
        if (identity->values[i].type != 0)
            g_variant_dict_insert_value(&fields_known, fields[i].name,
                                        describe(&identity->values[i]));
    }
    return g_variant_dict_end(&fields_known);
}

DaemonIdentityFault
daemon_identity_add(DaemonIdentity *identity, RpcTypedParam *param)
{
    if (strlen(param->field) > RPC_TYPED_PARAM_MAX_FIELD)
        return DAEMON_IDENTITY_LONG_FIELD;

    for (guint i = 0; i < G_N_ELEMENTS(fields); i++) {
        if (!g_str_equal(param->field, fields[i].name))
            continue;
        if (param->type != fields[i].type)
            return DAEMON_IDENTITY_WRONG_TYPE;
        if (identity->values[i].type != 0)
            return DAEMON_IDENTITY_DUPLICATE;
        identity->values[i] = *param;
        param->field = NULL;
        param->text = NULL;
        return DAEMON_IDENTITY_OK;
    }
    return DAEMON_IDENTITY_UNKNOWN_FIELD;
}
