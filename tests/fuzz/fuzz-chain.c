/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "fuzz-target.h"
#include "zpci-chain-private.h"
#include "zpci-error.h"

static void
decode(const guint8 *data, gsize size, int byte_order)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(ZpciChain) chain = zpci_chain_decode(data, size, byte_order, &error);
    g_auto(ZpciFacts) facts = { 0 };

    g_assert_true((chain == NULL) == (error != NULL));
    if (chain != NULL)
        zpci_chain_collect(chain, &facts);
    else
        g_assert_error(error, ZPCI_ERROR, ZPCI_ERROR_MALFORMED);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    decode(data, size, G_BIG_ENDIAN);
    decode(data, size, G_LITTLE_ENDIAN);
    return 0;
}
