/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-address-set.h"

#include <glib/gi18n-lib.h>

#include "boxed-type.h"
#include "zpci-address-request-private.h"
#include "zpci-address-set-private.h"
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
    gatomicrefcount references;
    ZpciAddressPool uids;
    ZpciAddressPool fids;
};

ZpciAddressSet *
zpci_address_set_new(void)
{
    ZpciAddressSet *set = g_new0(ZpciAddressSet, 1);

    g_atomic_ref_count_init(&set->references);
    set->uids = (ZpciAddressPool){ "UID", 4, ZPCI_GUEST_UID_MAX, ZPCI_GUEST_UID_MIN,
                                   g_hash_table_new(NULL, NULL) };
    set->fids = (ZpciAddressPool){ "FID", 8, ZPCI_GUEST_FID_MAX, 0, g_hash_table_new(NULL, NULL) };
    return set;
}

void
zpci_address_set_free(ZpciAddressSet *set)
{
    if (set == NULL || !g_atomic_ref_count_dec(&set->references))
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
zpci_address_set_reserve_given(ZpciAddressSet *set, const ZpciAddressClaim *claim, GError **error)
{
    const ZpciGuestAddress *wanted = &claim->address;

    if (claim->has_uid && wanted->uid < ZPCI_GUEST_UID_MIN) {
        g_set_error_literal(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                            _("The UID 0x0000 cannot be asked for: it means that none is set."));
        return FALSE;
    }
    return (!claim->has_uid ||
            zpci_address_set_reserve(&set->uids, wanted->uid, claim->line, error)) &&
           (!claim->has_fid ||
            zpci_address_set_reserve(&set->fids, wanted->fid, claim->line, error));
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
zpci_address_set_mirror_uid(ZpciAddressSet *set, ZpciAddressClaim *claim)
{
    guint64 uid, unique;

    if (!zpci_function_get(claim->host, ZPCI_FACT_UID, &uid) || uid < ZPCI_GUEST_UID_MIN ||
        uid > ZPCI_GUEST_UID_MAX)
        return g_strdup(_("The function has no UID on the host; the first free one is taken."));
    if (!zpci_function_get(claim->host, ZPCI_FACT_UID_UNIQUE, &unique) || unique == 0)
        return g_strdup_printf(_("The host does not guarantee that its UID 0x%04x is unique; the "
                                 "first free one is taken."),
                               (guint)uid);
    if (zpci_address_set_find_uid(set, (guint16)uid, NULL))
        return zpci_address_set_explain_taken(&set->uids, (guint32)uid);
    zpci_address_set_take(&set->uids, (guint32)uid, claim->line);
    claim->address.uid = (guint16)uid;
    claim->has_uid = TRUE;
    return NULL;
}

static char *
zpci_address_set_mirror_fid(ZpciAddressSet *set, ZpciAddressClaim *claim)
{
    guint64 fid;

    if (!zpci_function_get(claim->host, ZPCI_FACT_FID, &fid))
        return g_strdup(_("The FID of the host is not known; the first free one is taken."));
    if (zpci_address_set_find_fid(set, (guint32)fid, NULL))
        return zpci_address_set_explain_taken(&set->fids, (guint32)fid);
    zpci_address_set_take(&set->fids, (guint32)fid, claim->line);
    claim->address.fid = (guint32)fid;
    claim->has_fid = TRUE;
    return NULL;
}

static void
zpci_address_set_mirror(ZpciAddressSet *set, ZpciAddressClaim *claim)
{
    g_autofree char *uid_note = NULL;
    g_autofree char *fid_note = NULL;

    if (claim->host == NULL)
        return;
    if (!claim->has_uid)
        uid_note = zpci_address_set_mirror_uid(set, claim);
    if (!claim->has_fid)
        fid_note = zpci_address_set_mirror_fid(set, claim);
    if (uid_note != NULL && fid_note != NULL)
        claim->note = g_strconcat(uid_note, " ", fid_note, NULL);
    else
        claim->note = uid_note != NULL ? g_steal_pointer(&uid_note) : g_steal_pointer(&fid_note);
}

static gboolean
zpci_address_set_complete(ZpciAddressSet *set, ZpciAddressClaim *claim, GError **error)
{
    guint32 number;

    if (!claim->has_uid) {
        if (!zpci_address_set_take_free(&set->uids, claim->line, &number, error))
            return FALSE;
        claim->address.uid = (guint16)number;
    }
    if (!claim->has_fid) {
        if (!zpci_address_set_take_free(&set->fids, claim->line, &number, error))
            return FALSE;
        claim->address.fid = number;
    }
    claim->has_uid = claim->has_fid = TRUE;
    return TRUE;
}

static gboolean
zpci_address_set_assign_all(ZpciAddressSet *set, ZpciAddressClaim *claims, guint n_claims,
                            ZpciAddressPolicy policy, GError **error)
{
    for (guint i = 0; i < n_claims; i++) {
        claims[i].note = NULL;
        if (!zpci_address_set_reserve_given(set, &claims[i], error))
            return FALSE;
    }
    for (guint i = 0; i < n_claims && policy == ZPCI_ADDRESS_POLICY_MIRROR; i++)
        zpci_address_set_mirror(set, &claims[i]);
    for (guint i = 0; i < n_claims; i++) {
        if (!zpci_address_set_complete(set, &claims[i], error))
            return FALSE;
    }
    return TRUE;
}

static void
zpci_address_set_swap(ZpciAddressSet *set, ZpciAddressSet *other)
{
    ZpciAddressPool uids = set->uids;
    ZpciAddressPool fids = set->fids;

    set->uids = other->uids;
    set->fids = other->fids;
    other->uids = uids;
    other->fids = fids;
}

gboolean
zpci_address_set_give(ZpciAddressSet *set, ZpciAddressClaim *claims, guint n_claims,
                      ZpciAddressPolicy policy, GError **error)
{
    g_autoptr(ZpciAddressSet) changed = zpci_address_set_copy(set);
    g_autofree ZpciAddressClaim *results = g_memdup2(claims, n_claims * sizeof *claims);

    if (!zpci_address_set_assign_all(changed, results, n_claims, policy, error)) {
        for (guint i = 0; i < n_claims; i++) {
            if (results[i].note != claims[i].note)
                g_free(results[i].note);
        }
        return FALSE;
    }
    for (guint i = 0; i < n_claims; i++)
        claims[i] = results[i];
    zpci_address_set_swap(set, changed);
    return TRUE;
}

gboolean
zpci_address_set_assign(ZpciAddressSet *set, GPtrArray *requests, ZpciAddressPolicy policy,
                        GError **error)
{
    g_autofree ZpciAddressClaim *claims = g_new0(ZpciAddressClaim, requests->len);

    for (guint i = 0; i < requests->len; i++)
        claims[i] = *zpci_address_request_get_claim(g_ptr_array_index(requests, i));
    if (!zpci_address_set_give(set, claims, requests->len, policy, error))
        return FALSE;
    for (guint i = 0; i < requests->len; i++)
        zpci_address_request_take_claim(g_ptr_array_index(requests, i), &claims[i]);
    return TRUE;
}

static ZpciAddressSet *
zpci_address_set_ref(ZpciAddressSet *set)
{
    g_atomic_ref_count_inc(&set->references);
    return set;
}

/* clang-format off */
BOXED_TYPE_DEFINE(ZpciAddressSet, zpci_address_set, zpci_address_set_ref, zpci_address_set_free)
