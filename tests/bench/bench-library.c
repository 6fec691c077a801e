/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <rpc/rpc.h>
#include <stdio.h>

#include "hex-text.h"
#include "libvirt-zpci.h"
#include "rpc-xdr.h"

#define SECONDS 1.0
#define NAMES 2000

/* Runs @work until a second is over; returns the microseconds of one run. */
static double
measure(void (*work)(gpointer data), gpointer data)
{
    gint64 start = g_get_monotonic_time();
    guint64 runs = 0;
    gint64 elapsed;

    do {
        for (guint i = 0; i < 16; i++)
            work(data);
        runs += 16;
        elapsed = g_get_monotonic_time() - start;
    } while (elapsed < SECONDS * G_USEC_PER_SEC);
    return (double)elapsed / (double)runs;
}

static void
decode_chain(gpointer data)
{
    const GByteArray *reply = data;

    zpci_chain_unref(zpci_chain_decode(reply->data, reply->len, G_BIG_ENDIAN, NULL));
}

static GByteArray *
load_reply(void)
{
    g_autofree char *path = g_build_filename(g_getenv("ZPCI_SOURCE_DIR"), "tests", "data",
                                             "get-info-linux-6.1-s390x.txt", NULL);
    g_autofree char *text = NULL;
    g_autoptr(GPtrArray) sections = NULL;
    const HexSection *section;
    gsize length;

    if (!g_file_get_contents(path, &text, &length, NULL))
        g_error("%s is missing.", path);
    sections = hex_text_parse(text, length, NULL);
    section = g_ptr_array_index(sections, 0);
    return g_byte_array_ref(section->bytes);
}

static char **
make_names(void)
{
    char **names = g_new0(char *, NAMES + 1);

    for (guint i = 0; i < NAMES; i++)
        names[i] = g_strdup_printf("pci_%04x_00_00_0", i);
    return names;
}

static void
encode_with_ours(gpointer data)
{
    char **names = data;
    g_autoptr(GByteArray) out = g_byte_array_new();

    rpc_xdr_put_u32(out, NAMES);
    for (guint i = 0; i < NAMES; i++)
        rpc_xdr_put_string(out, names[i], NULL);
}

static void
encode_with_tirpc(gpointer data)
{
    static char buffer[64 * NAMES];
    char **names = data;
    u_int count = NAMES;
    XDR xdr;

    xdrmem_create(&xdr, buffer, sizeof buffer, XDR_ENCODE);
    xdr_u_int(&xdr, &count);
    for (guint i = 0; i < NAMES; i++)
        xdr_string(&xdr, &names[i], 4194304);
    xdr_destroy(&xdr);
}

int
main(void)
{
    g_autoptr(GByteArray) reply = load_reply();
    g_auto(GStrv) names = make_names();
    double ours = measure(encode_with_ours, names);
    double tirpc = measure(encode_with_tirpc, names);

    printf("decode one chain: %.3f us (to reach: under 0.2)\n", measure(decode_chain, reply));
    printf("encode %d names: ours %.0f us, libtirpc %.0f us, ratio %.2f\n", NAMES, ours, tirpc,
           ours / tirpc);
    return 0;
}
