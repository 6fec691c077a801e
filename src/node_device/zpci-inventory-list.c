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

/* Returns (transfer full): the names, for looking one up; they stay in @names. */
static GHashTable *
zpci_inventory_make_set(const GPtrArray *names)
{
    GHashTable *set = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < names->len; i++)
        g_hash_table_add(set, g_ptr_array_index(names, i));
    return set;
}

/* Adds to @names what is in @more, and in @limit unless that is %NULL, and is not there yet. */
static void
zpci_inventory_merge(GPtrArray *names, const GPtrArray *more, GHashTable *limit)
{
    g_autoptr(GHashTable) seen = zpci_inventory_make_set(names);

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
zpci_inventory_list_upstream(UpstreamCaller *caller, const char *const *capabilities,
                             ZpciStates states, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) of_states = NULL;
    g_autoptr(GHashTable) limit = NULL;

    if (capabilities == NULL || states != ZPCI_STATE_ANY) {
        of_states = upstream_device_list(caller, node_device_flags_of_states(states), error);
        if (of_states == NULL || capabilities == NULL)
            return g_steal_pointer(&of_states);
        limit = zpci_inventory_make_set(of_states);
    }
    for (; *capabilities != NULL; capabilities++) {
        g_autoptr(GPtrArray) having = upstream_device_list_having(caller, *capabilities, error);

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

/* Whether the daemon behind us has listed all of @names: then it hides none of them. */
static gboolean
zpci_inventory_has_all(const GPtrArray *more, const GPtrArray *names)
{
    g_autoptr(GHashTable) listed = zpci_inventory_make_set(more);

    for (guint i = 0; i < names->len; i++) {
        if (!g_hash_table_contains(listed, g_ptr_array_index(names, i)))
            return FALSE;
    }
    return TRUE;
}

static void
zpci_inventory_drop(GPtrArray *names, const GPtrArray *all, const GPtrArray *shown)
{
    g_autoptr(GHashTable) of_all = zpci_inventory_make_set(all);
    g_autoptr(GHashTable) of_shown = zpci_inventory_make_set(shown);

    for (guint i = names->len; i > 0; i--) {
        const char *name = g_ptr_array_index(names, i - 1);

        if (g_hash_table_contains(of_all, name) && !g_hash_table_contains(of_shown, name))
            g_ptr_array_remove_index(names, i - 1);
    }
}

/* Takes out of @names, which are ours, those that the daemon behind us has, too, and keeps from who
 * asks. @more is what it has listed. */
static gboolean
zpci_inventory_drop_hidden(const ZpciInventory *inventory, GPtrArray *names, const GPtrArray *more,
                           GError **error)
{
    UpstreamCaller *caller = zpci_inventory_get_caller(inventory);
    g_autoptr(GPtrArray) all = NULL;
    g_autoptr(GPtrArray) shown = NULL;

    if (!upstream_caller_is_other(caller) || zpci_inventory_has_all(more, names))
        return TRUE;
    /* In this order: what comes in between is not taken for hidden. */
    all = upstream_device_list(zpci_inventory_get_own_caller(inventory), 0, error);
    shown = all != NULL ? upstream_device_list(caller, 0, error) : NULL;
    if (shown == NULL)
        return FALSE;
    zpci_inventory_drop(names, all, shown);
    return TRUE;
}

/* Adds to @names, which are ours, what the daemon behind us has listed: @more, or %NULL and then
 * @refusal, which is taken over. */
static gboolean
zpci_inventory_take_in(const ZpciInventory *inventory, const ZpciInventoryWish *wish,
                       GPtrArray *names, const GPtrArray *more, GError *refusal, GError **error)
{
    if (more == NULL)
        return zpci_inventory_tolerates(wish, refusal, error);
    if (!zpci_inventory_drop_hidden(inventory, names, more, error))
        return FALSE;
    zpci_inventory_merge(names, more, NULL);
    return TRUE;
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
    UpstreamCaller *caller = zpci_inventory_get_caller(inventory);
    g_autoptr(GPtrArray) names = zpci_inventory_list_native(inventory, &wish, error);

    if (names == NULL)
        return NULL;
    if (caller != NULL) {
        GError *refusal = NULL;
        g_autoptr(GPtrArray) more =
            zpci_inventory_list_upstream(caller, capabilities, states, &refusal);

        if (!zpci_inventory_take_in(inventory, &wish, names, more, refusal, error))
            return NULL;
    }
    return zpci_inventory_end_list(names, error);
}

guint
zpci_inventory_get_list_flags(void)
{
    return node_device_flags_get_known();
}

char **
zpci_inventory_list_flagged(ZpciInventory *inventory, guint flags, GError **error)
{
    g_autofree const char **capabilities = node_device_flags_get_capabilities(flags);
    const ZpciInventoryWish wish = { capabilities, node_device_flags_get_states(flags), flags };
    UpstreamCaller *caller = zpci_inventory_get_caller(inventory);
    g_autoptr(GPtrArray) names = zpci_inventory_list_native(inventory, &wish, error);

    if (names == NULL)
        return NULL;
    if (caller != NULL) {
        GError *refusal = NULL;
        g_autoptr(GPtrArray) more = upstream_device_list(caller, flags, &refusal);

        if (!zpci_inventory_take_in(inventory, &wish, names, more, refusal, error))
            return NULL;
    }
    return zpci_inventory_end_list(names, error);
}
