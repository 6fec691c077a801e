/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-address-request.h"

#include "boxed-type.h"
#include "zpci-address-request-private.h"

/* The function of the host in the claim is not borrowed here. */
struct _ZpciAddressRequest {
    gatomicrefcount references;
    ZpciAddressClaim claim;
};

ZpciAddressRequest *
zpci_address_request_new(void)
{
    ZpciAddressRequest *request = g_new0(ZpciAddressRequest, 1);

    g_atomic_ref_count_init(&request->references);
    return request;
}

ZpciAddressRequest *
zpci_address_request_copy(const ZpciAddressRequest *request)
{
    ZpciAddressRequest *copy = zpci_address_request_new();

    copy->claim = request->claim;
    copy->claim.note = g_strdup(request->claim.note);
    if (copy->claim.host != NULL)
        zpci_function_ref(copy->claim.host);
    return copy;
}

ZpciAddressRequest *
zpci_address_request_ref(ZpciAddressRequest *request)
{
    g_atomic_ref_count_inc(&request->references);
    return request;
}

void
zpci_address_request_unref(ZpciAddressRequest *request)
{
    if (request == NULL || !g_atomic_ref_count_dec(&request->references))
        return;
    zpci_function_unref(request->claim.host);
    g_free(request->claim.note);
    g_free(request);
}

void
zpci_address_request_set_uid(ZpciAddressRequest *request, guint16 uid)
{
    request->claim.address.uid = uid;
    request->claim.has_uid = TRUE;
}

void
zpci_address_request_set_fid(ZpciAddressRequest *request, guint32 fid)
{
    request->claim.address.fid = fid;
    request->claim.has_fid = TRUE;
}

void
zpci_address_request_set_host(ZpciAddressRequest *request, ZpciFunction *host)
{
    ZpciFunction *old = request->claim.host;

    request->claim.host = host != NULL ? zpci_function_ref(host) : NULL;
    zpci_function_unref(old);
}

void
zpci_address_request_set_line(ZpciAddressRequest *request, guint line)
{
    request->claim.line = line;
}

gboolean
zpci_address_request_get_uid(const ZpciAddressRequest *request, guint16 *uid)
{
    if (request->claim.has_uid && uid != NULL)
        *uid = request->claim.address.uid;
    return request->claim.has_uid;
}

gboolean
zpci_address_request_get_fid(const ZpciAddressRequest *request, guint32 *fid)
{
    if (request->claim.has_fid && fid != NULL)
        *fid = request->claim.address.fid;
    return request->claim.has_fid;
}

const char *
zpci_address_request_get_note(const ZpciAddressRequest *request)
{
    return request->claim.note;
}

const ZpciAddressClaim *
zpci_address_request_get_claim(const ZpciAddressRequest *request)
{
    return &request->claim;
}

void
zpci_address_request_take_claim(ZpciAddressRequest *request, const ZpciAddressClaim *claim)
{
    g_free(request->claim.note);
    request->claim = *claim;
}

/* clang-format off */
BOXED_TYPE_DEFINE(ZpciAddressRequest, zpci_address_request, zpci_address_request_ref, zpci_address_request_unref)
