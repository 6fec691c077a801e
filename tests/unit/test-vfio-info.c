/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "vfio-info.h"

#include <errno.h>
#include <string.h>

#include "chain-builder.h"
#include "vfio-uapi.h"
#include "zpci-error.h"

#define SCRIPT_FD 42

/* One expected call and the kernel's answer. */
typedef struct {
    guint32 expected_argsz;
    guint32 answered_argsz;
    int error_number;
} ScriptStep;

static const ScriptStep *script;
static guint script_length;
static guint script_position;

static void
script_start(const ScriptStep *steps, guint length)
{
    script = steps;
    script_length = length;
    script_position = 0;
}

/* Any call that the script does not expect aborts. */
static int
script_ioctl(int fd, unsigned long request, void *argument)
{
    const ScriptStep *step;
    guint32 argsz;

    g_assert_cmpint(fd, ==, SCRIPT_FD);
    g_assert_cmphex(request, ==, VFIO_UAPI_DEVICE_GET_INFO);
    g_assert_cmpuint(script_position, <, script_length);
    step = &script[script_position++];

    memcpy(&argsz, argument, sizeof argsz);
    g_assert_cmpuint(argsz, ==, step->expected_argsz);
    for (guint32 i = sizeof argsz; i < argsz; i++)
        g_assert_cmpuint(((guint8 *)argument)[i], ==, 0);
    if (step->error_number != 0) {
        errno = step->error_number;
        return -1;
    }
    memcpy(argument, &step->answered_argsz, sizeof argsz);
    memset((guint8 *)argument + sizeof argsz, 0xab, argsz - sizeof argsz);
    return 0;
}

static void
script_end(void)
{
    g_assert_cmpuint(script_position, ==, script_length);
}

static void
test_small_reply_needs_one_call(void)
{
    static const ScriptStep steps[] = { { 20, 20, 0 } };
    g_autoptr(GError) error = NULL;
    g_autoptr(GByteArray) reply = NULL;

    script_start(steps, G_N_ELEMENTS(steps));
    reply = vfio_info_read(SCRIPT_FD, script_ioctl, "0005:00:00.0", &error);
    g_assert_no_error(error);
    g_assert_cmpuint(reply->len, ==, 20);
    script_end();
}

static void
test_chain_is_asked_for_with_its_size(void)
{
    static const ScriptStep steps[] = { { 20, 124, 0 }, { 124, 124, 0 } };
    g_autoptr(GError) error = NULL;
    g_autoptr(GByteArray) reply = NULL;

    script_start(steps, G_N_ELEMENTS(steps));
    reply = vfio_info_read(SCRIPT_FD, script_ioctl, "0005:00:00.0", &error);
    g_assert_no_error(error);
    g_assert_cmpuint(reply->len, ==, 124);
    g_assert_cmphex(reply->data[123], ==, 0xab);
    script_end();
}

static void
test_growing_chain_is_asked_for_again(void)
{
    static const ScriptStep steps[] = { { 20, 124, 0 }, { 124, 208, 0 }, { 208, 208, 0 } };
    g_autoptr(GError) error = NULL;
    g_autoptr(GByteArray) reply = NULL;

    script_start(steps, G_N_ELEMENTS(steps));
    reply = vfio_info_read(SCRIPT_FD, script_ioctl, "0005:00:00.0", &error);
    g_assert_no_error(error);
    g_assert_cmpuint(reply->len, ==, 208);
    script_end();
}

static void
test_kernel_that_never_settles_is_given_up(void)
{
    static const ScriptStep steps[] = {
        { 20, 30, 0 }, { 30, 40, 0 }, { 40, 50, 0 }, { 50, 60, 0 }
    };
    g_autoptr(GError) error = NULL;

    script_start(steps, G_N_ELEMENTS(steps));
    g_assert_null(vfio_info_read(SCRIPT_FD, script_ioctl, "0005:00:00.0", &error));
    g_assert_error(error, ZPCI_ERROR, ZPCI_ERROR_MALFORMED);
    g_assert_nonnull(strstr(error->message, "0005:00:00.0"));
    script_end();
}

static void
test_size_limit_is_64_kib(void)
{
    static const ScriptStep largest[] = { { 20, 65536, 0 }, { 65536, 65536, 0 } };
    static const ScriptStep too_large[] = { { 20, 65537, 0 } };
    g_autoptr(GError) error = NULL;
    g_autoptr(GByteArray) reply = NULL;

    script_start(largest, G_N_ELEMENTS(largest));
    reply = vfio_info_read(SCRIPT_FD, script_ioctl, "0005:00:00.0", &error);
    g_assert_no_error(error);
    g_assert_cmpuint(reply->len, ==, 65536);
    script_end();

    script_start(too_large, G_N_ELEMENTS(too_large));
    g_assert_null(vfio_info_read(SCRIPT_FD, script_ioctl, "0005:00:00.0", &error));
    g_assert_error(error, ZPCI_ERROR, ZPCI_ERROR_MALFORMED);
    g_assert_nonnull(strstr(error->message, "65537"));
    script_end();
}

static void
test_errno_becomes_a_code(void)
{
    static const struct {
        int number;
        int code;
    } cases[] = {
        { EBUSY, ZPCI_ERROR_IN_USE },     { EACCES, ZPCI_ERROR_NO_PERMISSION },
        { ENODEV, ZPCI_ERROR_NOT_FOUND }, { ENOTTY, ZPCI_ERROR_UNSUPPORTED },
        { EIO, ZPCI_ERROR_UNREADABLE },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        const ScriptStep step = { 20, 0, cases[i].number };
        g_autoptr(GError) error = NULL;

        script_start(&step, 1);
        g_assert_null(vfio_info_read(SCRIPT_FD, script_ioctl, "0005:00:00.0", &error));
        g_assert_error(error, ZPCI_ERROR, cases[i].code);
        g_assert_nonnull(strstr(error->message, g_strerror(cases[i].number)));
        script_end();
    }
}

static gboolean
parse(const char *table, int byte_order, VfioInfo *info, GError **error)
{
    g_autoptr(GByteArray) bytes = chain_builder_build(table, byte_order);
    ByteReader reader = { bytes->data, bytes->len, byte_order };

    return vfio_info_parse(&reader, info, error);
}

static void
test_fixed_part_in_both_orders(void)
{
    static const int orders[] = { G_BIG_ENDIAN, G_LITTLE_ENDIAN };

    for (guint i = 0; i < G_N_ELEMENTS(orders); i++) {
        g_autoptr(GError) error = NULL;
        VfioInfo info;

        g_assert_true(parse("4:$ 4:0x83 4:9 4:5 4:24 4:0", orders[i], &info, &error));
        g_assert_no_error(error);
        g_assert_cmpuint(info.argsz, ==, 24);
        g_assert_cmphex(info.flags, ==, 0x83);
        g_assert_cmpuint(info.num_regions, ==, 9);
        g_assert_cmpuint(info.num_irqs, ==, 5);
        g_assert_cmpuint(info.cap_offset, ==, 24);
    }
}

static void
test_old_kernel_without_cap_offset(void)
{
    g_autoptr(GError) error = NULL;
    VfioInfo info;

    g_assert_true(parse("4:16 4:0x03 4:9 4:5", G_BIG_ENDIAN, &info, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(info.cap_offset, ==, 0);
}

static void
test_without_the_flag_cap_offset_does_not_count(void)
{
    g_autoptr(GError) error = NULL;
    VfioInfo info;

    g_assert_true(parse("4:$ 4:0x03 4:9 4:5 4:0xdead", G_BIG_ENDIAN, &info, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(info.cap_offset, ==, 0);
}

static void
test_faulty_fixed_parts(void)
{
    static const struct {
        const char *table;
        const char *says;
    } cases[] = {
        { "", "argsz at offset 0 needs 4 bytes" },
        { "2:0", "argsz at offset 0 needs 4 bytes" },
        { "4:15 4:0 4:0 4:0", "argsz at offset 0 is 15" },
        { "4:0 4:0x83 4:9 4:5 4:20", "argsz at offset 0 is 0" },
        { "4:17 4:0 4:0 4:0", "argsz at offset 0 is 17, but the reply ends at offset 16" },
        { "4:124 4:0x83 4:9 4:5 4:0", "argsz at offset 0 is 124" },
        { "4:16 4:0x83 4:9 4:5 4:20", "cap_offset at offset 16 needs 4 bytes" },
        { "4:$ 4:0x83 4:9 4:5 4:0", "cap_offset at offset 16 is 0" },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        VfioInfo info = { .argsz = 4711 };

        g_assert_false(parse(cases[i].table, G_BIG_ENDIAN, &info, &error));
        g_assert_error(error, ZPCI_ERROR, ZPCI_ERROR_MALFORMED);
        g_test_message("%s", error->message);
        g_assert_nonnull(strstr(error->message, cases[i].says));
        g_assert_cmpuint(info.argsz, ==, 4711);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/vfio-info/small-reply-needs-one-call", test_small_reply_needs_one_call);
    g_test_add_func("/vfio-info/chain-is-asked-for-with-its-size",
                    test_chain_is_asked_for_with_its_size);
    g_test_add_func("/vfio-info/growing-chain-is-asked-for-again",
                    test_growing_chain_is_asked_for_again);
    g_test_add_func("/vfio-info/kernel-that-never-settles-is-given-up",
                    test_kernel_that_never_settles_is_given_up);
    g_test_add_func("/vfio-info/size-limit-is-64-kib", test_size_limit_is_64_kib);
    g_test_add_func("/vfio-info/errno-becomes-a-code", test_errno_becomes_a_code);
    g_test_add_func("/vfio-info/fixed-part-in-both-orders", test_fixed_part_in_both_orders);
    g_test_add_func("/vfio-info/old-kernel-without-cap-offset", test_old_kernel_without_cap_offset);
    g_test_add_func("/vfio-info/without-the-flag-cap-offset-does-not-count",
                    test_without_the_flag_cap_offset_does_not_count);
    g_test_add_func("/vfio-info/faulty-fixed-parts", test_faulty_fixed_parts);
    return g_test_run();
}
