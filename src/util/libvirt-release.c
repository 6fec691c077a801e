/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "libvirt-release.h"

#include <libvirt/libvirt.h>
#include <stdio.h>

#include "names.h"

/* Bits that headers of older releases do not have. */
#define LIST_ALWAYS 0xc03fffffU
#define LIST_CCWGROUPS (3U << 22)
#define LIST_PERSISTENT (3U << 28)
#define XML_INACTIVE (1U << 0)

#define LIST_10_1 (LIST_ALWAYS | LIST_PERSISTENT)
#define LIST_11_1 (LIST_10_1 | LIST_CCWGROUPS)

/* Each does as the one before it, and more. */
static const LibvirtRelease releases[] = {
    { 9000000, LIST_ALWAYS, 0, FALSE, FALSE, FALSE, FALSE },
    { 10001000, LIST_10_1, XML_INACTIVE, TRUE, FALSE, FALSE, FALSE },
    { 10005000, LIST_10_1, XML_INACTIVE, TRUE, TRUE, FALSE, FALSE },
    { 11001000, LIST_11_1, XML_INACTIVE, TRUE, TRUE, TRUE, FALSE },
    { 12001000, LIST_11_1, XML_INACTIVE, TRUE, TRUE, TRUE, TRUE },
};

static gulong test_number;

const LibvirtRelease *
libvirt_release_find(gulong number)
{
    const LibvirtRelease *found = &releases[0];

    for (guint i = 1; i < G_N_ELEMENTS(releases); i++) {
        if (number >= releases[i].since)
            found = &releases[i];
    }
    return found;
}

gulong
libvirt_release_parse(const char *text)
{
    guint major, minor, micro;
    char rest;

    if (text == NULL || sscanf(text, "%3u.%3u.%3u%c", &major, &minor, &micro, &rest) != 3)
        return 0;
    return major * 1000000UL + minor * 1000UL + micro;
}

char *
libvirt_release_format(gulong number)
{
    return g_strdup_printf("%lu.%lu.%lu", number / 1000000, number / 1000 % 1000, number % 1000);
}

/* libvirt's build makes the version of the library of that of the release. */
gulong
libvirt_release_parse_library(const char *file)
{
    guint release, micro;
    char rest;

    if (file == NULL || sscanf(file, "libvirt.so.0.%6u.%3u%c", &release, &micro, &rest) != 2)
        return 0;
    return release * 1000UL + micro;
}

static gulong
libvirt_release_read_installed(void)
{
    g_autofree char *link = g_file_read_link(LIBVIRT_LIBRARY, NULL);
    g_autofree char *file = link != NULL ? g_path_get_basename(link) : NULL;
    gulong number = libvirt_release_parse_library(file);

    return number != 0 ? number : LIBVIR_VERSION_NUMBER;
}

gulong
libvirt_release_get_number(void)
{
    static gsize number;

    if (g_once_init_enter(&number)) {
        gulong named = libvirt_release_parse(g_getenv(NAME_ENV_LIBVIRT));

        g_once_init_leave(&number, named != 0 ? named : libvirt_release_read_installed());
    }
    return test_number != 0 ? test_number : number;
}

const LibvirtRelease *
libvirt_release_get(void)
{
    return libvirt_release_find(libvirt_release_get_number());
}

void
libvirt_release_set_test_number(gulong number)
{
    test_number = number;
}
