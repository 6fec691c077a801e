/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <string.h>

#include "daemon-handler.h"
#include "daemon-peer.h"
#include "daemon-polkit.h"
#include "zpci-inventory-wire.h"

/* A device that the captured host has not: only what is at hand can tell of it. */
#define READY "pci_ffff_00_00_0"
#define OTHER "pci_0005_00_00_0"
#define NO_SUCH_DEVICE 53

enum {
    COUNT_CAPABILITIES = 116,
    LIST_CAPABILITIES = 117
};

static guint asked;

/* What is at hand, as this test wants it. This stands in for the library's function. */
gboolean
zpci_inventory_get_ready(G_GNUC_UNUSED ZpciInventory *inventory, const char *name, char **xml,
                         char ***capabilities)
{
    static const char *const of_ready[] = { "pci", "zpci", NULL };

    asked++;
    if (strcmp(name, READY) != 0)
        return FALSE;
    if (xml != NULL)
        *xml = g_strdup("<ready/>");
    if (capabilities != NULL)
        *capabilities = g_strdupv((char **)of_ready);
    return TRUE;
}

/* polkit allows all; this stands in for the program's function. */
DaemonPolkitResult
daemon_polkit_check(G_GNUC_UNUSED const DaemonCredentials *subject,
                    G_GNUC_UNUSED const char *action, GVariant *details,
                    G_GNUC_UNUSED gboolean is_interactive, G_GNUC_UNUSED GCancellable *cancellable,
                    G_GNUC_UNUSED GError **error)
{
    g_variant_unref(g_variant_ref_sink(details));
    return DAEMON_POLKIT_ALLOWED;
}

/* @number: (nullable): what follows the name. */
static GByteArray *
ask(DaemonPeer *peer, gint32 procedure, const char *name, const guint32 *number,
    RpcFrameStatus status)
{
    g_autoptr(GByteArray) payload = g_byte_array_new();

    g_assert_true(rpc_xdr_put_string(payload, name, NULL));
    if (number != NULL)
        rpc_xdr_put_u32(payload, *number);
    daemon_peer_send_call(peer, procedure, payload);
    return daemon_peer_take_answer(peer, procedure, status);
}

static void
test_what_is_at_hand_is_answered(void)
{
    DaemonPeer *peer = daemon_peer_new_open("qemu-s390x");
    const guint32 none = 0;
    const guint32 many = 100;
    g_autoptr(GByteArray) found = ask(peer, DAEMON_PEER_LOOKUP, READY, NULL, RPC_FRAME_OK);
    g_autoptr(GByteArray) xml = ask(peer, DAEMON_PEER_GET_XML, READY, &none, RPC_FRAME_OK);
    g_autoptr(GByteArray) count = ask(peer, COUNT_CAPABILITIES, READY, NULL, RPC_FRAME_OK);
    g_autoptr(GByteArray) list = ask(peer, LIST_CAPABILITIES, READY, &many, RPC_FRAME_OK);

    g_assert_cmpint(daemon_peer_read_word(found, 7), ==, strlen(READY));
    g_assert_cmpmem(found->data + 32, strlen(READY), READY, strlen(READY));
    g_assert_cmpmem(xml->data + 32, 8, "<ready/>", 8);
    g_assert_cmpint(daemon_peer_read_word(count, 7), ==, 2);
    g_assert_cmpint(daemon_peer_read_word(list, 7), ==, 2);
    g_assert_cmpmem(list->data + 36, 4, "pci", 4);
    daemon_peer_free(peer);
}

static void
test_what_is_not_is_found_out(void)
{
    DaemonPeer *peer = daemon_peer_new_open("qemu-s390x");
    const guint32 none = 0;
    const guint32 flags = 2;
    g_autoptr(GByteArray) xml = ask(peer, DAEMON_PEER_GET_XML, OTHER, &none, RPC_FRAME_OK);
    g_autoptr(GByteArray) flagged = NULL;

    g_assert_cmpmem(xml->data + 32, 8, "<device>", 8);
    /* It answers only what it understands; no libvirt knows that flag. */
    flagged = ask(peer, DAEMON_PEER_GET_XML, READY, &flags, RPC_FRAME_ERROR);
    g_assert_cmpint(daemon_peer_read_word(flagged, 7), !=, NO_SUCH_DEVICE);
    daemon_peer_free(peer);
}

/* Others wait for a worker that has their call, and so does what is at hand: the order is kept. */
static void
test_what_is_at_hand_does_not_overtake(void)
{
    DaemonPeer *peer = daemon_peer_new_open("qemu-s390x");
    g_autoptr(GByteArray) other = g_byte_array_new();
    g_autoptr(GByteArray) ready = g_byte_array_new();

    g_assert_true(rpc_xdr_put_string(other, OTHER, NULL));
    g_assert_true(rpc_xdr_put_string(ready, READY, NULL));
    for (guint i = 0; i < 20; i++) {
        daemon_peer_send_call(peer, DAEMON_PEER_GET_PARENT, other);
        daemon_peer_send_call(peer, DAEMON_PEER_LOOKUP, ready);
    }
    for (guint i = 0; i < 20; i++) {
        g_byte_array_unref(daemon_peer_take_answer(peer, DAEMON_PEER_GET_PARENT, RPC_FRAME_OK));
        g_byte_array_unref(daemon_peer_take_answer(peer, DAEMON_PEER_LOOKUP, RPC_FRAME_OK));
    }
    daemon_peer_free(peer);
}

static void
test_nothing_is_told_to_who_has_not_opened(void)
{
    DaemonPeer *peer = daemon_peer_new(DAEMON_CHANNEL_READ_WRITE);
    g_autoptr(GByteArray) early = NULL;
    g_autoptr(GByteArray) unopened = NULL;

    asked = 0;
    early = ask(peer, DAEMON_PEER_LOOKUP, READY, NULL, RPC_FRAME_ERROR);
    daemon_peer_call(peer, DAEMON_PEER_AUTH_LIST, NULL);
    unopened = ask(peer, DAEMON_PEER_LOOKUP, READY, NULL, RPC_FRAME_ERROR);
    g_assert_cmpuint(asked, ==, 0);
    daemon_peer_free(peer);
}

/* polkit has to be asked about each call, by a worker, which then does the rest as well. */
static void
test_a_worker_answers_where_polkit_decides(void)
{
    DaemonPeer *peer = daemon_peer_new(DAEMON_CHANNEL_READ_WRITE);
    g_autoptr(GByteArray) found = NULL;
    g_autoptr(GByteArray) missing = NULL;

    peer->config->access_drivers = DAEMON_AUTH_POLKIT;
    peer->config->auth_unix_rw = DAEMON_AUTH_NONE;
    daemon_peer_open(peer, NULL);
    asked = 0;
    found = ask(peer, DAEMON_PEER_LOOKUP, "computer", NULL, RPC_FRAME_OK);
    missing = ask(peer, DAEMON_PEER_LOOKUP, READY, NULL, RPC_FRAME_ERROR);
    g_assert_cmpuint(asked, ==, 0);
    daemon_peer_free(peer);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/daemon-node-ready/answered", test_what_is_at_hand_is_answered);
    g_test_add_func("/daemon-node-ready/found-out", test_what_is_not_is_found_out);
    g_test_add_func("/daemon-node-ready/order", test_what_is_at_hand_does_not_overtake);
    g_test_add_func("/daemon-node-ready/unopened", test_nothing_is_told_to_who_has_not_opened);
    g_test_add_func("/daemon-node-ready/polkit", test_a_worker_answers_where_polkit_decides);
    return g_test_run();
}
