/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "clp-device.h"

#include <errno.h>

#include "call-script.h"
#include "chain-builder.h"
#include "expect.h"
#include "kernel-script.h"

static GByteArray *
ask(ClpCommand command, guint64 argument, GError **error)
{
    const ClpRequest request = { command, argument };
    GByteArray *reply = clp_device_ask(&request, "/dev", &call_script_kernel, error);

    call_script_end();
    return reply;
}

/* The script knows the page of each command, byte by byte, and that it must be aligned. */
static void
test_each_command(void)
{
    static const struct {
        ClpCommand command;
        guint64 argument;
        const char *reply;
    } cases[] = {
        { CLP_LIST_PCI, 0, KERNEL_SCRIPT_LIST },
        { CLP_LIST_PCI, 0x0123456789abcdef, KERNEL_SCRIPT_LIST },
        { CLP_QUERY_PCI_FUNCTION, 0x80020000, KERNEL_SCRIPT_FUNCTION },
        { CLP_QUERY_PCI_GROUP, 0xff, KERNEL_SCRIPT_GROUP },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *table = g_strconcat(cases[i].reply, " @4064", NULL);
        g_autoptr(GByteArray) expected = chain_builder_build(table, G_BIG_ENDIAN);
        g_autoptr(GByteArray) reply = NULL;
        g_autoptr(GError) error = NULL;

        call_script_begin("/dev");
        kernel_script_add_clp(cases[i].command, cases[i].argument, cases[i].reply);
        reply = ask(cases[i].command, cases[i].argument, &error);
        g_assert_no_error(error);
        g_assert_cmpmem(reply->data, reply->len, expected->data, expected->len);
    }
}

/* A refusal by the machine is a reply like any other. */
static void
test_refusal_is_a_reply(void)
{
    g_autoptr(GByteArray) reply = NULL;
    g_autoptr(GError) error = NULL;

    call_script_begin("/dev");
    kernel_script_add_clp(CLP_QUERY_PCI_FUNCTION, 1, KERNEL_SCRIPT_STALE_HANDLE);
    reply = ask(CLP_QUERY_PCI_FUNCTION, 1, &error);
    g_assert_no_error(error);
    g_assert_cmphex(reply->data[2], ==, 0x01);
    g_assert_cmphex(reply->data[3], ==, 0x01);
}

static void
test_each_step_can_fail(void)
{
    static const struct {
        guint step;
        int number;
        ZpciError code;
        const char *says;
    } cases[] = {
        { 0, ENOENT, ZPCI_ERROR_NOT_FOUND, "Opening /dev/clp failed" },
        { 0, EACCES, ZPCI_ERROR_NO_PERMISSION, "Opening /dev/clp failed" },
        { 0, EPERM, ZPCI_ERROR_NO_PERMISSION, "Opening /dev/clp failed" },
        { 0, EBUSY, ZPCI_ERROR_IN_USE, "Opening /dev/clp failed" },
        { 1, EPERM, ZPCI_ERROR_NO_PERMISSION, "Asking /dev/clp for command 0x0003 failed" },
        { 1, EINVAL, ZPCI_ERROR_UNREADABLE, "Asking /dev/clp for command 0x0003 failed" },
        { 1, EOPNOTSUPP, ZPCI_ERROR_UNSUPPORTED, "Asking /dev/clp for command 0x0003 failed" },
        { 1, ENODEV, ZPCI_ERROR_NOT_FOUND, "Asking /dev/clp for command 0x0003 failed" },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;

        call_script_begin("/dev");
        kernel_script_add_clp(CLP_QUERY_PCI_FUNCTION, 0x80020000, KERNEL_SCRIPT_FUNCTION);
        call_script_fail(cases[i].step, cases[i].number);
        g_assert_null(ask(CLP_QUERY_PCI_FUNCTION, 0x80020000, &error));
        expect_has(error->message, g_strerror(cases[i].number));
        expect_error(&error, cases[i].code, cases[i].says);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/clp-device/each-command", test_each_command);
    g_test_add_func("/clp-device/refusal-is-a-reply", test_refusal_is_a_reply);
    g_test_add_func("/clp-device/each-step-can-fail", test_each_step_can_fail);
    return g_test_run();
}
