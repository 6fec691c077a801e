/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-guest-request.h"

#include <glib/gi18n-lib.h>

#include "text-quote.h"
#include "zpci-address-set-private.h"
#include "zpci-error.h"
#include "zpci-guest-number.h"

static gboolean
zpci_guest_request_read_number(const xmlNode *zpci, const char *name, guint64 maximum,
                               gboolean *has, guint64 *value, GError **error)
{
    g_autofree char *text = zpci_guest_device_get(zpci, name);
    g_autofree char *quoted = NULL;

    *has = text != NULL;
    if (text == NULL || zpci_guest_number_is(text, maximum, value))
        return TRUE;
    quoted = text_quote(text);
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_DOCUMENT,
                _("On line %ld of the domain, the attribute %s of zpci is %s; libvirt does not "
                  "take that. \"virt-zpci validate\" says more."),
                xmlGetLineNo(zpci), name, quoted);
    return FALSE;
}

gboolean
zpci_guest_request_read(const ZpciGuestDevice *device, ZpciAddressClaim *request, GError **error)
{
    guint64 uid = 0, fid = 0;

    request->line =
        (guint)xmlGetLineNo(device->address != NULL ? device->address : device->element);
    if (device->zpci == NULL)
        return TRUE;
    request->line = (guint)xmlGetLineNo(device->zpci);
    if (!zpci_guest_request_read_number(device->zpci, "uid", ZPCI_GUEST_UID_MAX, &request->has_uid,
                                        &uid, error) ||
        !zpci_guest_request_read_number(device->zpci, "fid", ZPCI_GUEST_FID_MAX, &request->has_fid,
                                        &fid, error))
        return FALSE;
    request->address = (ZpciGuestAddress){ (guint16)uid, (guint32)fid };
    return TRUE;
}

gboolean
zpci_guest_request_read_each(const GArray *devices, ZpciAddressClaim *requests, GError **error)
{
    for (guint i = 0; i < devices->len; i++) {
        if (!zpci_guest_request_read(&g_array_index(devices, ZpciGuestDevice, i), &requests[i],
                                     error))
            return FALSE;
    }
    return TRUE;
}

/* libvirt gives character devices no zPCI address: qemuDomainDeviceSupportZPCI() in its
 * src/qemu/qemu_domain_address.c. What passes a function of the host gets one in any case; other
 * devices of an s390x guest get one of CCW, unless they ask for one of PCI. */
static gboolean
zpci_guest_request_is_wanted(const ZpciGuestDevice *device)
{
    static const char *const others[] = { "serial", "parallel", "console", "channel", NULL };

    if (device->zpci != NULL || !zpci_guest_device_is_pci(device))
        return zpci_guest_device_is_pci(device) || zpci_guest_device_is_unplaced(device);
    return !g_strv_contains(others, (const char *)device->element->name);
}

GArray *
zpci_guest_request_list(const xmlDoc *document)
{
    GArray *devices = zpci_guest_device_list(document);
    guint kept = 0;

    for (guint i = 0; i < devices->len; i++) {
        const ZpciGuestDevice *device = &g_array_index(devices, ZpciGuestDevice, i);

        if (zpci_guest_request_is_wanted(device))
            g_array_index(devices, ZpciGuestDevice, kept++) = *device;
    }
    g_array_set_size(devices, kept);
    return devices;
}

/* First libvirt completes halves, then it gives numbers to those that have none, each time through
 * all kinds of devices in the order of virDomainDeviceInfoIterateFlags() in its
 * src/conf/domain_conf.c. The other kinds come behind these, and so take no number from what is
 * passed. Within a kind the order is that of the document, but for disks, which are sorted:
 * whichever of them gets which, they take the same numbers. */
static guint
zpci_guest_request_rank(const ZpciGuestDevice *device)
{
    static const char *const kinds[] = { "disk", "interface", "sound", "hostdev" };
    gboolean is_half = device->zpci != NULL && (xmlHasProp(device->zpci, BAD_CAST "uid") != NULL ||
                                                xmlHasProp(device->zpci, BAD_CAST "fid") != NULL);
    guint rank = 0;

    while (rank < G_N_ELEMENTS(kinds) &&
           !g_str_equal((const char *)device->element->name, kinds[rank]))
        rank++;
    return is_half ? rank : rank + G_N_ELEMENTS(kinds) + 1;
}

/* A device and what it asks for, and its place in the document. */
typedef struct {
    guint rank;
    guint place;
} ZpciGuestTurn;

static int
zpci_guest_request_compare(gconstpointer a, gconstpointer b)
{
    const ZpciGuestTurn *x = a, *y = b;

    return x->rank != y->rank ? (int)x->rank - (int)y->rank : (int)x->place - (int)y->place;
}

/* (transfer full) (nullable): what each of @devices gets from libvirt; %NULL if it would refuse
 * them. */
static ZpciAddressClaim *
zpci_guest_request_foresee(const GArray *devices, const ZpciAddressClaim *requests)
{
    g_autoptr(ZpciAddressSet) set = zpci_address_set_new();
    g_autoptr(GArray) turns = g_array_sized_new(FALSE, FALSE, sizeof(ZpciGuestTurn), devices->len);
    g_autofree ZpciAddressClaim *in_turn = g_new0(ZpciAddressClaim, devices->len);
    ZpciAddressClaim *foreseen;

    for (guint i = 0; i < devices->len; i++) {
        ZpciGuestTurn turn = { zpci_guest_request_rank(&g_array_index(devices, ZpciGuestDevice, i)),
                               i };

        g_array_append_val(turns, turn);
    }
    g_array_sort(turns, zpci_guest_request_compare);
    for (guint i = 0; i < turns->len; i++)
        in_turn[i] = requests[g_array_index(turns, ZpciGuestTurn, i).place];
    if (!zpci_address_set_give(set, in_turn, devices->len, ZPCI_ADDRESS_POLICY_FIRST_FREE, NULL))
        return NULL;
    foreseen = g_new0(ZpciAddressClaim, devices->len);
    for (guint i = 0; i < turns->len; i++)
        foreseen[g_array_index(turns, ZpciGuestTurn, i).place] = in_turn[i];
    return foreseen;
}

/* A network card, or what is passed, which may be one. */
static gboolean
zpci_guest_request_minds(const ZpciGuestDevice *device)
{
    return zpci_guest_device_is_passed(device) ||
           g_str_equal((const char *)device->element->name, "interface");
}

static gboolean
zpci_guest_request_has_uid(const ZpciAddressClaim *requests, guint n_requests, guint16 uid)
{
    for (guint i = 0; i < n_requests; i++) {
        if (requests[i].has_uid && requests[i].address.uid == uid)
            return TRUE;
    }
    return FALSE;
}

static gboolean
zpci_guest_request_has_fid(const ZpciAddressClaim *requests, guint n_requests, guint32 fid)
{
    for (guint i = 0; i < n_requests; i++) {
        if (requests[i].has_fid && requests[i].address.fid == fid)
            return TRUE;
    }
    return FALSE;
}

guint16 *
zpci_guest_request_keep(const GArray *devices, ZpciAddressClaim *requests,
                        const ZpciAddressClaim *added, guint n_added)
{
    g_autofree ZpciAddressClaim *foreseen = zpci_guest_request_foresee(devices, requests);
    guint16 *kept = g_new0(guint16, devices->len);

    for (guint i = 0; foreseen != NULL && i < devices->len; i++) {
        const ZpciGuestAddress *address = &foreseen[i].address;

        if (!zpci_guest_request_minds(&g_array_index(devices, ZpciGuestDevice, i)))
            continue;
        if (!requests[i].has_uid)
            kept[i] = address->uid;
        if (!requests[i].has_uid && !zpci_guest_request_has_uid(added, n_added, address->uid)) {
            requests[i].address.uid = address->uid;
            requests[i].has_uid = TRUE;
        }
        if (!requests[i].has_fid && !zpci_guest_request_has_fid(added, n_added, address->fid)) {
            requests[i].address.fid = address->fid;
            requests[i].has_fid = TRUE;
        }
    }
    return kept;
}

void
zpci_guest_request_note(const GArray *devices, const guint16 *kept,
                        const ZpciAddressClaim *requests, ZpciAddressClaim *added, guint n_added)
{
    for (guint i = 0; i < devices->len; i++) {
        const ZpciGuestDevice *device = &g_array_index(devices, ZpciGuestDevice, i);
        g_autofree char *note = NULL;

        if (kept[i] == 0 || kept[i] == requests[i].address.uid)
            continue;
        note = g_strdup_printf(_("The element %s on line %ld gets the UID 0x%04x; libvirt would "
                                 "give it 0x%04x, which is asked for here."),
                               (const char *)device->element->name, xmlGetLineNo(device->element),
                               requests[i].address.uid, kept[i]);
        for (guint k = 0; k < n_added; k++) {
            char *old = added[k].note;

            if (added[k].address.uid != kept[i])
                continue;
            added[k].note = old != NULL ? g_strjoin(" ", old, note, NULL) : g_strdup(note);
            g_free(old);
        }
    }
}
