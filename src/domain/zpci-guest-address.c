/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-guest-address.h"

#include <glib/gi18n-lib.h>

#include "number.h"
#include "zpci-error.h"

static gboolean
zpci_guest_address_parse_number(const char *name, const char *text, guint64 minimum,
                                guint64 maximum, guint64 *value, GError **error)
{
    g_autoptr(GError) problem = NULL;
    guint64 number;

    if (!number_parse(text, maximum, &number, &problem)) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_DOCUMENT,
                    _("The attribute %s of a guest's zpci address is wrong: %s"), name,
                    problem->message);
        return FALSE;
    }
    if (number < minimum) {
        g_set_error(
            error, ZPCI_ERROR, ZPCI_ERROR_INVALID_DOCUMENT,
            _("The attribute %s of a guest's zpci address is 0, which means \"not set\"; leave "
              "it out, or give a number from 1."),
            name);
        return FALSE;
    }
    *value = number;
    return TRUE;
}

gboolean
zpci_guest_address_parse(const char *uid, const char *fid, ZpciGuestAddress *address,
                         GError **error)
{
    guint64 uid_number, fid_number;

    if (!zpci_guest_address_parse_number("uid", uid, ZPCI_GUEST_UID_MIN, ZPCI_GUEST_UID_MAX,
                                         &uid_number, error) ||
        !zpci_guest_address_parse_number("fid", fid, 0, ZPCI_GUEST_FID_MAX, &fid_number, error))
        return FALSE;
    *address = (ZpciGuestAddress){ (guint16)uid_number, (guint32)fid_number };
    return TRUE;
}
