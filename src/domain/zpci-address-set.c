/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-address-set.h"

#include <glib/gi18n-lib.h>

#include "zpci-error.h"

/* The numbers of one kind. @lines has those that are taken as keys; what is below @next is taken.
 */
typedef struct {
    const char *name;
    int digits;
    guint32 last;
    guint64 next;
    GHashTable *lines;
} ZpciAddressPool;

struct _ZpciAddressSet {
    ZpciAddressPool uids;
    ZpciAddressPool fids;
};

ZpciAddressSet *
zpci_address_set_new(void)
{
    ZpciAddressSet *set = g_new0(ZpciAddressSet, 1);

    set->uids = (ZpciAddressPool){ "UID", 4, ZPCI_GUEST_UID_MAX, ZPCI_GUEST_UID_MIN,
                                   g_hash_table_new(NULL, NULL) };
    set->fids = (ZpciAddressPool){ "FID", 8, ZPCI_GUEST_FID_MAX, 0, g_hash_table_new(NULL, NULL) };
    return set;
}

void
zpci_address_set_free(ZpciAddressSet *set)
{
    if (set == NULL)
        return;
    g_hash_table_unref(set->uids.lines);
    g_hash_table_unref(set->fids.lines);
    g_free(set);
}

static void
zpci_address_set_copy_pool(ZpciAddressPool *copy, const ZpciAddressPool *pool)
{
    GHashTableIter iter;
    gpointer number, line;

    copy->next = pool->next;
    g_hash_table_iter_init(&iter, pool->lines);
    while (g_hash_table_iter_next(&iter, &number, &line))
        g_hash_table_insert(copy->lines, number, line);
}

static ZpciAddressSet *
zpci_address_set_copy(const ZpciAddressSet *set)
{
    ZpciAddressSet *copy = zpci_address_set_new();

    zpci_address_set_copy_pool(&copy->uids, &set->uids);
    zpci_address_set_copy_pool(&copy->fids, &set->fids);
    return copy;
}

static gboolean
zpci_address_set_find(const ZpciAddressPool *pool, guint32 number, guint *line)
{
    gpointer value;

    if (!g_hash_table_lookup_extended(pool->lines, GUINT_TO_POINTER(number), NULL, &value))
        return FALSE;
    if (line != NULL)
        *line = GPOINTER_TO_UINT(value);
    return TRUE;
}

gboolean
zpci_address_set_find_uid(const ZpciAddressSet *set, guint16 uid, guint *line)
{
    return zpci_address_set_find(&set->uids, uid, line);
}

gboolean
zpci_address_set_find_fid(const ZpciAddressSet *set, guint32 fid, guint *line)
{
    return zpci_address_set_find(&set->fids, fid, line);
}

static void
zpci_address_set_take(ZpciAddressPool *pool, guint32 number, guint line)
{
    g_hash_table_insert(pool->lines, GUINT_TO_POINTER(number), GUINT_TO_POINTER(line));
}

/* The first one who has a number keeps it. */
static gboolean
zpci_address_set_add(ZpciAddressPool *pool, guint32 number, guint line)
{
    gboolean is_free = !zpci_address_set_find(pool, number, NULL);

    if (is_free)
        zpci_address_set_take(pool, number, line);
    return is_free;
}

gboolean
zpci_address_set_add_uid(ZpciAddressSet *set, guint16 uid, guint line)
{
    return zpci_address_set_add(&set->uids, uid, line);
}

gboolean
zpci_address_set_add_fid(ZpciAddressSet *set, guint32 fid, guint line)
{
    return zpci_address_set_add(&set->fids, fid, line);
}

static gboolean
zpci_address_set_reserve(ZpciAddressPool *pool, guint32 number, guint line, GError **error)
{
    guint other;

    if (!zpci_address_set_find(pool, number, &other)) {
        zpci_address_set_take(pool, number, line);
        return TRUE;
    }
    if (other != 0 && line != 0)
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_IN_USE,
                    _("The %s 0x%0*x is asked for on line %u, but the device on line %u has it "
                      "already; choose another."),
                    pool->name, pool->digits, number, line, other);
    else if (other != 0)
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_IN_USE,
                    _("The %s 0x%0*x is asked for, but the device on line %u has it already; "
                      "choose another."),
                    pool->name, pool->digits, number, other);
    else
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_IN_USE,
                    _("The %s 0x%0*x is asked for twice; choose another."), pool->name,
                    pool->digits, number);
    return FALSE;
}

static gboolean
zpci_address_set_take_free(ZpciAddressPool *pool, guint line, guint32 *number, GError **error)
{
    while (pool->next <= pool->last && zpci_address_set_find(pool, (guint32)pool->next, NULL))
        pool->next++;
    if (pool->next > pool->last) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_IN_USE,
                    _("There is no %s left in this domain: devices have all of them."), pool->name);
        return FALSE;
    }
    *number = (guint32)pool->next;
    zpci_address_set_take(pool, *number, line);
    return TRUE;
}

static gboolean
zpci_address_set_reserve_given(ZpciAddressSet *set, const ZpciAddressRequest *request,
                               GError **error)
{
    const ZpciGuestAddress *wanted = &request->address;

    if (request->has_uid && wanted->uid < ZPCI_GUEST_UID_MIN) {
        g_set_error_literal(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                            _("The UID 0x0000 cannot be asked for: it means that none is set."));
        return FALSE;
    }
    return (!request->has_uid ||
            zpci_address_set_reserve(&set->uids, wanted->uid, request->line, error)) &&
           (!request->has_fid ||
            zpci_address_set_reserve(&set->fids, wanted->fid, request->line, error));
}

static char *
zpci_address_set_explain_taken(const ZpciAddressPool *pool, guint32 number)
{
    return g_strdup_printf(
        _("Another device of the domain has the host's %s 0x%0*x; the first free one is taken."),
        pool->name, pool->digits, number);
}

/* The kernel shows 32 bits of a UID; those of a guest have 16. */
static char *
zpci_address_set_mirror_uid(ZpciAddressSet *set, ZpciAddressRequest *request)
{
    guint64 uid, unique;

    if (!zpci_function_get(request->host, ZPCI_FACT_UID, &uid) || uid < ZPCI_GUEST_UID_MIN ||
        uid > ZPCI_GUEST_UID_MAX)
        return g_strdup(_("The function has no UID on the host; the first free one is taken."));
    if (!zpci_function_get(request->host, ZPCI_FACT_UID_UNIQUE, &unique) || unique == 0)
        return g_strdup_printf(_("The host does not guarantee that its UID 0x%04x is unique; the "
                                 "first free one is taken."),
                               (guint)uid);
    if (zpci_address_set_find_uid(set, (guint16)uid, NULL))
        return zpci_address_set_explain_taken(&set->uids, (guint32)uid);
    zpci_address_set_take(&set->uids, (guint32)uid, request->line);
    request->address.uid = (guint16)uid;
    request->has_uid = TRUE;
    return NULL;
}

static char *
zpci_address_set_mirror_fid(ZpciAddressSet *set, ZpciAddressRequest *request)
{
    guint64 fid;

    if (!zpci_function_get(request->host, ZPCI_FACT_FID, &fid))
        return g_strdup(_("The FID of the host is not known; the first free one is taken."));
    if (zpci_address_set_find_fid(set, (guint32)fid, NULL))
        return zpci_address_set_explain_taken(&set->fids, (guint32)fid);
    zpci_address_set_take(&set->fids, (guint32)fid, request->line);
    request->address.fid = (guint32)fid;
    request->has_fid = TRUE;
    return NULL;
}

static void
zpci_address_set_mirror(ZpciAddressSet *set, ZpciAddressRequest *request)
{
    g_autofree char *uid_note = NULL;
    g_autofree char *fid_note = NULL;

    if (request->host == NULL)
        return;
    if (!request->has_uid)
        uid_note = zpci_address_set_mirror_uid(set, request);
    if (!request->has_fid)
        fid_note = zpci_address_set_mirror_fid(set, request);
    if (uid_note != NULL && fid_note != NULL)
        request->note = g_strconcat(uid_note, " ", fid_note, NULL);
    else
        request->note = uid_note != NULL ? g_steal_pointer(&uid_note) : g_steal_pointer(&fid_note);
}

static gboolean
zpci_address_set_complete(ZpciAddressSet *set, ZpciAddressRequest *request, GError **error)
{
    guint32 number;

    if (!request->has_uid) {
        if (!zpci_address_set_take_free(&set->uids, request->line, &number, error))
            return FALSE;
        request->address.uid = (guint16)number;
    }
    if (!request->has_fid) {
        if (!zpci_address_set_take_free(&set->fids, request->line, &number, error))
            return FALSE;
        request->address.fid = number;
    }
    request->has_uid = request->has_fid = TRUE;
    return TRUE;
}

static gboolean
zpci_address_set_assign_all(ZpciAddressSet *set, ZpciAddressRequest *requests, guint n_requests,
                            ZpciAddressPolicy policy, GError **error)
{
    for (guint i = 0; i < n_requests; i++) {
        requests[i].note = NULL;
        if (!zpci_address_set_reserve_given(set, &requests[i], error))
            return FALSE;
    }
    for (guint i = 0; i < n_requests && policy == ZPCI_ADDRESS_POLICY_MIRROR; i++)
        zpci_address_set_mirror(set, &requests[i]);
    for (guint i = 0; i < n_requests; i++) {
        if (!zpci_address_set_complete(set, &requests[i], error))
            return FALSE;
    }
    return TRUE;
}

gboolean
zpci_address_set_assign(ZpciAddressSet *set, ZpciAddressRequest *requests, guint n_requests,
                        ZpciAddressPolicy policy, GError **error)
{
    g_autoptr(ZpciAddressSet) changed = zpci_address_set_copy(set);
    g_autofree ZpciAddressRequest *results = g_memdup2(requests, n_requests * sizeof *requests);
    ZpciAddressSet old = *set;

    if (!zpci_address_set_assign_all(changed, results, n_requests, policy, error)) {
        for (guint i = 0; i < n_requests; i++) {
            if (results[i].note != requests[i].note)
                g_free(results[i].note);
        }
        return FALSE;
    }
    for (guint i = 0; i < n_requests; i++)
        requests[i] = results[i];
    *set = *changed;
    *changed = old;
    return TRUE;
}
