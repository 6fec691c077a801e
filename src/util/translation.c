/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "translation.h"

#include <glib.h>
#include <libintl.h>
#include <locale.h>

#include "names.h"

void
translation_start(void)
{
    const char *directory = g_getenv(NAME_ENV_LOCALE_DIR);

    setlocale(LC_ALL, "");
    bindtextdomain(GETTEXT_PACKAGE, directory != NULL ? directory : LOCALE_DIR);
    bind_textdomain_codeset(GETTEXT_PACKAGE, "UTF-8");
    textdomain(GETTEXT_PACKAGE);
}
