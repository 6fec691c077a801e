/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "devlink.h"

#include <string.h>

#include "net-kernel.h"

#define FAMILY 0x15

static const PciAddress function = { 1, 2, 3, 4 };

/* Numbers stand in the order of the machine. */
static void
put(GByteArray *bytes, guint64 number, guint width)
{
    guint8 little[8];

    for (guint i = 0; i < width; i++)
        little[G_BYTE_ORDER == G_LITTLE_ENDIAN ? i : width - 1 - i] = (guint8)(number >> (8 * i));
    g_byte_array_append(bytes, little, width);
}

/* Both headers, without a body yet. */
static GByteArray *
begin(guint16 type)
{
    GByteArray *bytes = g_byte_array_new();

    put(bytes, 0, 4); /* nlmsg_len */
    put(bytes, type, 2);
    put(bytes, 0, 2);    /* nlmsg_flags */
    put(bytes, 0, 4);    /* nlmsg_seq */
    put(bytes, 1234, 4); /* nlmsg_pid */
    put(bytes, 1, 1);    /* cmd */
    put(bytes, 2, 1);    /* version */
    put(bytes, 0, 2);    /* reserved */
    return bytes;
}

static void
attribute(GByteArray *bytes, guint16 type, guint64 value, guint width)
{
    put(bytes, 4 + width, 2);
    put(bytes, type, 2);
    put(bytes, value, width);
    while (bytes->len % 4 != 0)
        put(bytes, 0, 1);
}

/* Takes over @bytes. */
static void
answer(GByteArray *bytes)
{
    g_autoptr(GByteArray) length = g_byte_array_new();

    put(length, bytes->len, 4);
    memcpy(bytes->data, length->data, 4);
    net_kernel_answer(bytes->data, bytes->len);
    g_byte_array_unref(bytes);
}

static void
answer_family(void)
{
    GByteArray *bytes = begin(0x10); /* GENL_ID_CTRL */

    attribute(bytes, 2, 0x6b6e696c76656400, 8); /* CTRL_ATTR_FAMILY_NAME */
    attribute(bytes, 1, FAMILY, 2);             /* CTRL_ATTR_FAMILY_ID */
    attribute(bytes, 3, 1, 4);                  /* CTRL_ATTR_VERSION */
    answer(bytes);
}

static void
answer_mode(guint16 mode)
{
    GByteArray *bytes = begin(FAMILY);

    attribute(bytes, 1, 0x696370, 4); /* DEVLINK_ATTR_BUS_NAME */
    attribute(bytes, 25, mode, 2);    /* DEVLINK_ATTR_ESWITCH_MODE */
    attribute(bytes, 26, 0, 1);       /* DEVLINK_ATTR_ESWITCH_INLINE_MODE */
    answer(bytes);
}

static gboolean
ask(void)
{
    gboolean result = devlink_is_switchdev(&net_kernel_calls, &function);

    net_kernel_end();
    return result;
}

static void
test_switch_in_the_hands_of_the_kernel(void)
{
    net_kernel_begin("eth0");
    answer_family();
    answer_mode(1);
    g_assert_true(ask());
}

static void
test_legacy_switch_is_none(void)
{
    net_kernel_begin("eth0");
    answer_family();
    answer_mode(0);
    g_assert_false(ask());
}

static void
assert_message(guint index, GByteArray *expected)
{
    gsize size;
    const guint8 *bytes = g_bytes_get_data(net_kernel_get_message(index), &size);

    g_assert_cmpmem(bytes, size, expected->data, expected->len);
    g_byte_array_unref(expected);
}

static GByteArray *
request(guint16 family, guint8 command, guint length)
{
    GByteArray *bytes = g_byte_array_new();

    put(bytes, length, 4);
    put(bytes, family, 2);
    put(bytes, 1, 2); /* NLM_F_REQUEST, so there is one answer and no acknowledgement */
    put(bytes, 0, 4);
    put(bytes, 0, 4);
    put(bytes, command, 1);
    put(bytes, 1, 1);
    put(bytes, 0, 2);
    return bytes;
}

static void
test_requests_are_what_the_kernel_expects(void)
{
    GByteArray *bytes;

    net_kernel_begin("eth0");
    answer_family();
    answer_mode(1);
    g_assert_true(devlink_is_switchdev(&net_kernel_calls, &function));

    bytes = request(0x10, 3, 32); /* CTRL_CMD_GETFAMILY */
    put(bytes, 12, 2);
    put(bytes, 2, 2);
    g_byte_array_append(bytes, (const guint8 *)"devlink", 8);
    assert_message(0, bytes);

    bytes = request(FAMILY, 29, 48); /* DEVLINK_CMD_ESWITCH_GET */
    put(bytes, 8, 2);
    put(bytes, 1, 2);
    g_byte_array_append(bytes, (const guint8 *)"pci", 4);
    put(bytes, 17, 2);
    put(bytes, 2, 2);
    g_byte_array_append(bytes, (const guint8 *)"0001:02:03.4\0\0\0", 16);
    assert_message(1, bytes);
    net_kernel_end();
}

static void
test_kernel_without_devlink(void)
{
    GByteArray *refusal;

    net_kernel_begin("eth0");
    g_assert_false(ask());

    net_kernel_begin("eth0");
    refusal = begin(2); /* NLMSG_ERROR, with the request behind it */
    put(refusal, 25, 4);
    put(refusal, 1, 4);
    answer(refusal);
    g_assert_false(ask());
}

static void
test_function_without_switch(void)
{
    GByteArray *refusal = begin(2);

    net_kernel_begin("eth0");
    answer_family();
    attribute(refusal, 25, 1, 2);
    answer(refusal);
    g_assert_false(ask());
}

static void
test_damaged_answers_are_none(void)
{
    GByteArray *bytes;

    /* An attribute of no size, which would be read for ever. */
    net_kernel_begin("eth0");
    answer_family();
    bytes = begin(FAMILY);
    put(bytes, 0, 4);
    answer(bytes);
    g_assert_false(ask());

    /* One that is longer than the answer. */
    net_kernel_begin("eth0");
    answer_family();
    bytes = begin(FAMILY);
    put(bytes, 8, 2);
    put(bytes, 25, 2);
    put(bytes, 1, 2);
    answer(bytes);
    g_assert_false(ask());

    /* A mode of another width. */
    net_kernel_begin("eth0");
    answer_family();
    bytes = begin(FAMILY);
    attribute(bytes, 25, 1, 1);
    answer(bytes);
    g_assert_false(ask());

    /* Less than a header. */
    net_kernel_begin("eth0");
    answer_family();
    net_kernel_answer("abc", 3);
    g_assert_false(ask());
}

static void
test_an_answer_has_an_end(void)
{
    GByteArray *bytes = begin(FAMILY);

    net_kernel_begin("eth0");
    answer_family();
    for (guint i = 0; i < DEVLINK_MAX_ATTRIBUTES; i++)
        attribute(bytes, 1, 0, 4);
    attribute(bytes, 25, 1, 2);
    answer(bytes);
    g_assert_false(ask());
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/devlink/switch-in-the-hands-of-the-kernel",
                    test_switch_in_the_hands_of_the_kernel);
    g_test_add_func("/devlink/legacy-switch-is-none", test_legacy_switch_is_none);
    g_test_add_func("/devlink/requests-are-what-the-kernel-expects",
                    test_requests_are_what_the_kernel_expects);
    g_test_add_func("/devlink/kernel-without-devlink", test_kernel_without_devlink);
    g_test_add_func("/devlink/function-without-switch", test_function_without_switch);
    g_test_add_func("/devlink/damaged-answers-are-none", test_damaged_answers_are_none);
    g_test_add_func("/devlink/an-answer-has-an-end", test_an_answer_has_an_end);
    return g_test_run();
}
