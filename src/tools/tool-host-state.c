/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "tool-host-state.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

#include "libvirt-library.h"
#include "tool-connection.h"

/* A domain and whether it runs. */
typedef struct {
    char *name;
    gboolean runs;
} ToolHolder;

/* @holders has, by the address of a function, the domains that have it; @bindings keeps the texts
 * that were given away. */
struct _ToolHostState {
    ZpciInventory *inventory;
    GHashTable *holders;
    GPtrArray *bindings;
    gboolean knows_holders;
};

static void
tool_host_state_free_holder(gpointer data)
{
    ToolHolder *holder = data;

    g_free(holder->name);
    g_free(holder);
}

static void
tool_host_state_add_holder(ToolHostState *state, const char *address, const char *name,
                           gboolean runs)
{
    GPtrArray *holders = g_hash_table_lookup(state->holders, address);
    ToolHolder *holder = g_new0(ToolHolder, 1);

    if (holders == NULL) {
        holders = g_ptr_array_new_with_free_func(tool_host_state_free_holder);
        g_hash_table_insert(state->holders, g_strdup(address), holders);
    }
    holder->name = g_strdup(name);
    holder->runs = runs;
    g_ptr_array_add(holders, holder);
}

/* A domain that went meanwhile, or is of another architecture, has none of our functions. */
static void
tool_host_state_add_domain(ToolHostState *state, virDomain *domain)
{
    g_autofree char *text = tool_connection_read(domain, 0, NULL);
    g_autoptr(ZpciDomainDocument) document = NULL;
    g_auto(GStrv) sources = NULL;

    if (text != NULL)
        document = zpci_domain_document_new(text, strlen(text), NULL);
    if (document == NULL)
        return;
    sources = zpci_domain_document_list_sources(document);
    for (guint i = 0; sources[i] != NULL; i++)
        tool_host_state_add_holder(state, sources[i], libvirt_library.virDomainGetName(domain),
                                   libvirt_library.virDomainIsActive(domain) == 1);
}

static gboolean
tool_host_state_add_domains(ToolHostState *state, const char *uri, GError **error)
{
    g_autoptr(virConnect) connection = tool_connection_open(uri, TRUE, error);
    virDomain **domains = NULL;
    int count;

    if (connection == NULL)
        return FALSE;
    count = libvirt_library.virConnectListAllDomains(connection, &domains, 0);
    if (count < 0)
        return tool_connection_fail(_("Listing libvirt's domains failed"), error);
    for (int i = 0; i < count; i++) {
        tool_host_state_add_domain(state, domains[i]);
        libvirt_library.virDomainFree(domains[i]);
    }
    free(domains);
    return TRUE;
}

ToolHostState *
tool_host_state_new(const char *root, const char *uri, GError **error)
{
    g_autoptr(ToolHostState) state = g_new0(ToolHostState, 1);
    g_autoptr(GError) problem = NULL;

    state->holders =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
    state->bindings = g_ptr_array_new_with_free_func((GDestroyNotify)zpci_binding_free);
    state->inventory = tool_open_inventory(root, error);
    if (state->inventory == NULL)
        return NULL;
    if (root != NULL && uri == NULL)
        return g_steal_pointer(&state);
    state->knows_holders = tool_host_state_add_domains(state, uri, &problem);
    if (state->knows_holders)
        return g_steal_pointer(&state);
    if (uri != NULL) {
        g_propagate_error(error, g_steal_pointer(&problem));
        return NULL;
    }
    fprintf(stderr, _("virt-zpci: Which functions other domains have is not known. %s\n"),
            problem->message);
    return g_steal_pointer(&state);
}

void
tool_host_state_free(ToolHostState *state)
{
    if (state == NULL)
        return;
    zpci_inventory_free(state->inventory);
    g_hash_table_unref(state->holders);
    g_ptr_array_unref(state->bindings);
    g_free(state);
}

gboolean
tool_host_state_knows_holders(const ToolHostState *state)
{
    return state->knows_holders;
}

/* One that runs matters more than one that could. */
static void
tool_host_state_find_holder(const ToolHostState *host, const char *address, const char *domain,
                            ZpciHostState *state)
{
    const GPtrArray *holders = g_hash_table_lookup(host->holders, address);

    for (guint i = 0; holders != NULL && i < holders->len && !state->holder_runs; i++) {
        const ToolHolder *holder = g_ptr_array_index(holders, i);

        if (g_strcmp0(holder->name, domain) == 0)
            continue;
        state->holder = holder->name;
        state->holder_runs = holder->runs;
    }
}

gboolean
tool_host_state_look_up(const char *address, const char *domain, ZpciHostState *state,
                        gpointer data)
{
    ToolHostState *host = data;
    g_autofree char *name = zpci_inventory_resolve(host->inventory, address, NULL);
    ZpciBinding *binding = name != NULL ? zpci_binding_read(host->inventory, name, NULL) : NULL;

    if (binding == NULL)
        return FALSE;
    g_ptr_array_add(host->bindings, binding);
    state->driver = binding->driver;
    state->is_vfio = binding->is_vfio;
    tool_host_state_find_holder(host, address, domain, state);
    return TRUE;
}
