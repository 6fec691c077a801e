/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "translation.h"

#include <glib.h>
#include <libintl.h>

#define ANOTHER_DIR "/nowhere/locale"

static void
test_installed(void)
{
    g_unsetenv("LIBVIRT_ZPCI_LOCALE_DIR");
    translation_start();
    g_assert_cmpstr(textdomain(NULL), ==, GETTEXT_PACKAGE);
    g_assert_cmpstr(bindtextdomain(GETTEXT_PACKAGE, NULL), ==, LOCALE_DIR);
    g_assert_cmpstr(bind_textdomain_codeset(GETTEXT_PACKAGE, NULL), ==, "UTF-8");
}

static void
test_named(void)
{
    g_setenv("LIBVIRT_ZPCI_LOCALE_DIR", ANOTHER_DIR, TRUE);
    translation_start();
    g_assert_cmpstr(bindtextdomain(GETTEXT_PACKAGE, NULL), ==, ANOTHER_DIR);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/translation/installed", test_installed);
    g_test_add_func("/translation/named", test_named);
    return g_test_run();
}
