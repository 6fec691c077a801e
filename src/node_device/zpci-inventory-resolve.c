/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "node-device-name.h"
#include "number.h"
#include "zpci-error.h"
#include "zpci-inventory.h"

/* How many names a message repeats. */
#define MAX_NAMES 4

/* The names of the functions for which @fact is @value. */
static char **
zpci_inventory_search(ZpciInventory *inventory, ZpciFact fact, guint64 value, GError **error)
{
    static const char *const zpci[] = { "zpci", NULL };
    g_auto(GStrv) names = zpci_inventory_list(inventory, zpci, ZPCI_STATE_ANY, error);
    g_autoptr(GStrvBuilder) found = g_strv_builder_new();

    if (names == NULL)
        return NULL;
    for (guint i = 0; names[i] != NULL; i++) {
        g_autoptr(ZpciFunction) function = NULL;
        guint64 has;

        if (zpci_inventory_get_outline(inventory, names[i], &function, NULL) && function != NULL &&
            zpci_function_get(function, fact, &has) && has == value)
            g_strv_builder_add(found, names[i]);
    }
    return g_strv_builder_end(found);
}

/* The first names, as many as one line of a message bears. */
static char *
zpci_inventory_join(char **names)
{
    GString *text = g_string_new(names[0]);

    for (guint i = 1; names[i] != NULL && i < MAX_NAMES; i++)
        g_string_append_printf(text, ", %s", names[i]);
    if (g_strv_length(names) > MAX_NAMES)
        g_string_append(text, ", …");
    return g_string_free(text, FALSE);
}

static char *
zpci_inventory_resolve_fact(ZpciInventory *inventory, ZpciFact fact, const char *text,
                            GError **error)
{
    const char *name = zpci_fact_get_info(fact)->name;
    guint bits = 8 * zpci_fact_get_info(fact)->width;
    g_auto(GStrv) found = NULL;
    g_autofree char *shown = NULL;
    guint64 value;

    if (!number_parse(text, (G_GUINT64_CONSTANT(1) << bits) - 1, &value, error)) {
        /* Both are the caller's words here. */
        if (error != NULL)
            (*error)->code = ZPCI_ERROR_INVALID_ARGUMENT;
        return NULL;
    }
    found = zpci_inventory_search(inventory, fact, value, error);
    if (found == NULL)
        return NULL;
    if (found[0] != NULL && found[1] == NULL)
        return g_strdup(found[0]);

    shown = zpci_fact_format(fact, value);
    if (found[0] == NULL) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_NOT_FOUND,
                    _("There is no function with %s %s on this host."), name, shown);
    } else {
        g_autofree char *some = zpci_inventory_join(found);

        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                    _("More than one function has %s %s; name the one that is meant: %s."), name,
                    shown, some);
    }
    return NULL;
}

char *
zpci_inventory_resolve(ZpciInventory *inventory, const char *text, GError **error)
{
    g_autofree char *name = NULL;
    PciAddress address;

    if (g_str_has_prefix(text, "fid="))
        return zpci_inventory_resolve_fact(inventory, ZPCI_FACT_FID, text + 4, error);
    if (g_str_has_prefix(text, "uid="))
        return zpci_inventory_resolve_fact(inventory, ZPCI_FACT_UID, text + 4, error);

    name = pci_address_parse(text, &address, NULL) ? node_device_name_format(&address)
                                                   : g_strdup(text);
    return zpci_inventory_has(inventory, name, error) ? g_steal_pointer(&name) : NULL;
}
