/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "system-error.h"

#include <errno.h>

#include "expect.h"

static const struct {
    int number;
    ZpciError code;
} expected[] = {
    { ENOENT, ZPCI_ERROR_NOT_FOUND },     { ENODEV, ZPCI_ERROR_NOT_FOUND },
    { ENXIO, ZPCI_ERROR_NOT_FOUND },      { ENOTDIR, ZPCI_ERROR_NOT_FOUND },
    { EACCES, ZPCI_ERROR_NO_PERMISSION }, { EPERM, ZPCI_ERROR_NO_PERMISSION },
    { EBUSY, ZPCI_ERROR_IN_USE },         { ENOTTY, ZPCI_ERROR_UNSUPPORTED },
    { ENOSYS, ZPCI_ERROR_UNSUPPORTED },   { EOPNOTSUPP, ZPCI_ERROR_UNSUPPORTED },
    { EIO, ZPCI_ERROR_UNREADABLE },       { EINVAL, ZPCI_ERROR_UNREADABLE },
    { ELOOP, ZPCI_ERROR_UNREADABLE },     { 0x7fff, ZPCI_ERROR_UNREADABLE },
};

static void
test_each_errno_becomes_its_code(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(expected); i++) {
        g_autoptr(GError) error = NULL;

        system_error_set(&error, expected[i].number, "Opening %s failed", "/dev/clp");
        expect_error(&error, expected[i].code, "Opening /dev/clp failed: ");
    }
}

static void
test_message_ends_with_the_words_of_the_system(void)
{
    g_autoptr(GError) error = NULL;

    system_error_set(&error, ENOENT, "Reading the attribute %s failed", "uid%s");
    g_assert_cmpstr(error->message, ==,
                    "Reading the attribute uid%s failed: No such file or directory.");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/system-error/each-errno-becomes-its-code", test_each_errno_becomes_its_code);
    g_test_add_func("/system-error/message-ends-with-the-words-of-the-system",
                    test_message_ends_with_the_words_of_the_system);
    return g_test_run();
}
