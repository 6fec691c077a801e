/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "upstream-identity.h"

#include <grp.h>
#include <pwd.h>

#include "libvirt-library.h"

/* Room for one entry of passwd(5) or group(5); a group with more members than that stays unnamed.
 */
#define ENTRY_BYTES (1 << 20)

typedef struct {
    virTypedParameterPtr array;
    int count;
    int room;
} Parameters;

static int
parameters_add(Parameters *parameters, const char *name, GVariant *value)
{
    if (g_variant_is_of_type(value, G_VARIANT_TYPE_BYTESTRING))
        return libvirt_library.virTypedParamsAddString(&parameters->array, &parameters->count,
                                                       &parameters->room, name,
                                                       g_variant_get_bytestring(value));
    if (g_variant_is_of_type(value, G_VARIANT_TYPE_INT64))
        return libvirt_library.virTypedParamsAddLLong(&parameters->array, &parameters->count,
                                                      &parameters->room, name,
                                                      g_variant_get_int64(value));
    return libvirt_library.virTypedParamsAddULLong(&parameters->array, &parameters->count,
                                                   &parameters->room, name,
                                                   g_variant_get_uint64(value));
}

static int
parameters_add_all(Parameters *parameters, GVariant *identity)
{
    GVariantIter iterator;
    const char *name;
    GVariant *value;

    g_variant_iter_init(&iterator, identity);
    while (g_variant_iter_next(&iterator, "{&sv}", &name, &value)) {
        int result = parameters_add(parameters, name, value);

        g_variant_unref(value);
        if (result < 0)
            return -1;
    }
    return 0;
}

/* Returns (nullable) (transfer full): what the machine calls this user. */
static char *
find_user(guint64 number)
{
    g_autofree char *room = g_malloc(ENTRY_BYTES);
    struct passwd entry, *found = NULL;

    getpwuid_r((uid_t)number, &entry, room, ENTRY_BYTES, &found);
    return found != NULL ? g_strdup(found->pw_name) : NULL;
}

static char *
find_group(guint64 number)
{
    g_autofree char *room = g_malloc(ENTRY_BYTES);
    struct group entry, *found = NULL;

    getgrgid_r((gid_t)number, &entry, room, ENTRY_BYTES, &found);
    return found != NULL ? g_strdup(found->gr_name) : NULL;
}

static int
parameters_add_name(Parameters *parameters, GVariant *identity, const char *name,
                    const char *number_name, char *(*find)(guint64 number))
{
    g_autoptr(GVariant) known = g_variant_lookup_value(identity, name, NULL);
    g_autofree char *found = NULL;
    guint64 number;

    if (known != NULL || !g_variant_lookup(identity, number_name, "t", &number) ||
        number > G_MAXUINT32)
        return 0;
    found = find(number);
    return found == NULL
               ? 0
               : libvirt_library.virTypedParamsAddString(&parameters->array, &parameters->count,
                                                         &parameters->room, name, found);
}

int
upstream_identity_set(virConnectPtr connection, GVariant *identity)
{
    Parameters parameters = { NULL, 0, 0 };
    int result = -1;

    if (parameters_add_all(&parameters, identity) == 0 &&
        parameters_add_name(&parameters, identity, VIR_CONNECT_IDENTITY_USER_NAME,
                            VIR_CONNECT_IDENTITY_UNIX_USER_ID, find_user) == 0 &&
        parameters_add_name(&parameters, identity, VIR_CONNECT_IDENTITY_GROUP_NAME,
                            VIR_CONNECT_IDENTITY_UNIX_GROUP_ID, find_group) == 0)
        result = libvirt_library.virConnectSetIdentity(connection, parameters.array,
                                                       parameters.count, 0);
    libvirt_library.virTypedParamsFree(parameters.array, parameters.count);
    return result;
}
