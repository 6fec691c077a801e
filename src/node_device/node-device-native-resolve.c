/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "node-device-native-resolve.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

#include "class-device.h"
#include "names.h"
#include "node-device-families.h"
#include "number.h"
#include "zpci-error.h"
#include "zpci-host-private.h"

/* The name of a slot is the FID of its function in so many hexadecimal digits. */
#define FID_DIGITS 8

/* How many names a message repeats. */
#define MAX_NAMES 4

/* What a person may know a function by. */
static const ZpciFact fid_only[] = { ZPCI_FACT_FID };
static const ZpciFact uid_only[] = { ZPCI_FACT_UID };
static const ZpciFact pchid_only[] = { ZPCI_FACT_PCHID };
static const ZpciFact fid_or_uid[] = { ZPCI_FACT_FID, ZPCI_FACT_UID };

static gboolean
node_device_native_resolve_matches(const ZpciFunction *function, const ZpciFact *facts,
                                   guint n_facts, guint64 value)
{
    guint64 has;

    for (guint i = 0; i < n_facts; i++) {
        if (zpci_function_get(function, facts[i], &has) && has == value)
            return TRUE;
    }
    return FALSE;
}

/* Whether the device @name is a function for which one of @facts is @value. */
static gboolean
node_device_native_resolve_has_number(const ZpciHost *host, const char *name, const ZpciFact *facts,
                                      guint n_facts, guint64 value)
{
    g_autoptr(ZpciFunction) function = NULL;

    return node_device_families_get_function(host, name, TRUE, &function, NULL) &&
           function != NULL && node_device_native_resolve_matches(function, facts, n_facts, value);
}

/* The names of the functions for which one of @facts is @value. */
static char **
node_device_native_resolve_search(const ZpciHost *host, const NodeDeviceView *view,
                                  const ZpciFact *facts, guint n_facts, guint64 value,
                                  GError **error)
{
    static const char *const zpci[] = { "zpci", NULL };
    g_auto(GStrv) names = view->list(view->data, zpci, error);
    g_autoptr(GStrvBuilder) found = g_strv_builder_new();

    if (names == NULL)
        return NULL;
    for (guint i = 0; names[i] != NULL; i++) {
        if (node_device_native_resolve_has_number(host, names[i], facts, n_facts, value))
            g_strv_builder_add(found, names[i]);
    }
    return g_strv_builder_end(found);
}

/* What tells a function from others that match as well: of several facts the one that matches, else
 * the function ID. Returns (transfer full): "pci_0005_00_00_0 (fid 0x0000000c)". */
static char *
node_device_native_resolve_tell(const ZpciHost *host, const char *name, const ZpciFact *facts,
                                guint n_facts, guint64 value)
{
    g_autoptr(ZpciFunction) function = NULL;
    g_autofree char *shown = NULL;
    ZpciFact fact = ZPCI_FACT_FID;
    guint64 has;

    if (!node_device_families_get_function(host, name, TRUE, &function, NULL) || function == NULL)
        return g_strdup(name);
    for (guint i = 0; n_facts > 1 && i < n_facts; i++) {
        if (node_device_native_resolve_matches(function, &facts[i], 1, value)) {
            fact = facts[i];
            break;
        }
    }
    if (!zpci_function_get(function, fact, &has))
        return g_strdup(name);
    shown = zpci_fact_format(fact, has);
    return g_strdup_printf("%s (%s %s)", name, zpci_fact_get_info(fact)->name, shown);
}

/* The first names, as many as one line of a message bears. */
static char *
node_device_native_resolve_join(const ZpciHost *host, char **names, const ZpciFact *facts,
                                guint n_facts, guint64 value)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; names[i] != NULL && i < MAX_NAMES; i++) {
        g_autofree char *one =
            node_device_native_resolve_tell(host, names[i], facts, n_facts, value);

        g_string_append_printf(text, "%s%s", i > 0 ? ", " : "", one);
    }
    if (g_strv_length(names) > MAX_NAMES)
        g_string_append(text, ", …");
    return g_string_free(text, FALSE);
}

/* What a message calls the number that was asked for. */
static char *
node_device_native_resolve_describe(const ZpciFact *facts, guint n_facts, guint64 value)
{
    g_autofree char *shown = NULL;

    if (n_facts > 1)
        return g_strdup_printf(_("fid or uid 0x%" PRIx64), value);
    shown = zpci_fact_format(facts[0], value);
    return g_strconcat(zpci_fact_get_info(facts[0])->name, " ", shown, NULL);
}

/* The first of @facts has the most digits. */
static char *
node_device_native_resolve_fact(const ZpciHost *host, const NodeDeviceView *view,
                                const ZpciFact *facts, guint n_facts, const char *text,
                                GError **error)
{
    g_auto(GStrv) found = NULL;
    g_autofree char *wanted = NULL;
    g_autoptr(GError) problem = NULL;
    guint64 value;

    if (!number_parse_id(text, 2 * zpci_fact_get_info(facts[0])->width, 0, &value, &problem)) {
        /* Not a host's number but the caller's word. */
        g_set_error_literal(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT, problem->message);
        return NULL;
    }
    found = node_device_native_resolve_search(host, view, facts, n_facts, value, error);
    if (found == NULL)
        return NULL;
    if (found[0] != NULL && found[1] == NULL)
        return g_strdup(found[0]);

    wanted = node_device_native_resolve_describe(facts, n_facts, value);
    if (found[0] == NULL) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_NOT_FOUND,
                    _("There is no function with %s on this host."), wanted);
    } else {
        g_autofree char *some = node_device_native_resolve_join(host, found, facts, n_facts, value);

        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                    _("More than one function has %s; name the one that is meant: %s."), wanted,
                    some);
    }
    return NULL;
}

/* A number without a word in front: with "0x", or as the name of a slot has an FID. */
static char *
node_device_native_resolve_number(const ZpciHost *host, const NodeDeviceView *view,
                                  const char *text, GError **error)
{
    if (g_ascii_strncasecmp(text, "0x", 2) == 0)
        return node_device_native_resolve_fact(host, view, fid_or_uid, G_N_ELEMENTS(fid_or_uid),
                                               text, error);
    if (strlen(text) == FID_DIGITS)
        return node_device_native_resolve_fact(host, view, fid_only, 1, text, error);
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_NOT_FOUND,
                _("There is no node device '%s'; an FID or a UID is written fid=0x%s, uid=0x%s or "
                  "0x%s."),
                text, text, text, text);
    return NULL;
}

static gboolean
node_device_native_resolve_is_number(const char *text)
{
    gsize start = g_ascii_strncasecmp(text, "0x", 2) == 0 ? 2 : 0;
    gsize length = strlen(text) - start;

    return length > 0 && length <= FID_DIGITS &&
           strspn(text + start, "0123456789abcdefABCDEF") == length;
}

/* Returns (transfer full): the name of the device that a person calls @text without a number,
 * whether it is there or not. */
static char *
node_device_native_resolve_find_name(const char *text)
{
    char *name = NULL;

    for (guint i = 0; i < NODE_DEVICE_FAMILIES && name == NULL; i++) {
        if (node_device_families[i]->find_name != NULL)
            name = node_device_families[i]->find_name(text);
    }
    return name != NULL ? name : g_strdup(text);
}

/* Returns (transfer full) (nullable): the function that has the network interface or the block
 * device @text. */
static char *
node_device_native_resolve_find_owner(const ZpciHost *host, const char *text)
{
    static const char *const subsystems[] = { NAME_CLASS_NET, NAME_CLASS_BLOCK };
    char address[PCI_ADDRESS_TEXT_SIZE];

    for (guint i = 0; i < G_N_ELEMENTS(subsystems); i++) {
        if (class_device_find_function(zpci_host_get_sysfs(host), subsystems[i], text, address))
            return node_device_native_resolve_find_name(address);
    }
    return NULL;
}

/* Returns (transfer full) (nullable): the name of a device that is there: as it stands, or in small
 * letters, as our own names are; or of whose interface or disk it is. */
static char *
node_device_native_resolve_word(const ZpciHost *host, const NodeDeviceView *view, const char *text)
{
    g_autofree char *name = node_device_native_resolve_find_name(text);
    g_autofree char *small = g_ascii_strdown(text, -1);
    g_autofree char *owner = NULL;

    if (view->has(view->data, name, NULL))
        return g_steal_pointer(&name);
    owner = node_device_native_resolve_find_owner(host, text);
    if (owner != NULL && view->has(view->data, owner, NULL))
        return g_steal_pointer(&owner);
    return view->has(view->data, small, NULL) ? g_steal_pointer(&small) : NULL;
}

char *
node_device_native_resolve(const ZpciHost *host, const NodeDeviceView *view, const char *text,
                           GError **error)
{
    g_autofree char *name = NULL;

    if (g_ascii_strncasecmp(text, "fid=", 4) == 0)
        return node_device_native_resolve_fact(host, view, fid_only, 1, text + 4, error);
    if (g_ascii_strncasecmp(text, "uid=", 4) == 0)
        return node_device_native_resolve_fact(host, view, uid_only, 1, text + 4, error);
    if (g_ascii_strncasecmp(text, "pchid=", 6) == 0)
        return node_device_native_resolve_fact(host, view, pchid_only, 1, text + 6, error);
    name = node_device_native_resolve_word(host, view, text);
    if (name != NULL)
        return g_steal_pointer(&name);
    if (node_device_native_resolve_is_number(text))
        return node_device_native_resolve_number(host, view, text, error);

    name = node_device_native_resolve_find_name(text);
    return view->has(view->data, name, error) ? g_steal_pointer(&name) : NULL;
}
