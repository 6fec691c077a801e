/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "tool-name.h"

#include <glib/gi18n.h>
#include <string.h>

#include "number.h"
#include "tool-spelling.h"

/* Names all functions of an adapter. */
#define PCHID "pchid="

#define PCHID_DIGITS 4

static const char *const pci_or_zpci[] = { "pci", "zpci", NULL };

/* Returns: FALSE, as what calls it does. */
static gboolean
tool_name_suggest(ZpciInventory *inventory, const char *text, GError **error)
{
    g_auto(GStrv) names = zpci_inventory_list(inventory, pci_or_zpci, ZPCI_STATE_ANY, NULL);
    const char *guess =
        names != NULL ? tool_spelling_guess(text, (const char *const *)names) : NULL;
    g_autofree char *message = NULL;

    if (guess == NULL || error == NULL || text[0] == '\0')
        return FALSE;
    message = g_strdup_printf(_("%s Did you mean %s?"), (*error)->message, guess);
    g_free((*error)->message);
    (*error)->message = g_steal_pointer(&message);
    return FALSE;
}

char *
tool_name_resolve(ZpciInventory *inventory, const char *text, GError **error)
{
    g_autoptr(GError) problem = NULL;
    char *name = zpci_inventory_resolve(inventory, text, &problem);

    if (name != NULL)
        return name;
    if (g_error_matches(problem, ZPCI_ERROR, ZPCI_ERROR_NOT_FOUND))
        tool_name_suggest(inventory, text, &problem);
    g_propagate_error(error, g_steal_pointer(&problem));
    return NULL;
}

static void
tool_name_add(GPtrArray *names, const char *name)
{
    if (!g_ptr_array_find_with_equal_func(names, name, g_str_equal, NULL))
        g_ptr_array_add(names, g_strdup(name));
}

/* Returns: FALSE with @error set if no function has it. */
static gboolean
tool_name_add_adapter(GPtrArray *names, ZpciInventory *inventory, const char *text, GError **error)
{
    g_auto(GStrv) all = zpci_inventory_list(inventory, pci_or_zpci, ZPCI_STATE_ANY, error);
    g_autoptr(GError) problem = NULL;
    guint64 pchid, has;
    gboolean is_there = FALSE;

    if (all == NULL)
        return FALSE;
    if (!number_parse_id(text, PCHID_DIGITS, 0, &pchid, &problem)) {
        g_set_error_literal(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT, problem->message);
        return FALSE;
    }
    for (guint i = 0; all[i] != NULL; i++) {
        g_autoptr(ZpciFunction) function = NULL;

        if (zpci_inventory_get_outline(inventory, all[i], &function, NULL) && function != NULL &&
            zpci_function_get(function, ZPCI_FACT_PCHID, &has) && has == pchid) {
            tool_name_add(names, all[i]);
            is_there = TRUE;
        }
    }
    if (!is_there)
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_NOT_FOUND,
                    _("There is no function with pchid 0x%04x on this host."), (guint)pchid);
    return is_there;
}

char **
tool_name_resolve_each(ZpciInventory *inventory, char **texts, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);

    for (; *texts != NULL; texts++) {
        g_autofree char *name = NULL;

        if (g_ascii_strncasecmp(*texts, PCHID, strlen(PCHID)) == 0) {
            if (!tool_name_add_adapter(names, inventory, *texts + strlen(PCHID), error))
                return NULL;
            continue;
        }
        name = tool_name_resolve(inventory, *texts, error);
        if (name == NULL)
            return NULL;
        g_ptr_array_add(names, g_steal_pointer(&name));
    }
    g_ptr_array_add(names, NULL);
    g_ptr_array_set_free_func(names, NULL);
    return (char **)g_ptr_array_free(g_steal_pointer(&names), FALSE);
}

char *
tool_name_describe(void)
{
    return g_strdup(
        _("NAME is a node device (pci_0005_00_00_0), a PCI address (0005:00:00.0), an FID\n"
          "(fid=0x0000000c or 0000000c), a UID (uid=0x0005), a physical channel\n"
          "(pchid=0x01c0), or a network interface or disk of the function (eth0, nvme0n1).\n"
          "0x0005 is an FID or a UID."));
}
