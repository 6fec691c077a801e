/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "daemon-front-call.h"

#include <string.h>

enum {
    DOMAIN_LOOKUP = 23,
    COUNT = 111,
    LIST_NAMES = 112,
    LOOKUP = 113,
    GET_XML = 114,
    GET_PARENT = 115,
    COUNT_CAPABILITIES = 116,
    DETACH = 118,
    DESTROY = 124,
    LIST_ALL = 285,
    REGISTER = 374,
    DEREGISTER = 375,
    IDENTIFY = 419,
};

#define ACTIVE 0x80000000U
#define INACTIVE 0x40000000U
#define TRANSIENT 0x20000000U

/* Judges a call with these arguments, in whole words and one text. */
static DaemonFrontVerdict
judge(gint32 procedure, gboolean standby, GByteArray *arguments)
{
    const RpcFrame frame = {
        .program = 0x20008086, .version = 1, .procedure = procedure, .serial = 5
    };
    g_autoptr(GByteArray) packet = rpc_frame_begin(&frame);
    g_autoptr(DaemonFrontCall) call = NULL;
    RpcFrame answer = frame;
    DaemonFrontVerdict verdict;

    g_byte_array_append(packet, arguments->data, arguments->len);
    g_byte_array_unref(arguments);
    verdict = daemon_front_call_judge(&frame, packet, standby, &call);
    g_assert_true((call != NULL) == (verdict == DAEMON_FRONT_WATCH));
    if (call != NULL) {
        g_assert_cmpint(daemon_front_call_get_procedure(call), ==, procedure);
        g_assert_true(daemon_front_call_is_answered(call, &answer));
        answer.serial++;
        g_assert_false(daemon_front_call_is_answered(call, &answer));
    }
    return verdict;
}

static GByteArray *
text(const char *name)
{
    GByteArray *arguments = g_byte_array_new();

    rpc_xdr_put_string(arguments, name, NULL);
    return arguments;
}

static GByteArray *
capability(const char *name)
{
    GByteArray *arguments = g_byte_array_new();

    rpc_xdr_put_optional_string(arguments, name, NULL);
    rpc_xdr_put_u32(arguments, 9);
    rpc_xdr_put_u32(arguments, 0);
    return arguments;
}

static GByteArray *
words(guint32 first, guint32 second)
{
    GByteArray *arguments = g_byte_array_new();

    rpc_xdr_put_u32(arguments, first);
    rpc_xdr_put_u32(arguments, second);
    return arguments;
}

static void
test_devices(void)
{
    static const gint32 plain[] = { LOOKUP, GET_PARENT, DETACH, 119, 120, 301, 429,
                                    430,    433,        434,    435, 436, 447 };

    for (guint i = 0; i < G_N_ELEMENTS(plain); i++) {
        g_assert_true(daemon_front_call_concerns(plain[i]));
        g_assert_cmpint(judge(plain[i], TRUE, text("pci_0005_00_00_0")), ==, DAEMON_FRONT_PASS);
        g_assert_cmpint(judge(plain[i], TRUE, text("zpci_00000101")), ==, DAEMON_FRONT_ANSWER);
    }
    g_assert_cmpint(judge(GET_XML, TRUE, text("pci_0005_00_00_0")), ==, DAEMON_FRONT_WATCH);
    g_assert_cmpint(judge(GET_XML, TRUE, text("scsi_host0")), ==, DAEMON_FRONT_PASS);
    g_assert_cmpint(judge(GET_XML, TRUE, text("zpci_00000101")), ==, DAEMON_FRONT_ANSWER);
    g_assert_cmpint(judge(COUNT_CAPABILITIES, FALSE, text("pci_0005_00_00_0")), ==,
                    DAEMON_FRONT_WATCH);
    g_assert_cmpint(judge(DESTROY, TRUE, text("pci_0005_00_00_0")), ==, DAEMON_FRONT_ANSWER);
    g_assert_cmpint(judge(DESTROY, FALSE, text("pci_0005_00_00_0")), ==, DAEMON_FRONT_PASS);
    g_assert_cmpint(judge(DESTROY, TRUE, text("mdev_1")), ==, DAEMON_FRONT_PASS);
}

static void
test_lists(void)
{
    g_assert_cmpint(judge(COUNT, TRUE, capability(NULL)), ==, DAEMON_FRONT_WATCH);
    g_assert_cmpint(judge(COUNT, FALSE, capability(NULL)), ==, DAEMON_FRONT_PASS);
    g_assert_cmpint(judge(LIST_NAMES, TRUE, capability("pci")), ==, DAEMON_FRONT_PASS);
    g_assert_cmpint(judge(LIST_NAMES, FALSE, capability("zpci")), ==, DAEMON_FRONT_ANSWER);
    g_assert_cmpint(judge(LIST_ALL, TRUE, words(1, 0)), ==, DAEMON_FRONT_WATCH);
    g_assert_cmpint(judge(LIST_ALL, TRUE, words(1, ACTIVE | INACTIVE)), ==, DAEMON_FRONT_WATCH);
    g_assert_cmpint(judge(LIST_ALL, TRUE, words(1, ACTIVE)), ==, DAEMON_FRONT_PASS);
    g_assert_cmpint(judge(LIST_ALL, TRUE, words(1, TRANSIENT)), ==, DAEMON_FRONT_PASS);
    for (guint bit = 0; bit < 28; bit++)
        g_assert_cmpint(judge(LIST_ALL, TRUE, words(1, 1U << bit)), ==, DAEMON_FRONT_PASS);
    g_assert_cmpint(judge(LIST_ALL, FALSE, words(1, 0)), ==, DAEMON_FRONT_PASS);
}

static void
test_others(void)
{
    g_assert_false(daemon_front_call_concerns(DOMAIN_LOOKUP));
    g_assert_cmpint(judge(DOMAIN_LOOKUP, TRUE, text("zpci_00000101")), ==, DAEMON_FRONT_PASS);
    g_assert_cmpint(judge(REGISTER, TRUE, words(0, 0)), ==, DAEMON_FRONT_WATCH);
    g_assert_cmpint(judge(REGISTER, TRUE, words(2, 0)), ==, DAEMON_FRONT_PASS);
    g_assert_cmpint(judge(DEREGISTER, TRUE, words(0, 0)), ==, DAEMON_FRONT_WATCH);
    g_assert_cmpint(judge(IDENTIFY, TRUE, words(0, 0)), ==, DAEMON_FRONT_WATCH);
    g_assert_true(daemon_front_call_names_ours("zpci_00000101"));
    g_assert_false(daemon_front_call_names_ours("pci_0005_00_00_0"));
}

/* What does not decode is libvirtd's to refuse. */
static void
test_damaged(void)
{
    for (gint32 procedure = 0; procedure < 500; procedure++) {
        g_assert_cmpint(judge(procedure, TRUE, g_byte_array_new()), ==,
                        procedure == IDENTIFY ? DAEMON_FRONT_WATCH : DAEMON_FRONT_PASS);
        if (procedure != IDENTIFY && procedure != DEREGISTER)
            g_assert_cmpint(judge(procedure, TRUE, words(G_MAXUINT32, G_MAXUINT32)), ==,
                            DAEMON_FRONT_PASS);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/daemon-front-call/devices", test_devices);
    g_test_add_func("/daemon-front-call/lists", test_lists);
    g_test_add_func("/daemon-front-call/others", test_others);
    g_test_add_func("/daemon-front-call/damaged", test_damaged);
    return g_test_run();
}
