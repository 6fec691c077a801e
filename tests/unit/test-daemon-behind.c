/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-behind.h"

#include <string.h>
#include <unistd.h>

#include "rpc-error.h"
#include "zpci-error.h"

#define REMOTE 0x20008086
#define AUTH_LIST 66
#define GET_HOSTNAME 59
#define GET_URI 110

static void
test_find_driver(void)
{
    static const char *const ours[][2] = {
        { "qemu:///system", "QEMU" }, { "qemu:///session", "QEMU" },
        { "lxc:///", "LXC" },         { "nodedev:///system", "nodedev" },
        { "qemu:/system", "QEMU" },   { "xen:///system?no_verify=1#x", "Xen" },
        { "ch:///system", "CH" },     { "bhyve:///system", "bhyve" },
        { "vz:///system", "vz" },
    };
    static const char *const others[] = { "",
                                          "qemu",
                                          "test:///default",
                                          "qemu+ssh:///system",
                                          "qemu://elsewhere/system",
                                          "qemu://user@elsewhere/system",
                                          "esx://elsewhere/",
                                          "%zz:///system",
                                          "qemu://%zz/system" };

    for (guint i = 0; i < G_N_ELEMENTS(ours); i++) {
        g_test_message("%s", ours[i][0]);
        g_assert_cmpstr(daemon_behind_find_driver(ours[i][0]), ==, ours[i][1]);
    }
    for (guint i = 0; i < G_N_ELEMENTS(others); i++) {
        g_test_message("%s", others[i]);
        g_assert_null(daemon_behind_find_driver(others[i]));
    }
}

/* An answer of libvirtd; its payload is to be appended. */
static GByteArray *
begin_answer(RpcFrame *frame, gint32 procedure, RpcFrameStatus status)
{
    *frame = (RpcFrame){ .program = REMOTE,
                         .version = 1,
                         .procedure = procedure,
                         .type = RPC_FRAME_REPLY,
                         .status = (gint32)status };
    return rpc_frame_begin(frame);
}

static gboolean
lets_in(const gint32 *methods, guint count)
{
    RpcFrame frame;
    g_autoptr(GByteArray) answer = begin_answer(&frame, AUTH_LIST, RPC_FRAME_OK);

    rpc_xdr_put_u32(answer, count);
    for (guint i = 0; i < count; i++)
        rpc_xdr_put_i32(answer, methods[i]);
    return daemon_behind_lets_in(&frame, answer);
}

static void
test_lets_in(void)
{
    RpcFrame frame;
    g_autoptr(GByteArray) empty = begin_answer(&frame, AUTH_LIST, RPC_FRAME_OK);

    g_assert_true(lets_in((const gint32[]){ 0 }, 1));
    g_assert_true(lets_in(NULL, 0));
    g_assert_false(lets_in((const gint32[]){ 1 }, 1));
    g_assert_false(lets_in((const gint32[]){ 2, 0 }, 2));
    g_assert_false(daemon_behind_lets_in(&frame, empty));
    rpc_xdr_put_u32(empty, 1);
    g_assert_false(daemon_behind_lets_in(&frame, empty));
}

static void
test_denied(void)
{
    RpcFrame frame;
    g_autoptr(GByteArray) good = begin_answer(&frame, GET_HOSTNAME, RPC_FRAME_OK);
    g_autoptr(GByteArray) denied = NULL;
    g_autoptr(GByteArray) unknown = NULL;

    g_assert_false(daemon_behind_is_denied(&frame, good));
    denied = begin_answer(&frame, GET_HOSTNAME, RPC_FRAME_ERROR);
    g_assert_true(daemon_behind_is_denied(&frame, denied));
    rpc_xdr_put_i32(denied, RPC_ERROR_ACCESS_DENIED);
    g_assert_true(daemon_behind_is_denied(&frame, denied));
    unknown = begin_answer(&frame, GET_HOSTNAME, RPC_FRAME_ERROR);
    rpc_xdr_put_i32(unknown, RPC_ERROR_NO_SUPPORT);
    g_assert_false(daemon_behind_is_denied(&frame, unknown));
    frame.procedure = GET_URI;
    g_assert_true(daemon_behind_is_denied(&frame, good));
}

static void
test_uri(void)
{
    RpcFrame frame;
    g_autoptr(GByteArray) answer = begin_answer(&frame, GET_URI, RPC_FRAME_OK);
    g_autofree char *uri = NULL;

    g_assert_null(daemon_behind_get_uri(&frame, answer));
    rpc_xdr_put_string(answer, "qemu:///system", NULL);
    uri = daemon_behind_get_uri(&frame, answer);
    g_assert_cmpstr(uri, ==, "qemu:///system");
    frame.status = RPC_FRAME_ERROR;
    g_assert_null(daemon_behind_get_uri(&frame, answer));
}

static void
test_identity(void)
{
    const DaemonCredentials root = { .uid = 0, .gid = 0, .pid = 7, .start_time = 8 };
    const DaemonCredentials nobody = { .uid = 54321, .gid = 0, .pid = 7, .start_time = 8 };
    const DaemonCredentials no_group = { .uid = 0, .gid = 54321, .pid = 7, .start_time = 8 };
    g_autoptr(GError) error = NULL;
    g_autoptr(GByteArray) plain = daemon_behind_make_identity(&root, NULL, &error);
    g_autoptr(GByteArray) labelled = daemon_behind_make_identity(&root, "label", &error);

    g_assert_no_error(error);
    g_assert_cmpuint(labelled->len - plain->len, ==, 4 + 16 + 4 + 4 + 8);
    g_assert_null(daemon_behind_make_identity(&nobody, NULL, &error));
    g_assert_cmpstr(error->message, ==, "Failed to find user record for uid '54321'");
    g_clear_error(&error);
    g_assert_null(daemon_behind_make_identity(&no_group, NULL, &error));
    g_assert_cmpstr(error->message, ==, "Failed to find group record for gid '54321'");
}

static void
test_connect(void)
{
    g_autofree char *long_path = g_strnfill(200, 'x');
    g_autoptr(GError) error = NULL;
    GSocket *socket = NULL;

    g_assert_false(daemon_behind_connect("/nowhere/sock", TRUE, &socket, &error));
    g_assert_error(error, ZPCI_ERROR, ZPCI_ERROR_UNREACHABLE);
    g_assert_cmpstr(error->message, ==,
                    "Failed to connect socket to '/nowhere/sock-ro': No such file or directory");
    g_clear_error(&error);
    g_assert_false(daemon_behind_connect(long_path, FALSE, &socket, &error));
    g_assert_error(error, ZPCI_ERROR, ZPCI_ERROR_UNREACHABLE);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/daemon-behind/find-driver", test_find_driver);
    g_test_add_func("/daemon-behind/lets-in", test_lets_in);
    g_test_add_func("/daemon-behind/denied", test_denied);
    g_test_add_func("/daemon-behind/uri", test_uri);
    g_test_add_func("/daemon-behind/identity", test_identity);
    g_test_add_func("/daemon-behind/connect", test_connect);
    return g_test_run();
}
