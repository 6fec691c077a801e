/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "node-device-families.h"
#include "node-device-flags.h"
#include "upstream-device.h"
#include "zpci-error.h"
#include "zpci-inventory-private.h"

/* What a list is asked for. */
typedef struct {
    const char *const *capabilities; /* NULL for all */
    ZpciStates states;
    guint flags; /* those of them matter that are about persistence */
} ZpciInventoryWish;

static gboolean
zpci_inventory_has_capability(const ZpciInventory *inventory, const NodeDeviceFamily *family,
                              const char *name, const char *const *wanted)
{
    for (guint i = 0; family->nested[i] != NULL; i++) {
        if (g_strv_contains(wanted, family->nested[i]) &&
            family->has_nested(zpci_inventory_get_host(inventory), name, family->nested[i]))
            return TRUE;
    }
    return FALSE;
}

static gboolean
zpci_inventory_may_have(const NodeDeviceFamily *family, const char *const *wanted)
{
    for (guint i = 0; family->nested[i] != NULL; i++) {
        if (g_strv_contains(wanted, family->nested[i]))
            return TRUE;
    }
    return FALSE;
}

/* Adds those devices of @family that are wanted to @names. */
static gboolean
zpci_inventory_list_family(const ZpciInventory *inventory, const NodeDeviceFamily *family,
                           const char *const *wanted, GPtrArray *names, GError **error)
{
    const ZpciHost *host = zpci_inventory_get_host(inventory);
    g_autoptr(GPtrArray) all = NULL;

    if (wanted == NULL || g_strv_contains(wanted, family->capability))
        return family->list(host, names, error);
    if (!zpci_inventory_may_have(family, wanted))
        return TRUE;
    all = g_ptr_array_new_with_free_func(g_free);
    if (!family->list(host, all, error))
        return FALSE;
    for (guint i = 0; i < all->len; i++) {
        char *name = g_ptr_array_index(all, i);

        if (zpci_inventory_has_capability(inventory, family, name, wanted))
            g_ptr_array_add(names, g_strdup(name));
    }
    return TRUE;
}

static GPtrArray *
zpci_inventory_list_native(const ZpciInventory *inventory, const ZpciInventoryWish *wish,
                           GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < NODE_DEVICE_FAMILIES; i++) {
        const NodeDeviceFamily *family = node_device_families[i];
        ZpciStates state = family->is_inactive ? ZPCI_STATE_INACTIVE : ZPCI_STATE_ACTIVE;

        if ((wish->states & state) != 0 &&
            node_device_flags_accept(wish->flags, family->is_persistent) &&
            !zpci_inventory_list_family(inventory, family, wish->capabilities, names, error))
            return NULL;
    }
    return g_steal_pointer(&names);
}

/* Whether we ourselves may have devices that are wanted. */
static gboolean
zpci_inventory_covers(const char *const *wanted)
{
    for (guint i = 0; wanted != NULL && i < NODE_DEVICE_FAMILIES; i++) {
        if (g_strv_contains(wanted, node_device_families[i]->capability) ||
            zpci_inventory_may_have(node_device_families[i], wanted))
            return TRUE;
    }
    return wanted == NULL;
}

/* Adds to @names what is in @more, and in @limit unless that is %NULL, and is not there yet. */
static void
zpci_inventory_merge(GPtrArray *names, const GPtrArray *more, GHashTable *limit)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < names->len; i++)
        g_hash_table_add(seen, g_ptr_array_index(names, i));
    for (guint i = 0; i < more->len; i++) {
        char *name = g_ptr_array_index(more, i);

        if ((limit == NULL || g_hash_table_contains(limit, name)) &&
            !g_hash_table_contains(seen, name)) {
            g_ptr_array_add(names, g_strdup(name));
            g_hash_table_add(seen, g_ptr_array_index(names, names->len - 1));
        }
    }
}

static GPtrArray *
zpci_inventory_list_upstream(ZpciUpstream *upstream, const char *const *capabilities,
                             ZpciStates states, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) of_states = NULL;
    g_autoptr(GHashTable) limit = NULL;

    if (capabilities == NULL || states != ZPCI_STATE_ANY) {
        of_states = upstream_device_list(upstream, node_device_flags_of_states(states), error);
        if (of_states == NULL || capabilities == NULL)
            return g_steal_pointer(&of_states);
        limit = g_hash_table_new(g_str_hash, g_str_equal);
        for (guint i = 0; i < of_states->len; i++)
            g_hash_table_add(limit, g_ptr_array_index(of_states, i));
    }
    for (; *capabilities != NULL; capabilities++) {
        g_autoptr(GPtrArray) having = upstream_device_list_having(upstream, *capabilities, error);

        if (having == NULL)
            return NULL;
        zpci_inventory_merge(names, having, limit);
    }
    return g_steal_pointer(&names);
}

/* Takes over @refusal, which is why the daemon behind us has not listed. Returns: whether our own
 * devices are an answer without its. */
static gboolean
zpci_inventory_tolerates(const ZpciInventoryWish *wish, GError *refusal, GError **error)
{
    if (zpci_inventory_covers(wish->capabilities) &&
        g_error_matches(refusal, ZPCI_ERROR, ZPCI_ERROR_UNREACHABLE)) {
        g_error_free(refusal);
        return TRUE;
    }
    g_propagate_error(error, refusal);
    return FALSE;
}

/* Makes the answer. */
static char **
zpci_inventory_end_list(GPtrArray *names, GError **error)
{
    if (names->len > ZPCI_INVENTORY_MAX_DEVICES) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_MALFORMED,
                    _("This host has %u node devices; a list holds at most %u."), names->len,
                    ZPCI_INVENTORY_MAX_DEVICES);
        return NULL;
    }
    g_ptr_array_add(names, NULL);
    return (char **)g_ptr_array_free(g_ptr_array_ref(names), FALSE);
}

char **
zpci_inventory_list(ZpciInventory *inventory, const char *const *capabilities, ZpciStates states,
                    GError **error)
{
    const ZpciInventoryWish wish = { capabilities, states, 0 };
    ZpciUpstream *upstream = zpci_inventory_get_upstream(inventory);
    g_autoptr(GPtrArray) names = zpci_inventory_list_native(inventory, &wish, error);

    if (names == NULL)
        return NULL;
    if (upstream != NULL) {
        GError *refusal = NULL;
        g_autoptr(GPtrArray) more =
            zpci_inventory_list_upstream(upstream, capabilities, states, &refusal);

        if (more != NULL)
            zpci_inventory_merge(names, more, NULL);
        else if (!zpci_inventory_tolerates(&wish, refusal, error))
            return NULL;
    }
    return zpci_inventory_end_list(names, error);
}

char **
zpci_inventory_list_flagged(ZpciInventory *inventory, guint flags, GError **error)
{
    g_autofree const char **capabilities = node_device_flags_get_capabilities(flags);
    const ZpciInventoryWish wish = { capabilities, node_device_flags_get_states(flags), flags };
    ZpciUpstream *upstream = zpci_inventory_get_upstream(inventory);
    g_autoptr(GPtrArray) names = zpci_inventory_list_native(inventory, &wish, error);

    if (names == NULL)
        return NULL;
    if (upstream != NULL) {
        GError *refusal = NULL;
        g_autoptr(GPtrArray) more = upstream_device_list(upstream, flags, &refusal);

        if (more != NULL)
            zpci_inventory_merge(names, more, NULL);
        else if (!zpci_inventory_tolerates(&wish, refusal, error))
            return NULL;
    }
    return zpci_inventory_end_list(names, error);
}
