/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "node-device-families.h"

#include <string.h>

#include "node-device-name.h"
#include "zpci-libvirt.h"

const NodeDeviceFamily *const node_device_families[NODE_DEVICE_FAMILIES] = {
    &node_device_system_family,  &node_device_pci_family,     &node_device_net_family,
    &node_device_ccw_family_css, &node_device_ccw_family_ccw, &node_device_ccw_family_ccwgroup,
    &node_device_standby_family,
};

const NodeDeviceFamily *
node_device_families_find(const ZpciHost *host, const char *name, GError **error)
{
    for (guint i = 0; i < NODE_DEVICE_FAMILIES; i++) {
        if (node_device_families[i]->has(host, name))
            return node_device_families[i];
    }
    return node_device_name_miss(name, error);
}

static gboolean
node_device_families_is_named(const NodeDeviceFamily *family, const char *name)
{
    return g_str_has_prefix(name, family->capability) && name[strlen(family->capability)] == '_';
}

const NodeDeviceFamily *
node_device_families_choose(const ZpciHost *host, const char *name, GError **error)
{
    for (guint i = 0; i < NODE_DEVICE_FAMILIES; i++) {
        const NodeDeviceFamily *family = node_device_families[i];

        if (family->finds_itself ? node_device_families_is_named(family, name)
                                 : family->has(host, name))
            return family;
    }
    return node_device_name_miss(name, error);
}

gboolean
node_device_families_get_function(const ZpciHost *host, const char *name, gboolean outline,
                                  ZpciFunction **function, GError **error)
{
    const NodeDeviceFamily *family = node_device_families_find(host, name, error);

    if (family == NULL)
        return FALSE;
    if (outline && family->get_outline != NULL)
        return family->get_outline(host, name, function, error);
    if (family->get_function != NULL)
        return family->get_function(host, name, function, error);
    *function = NULL;
    return TRUE;
}

static gboolean
node_device_families_has_capability(const ZpciHost *host, const NodeDeviceFamily *family,
                                    const char *name, const char *const *wanted)
{
    for (guint i = 0; family->nested[i] != NULL; i++) {
        if (g_strv_contains(wanted, family->nested[i]) &&
            family->has_nested(host, name, family->nested[i]))
            return TRUE;
    }
    return FALSE;
}

static gboolean
node_device_families_may_have(const NodeDeviceFamily *family, const char *const *wanted)
{
    for (guint i = 0; family->nested[i] != NULL; i++) {
        if (g_strv_contains(wanted, family->nested[i]))
            return TRUE;
    }
    return FALSE;
}

/* Adds those devices of @family that are wanted to @names. */
static gboolean
node_device_families_add(const ZpciHost *host, const NodeDeviceFamily *family,
                         const char *const *wanted, GPtrArray *names, GError **error)
{
    g_autoptr(GPtrArray) all = NULL;

    if (wanted == NULL || g_strv_contains(wanted, family->capability))
        return family->list(host, names, error);
    if (!node_device_families_may_have(family, wanted))
        return TRUE;
    all = g_ptr_array_new_with_free_func(g_free);
    if (!family->list(host, all, error))
        return FALSE;
    for (guint i = 0; i < all->len; i++) {
        char *name = g_ptr_array_index(all, i);

        if (node_device_families_has_capability(host, family, name, wanted))
            g_ptr_array_add(names, g_strdup(name));
    }
    return TRUE;
}

GPtrArray *
node_device_families_list(const ZpciHost *host, const NodeDeviceWish *wish, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < NODE_DEVICE_FAMILIES; i++) {
        const NodeDeviceFamily *family = node_device_families[i];
        ZpciStates state = family->is_inactive ? ZPCI_STATE_INACTIVE : ZPCI_STATE_ACTIVE;

        if ((wish->states & state) != 0 &&
            zpci_libvirt_accepts(wish->flags, family->is_persistent) &&
            !node_device_families_add(host, family, wish->capabilities, names, error))
            return NULL;
    }
    return g_steal_pointer(&names);
}

gboolean
node_device_families_cover(const char *const *wanted)
{
    for (guint i = 0; i < NODE_DEVICE_FAMILIES; i++) {
        if (g_strv_contains(wanted, node_device_families[i]->capability) ||
            node_device_families_may_have(node_device_families[i], wanted))
            return TRUE;
    }
    return FALSE;
}
