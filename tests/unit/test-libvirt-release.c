/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <sys/wait.h>
#include <unistd.h>

#include "libvirt-release.h"

#include "names.h"

static void
test_each_release_has_its_row(void)
{
    static const struct {
        gulong number;
        LibvirtRelease release;
    } cases[] = {
        { 8000000, { 9000000, 0xc03fffff, 0, FALSE, FALSE, FALSE, FALSE } },
        { 9000000, { 9000000, 0xc03fffff, 0, FALSE, FALSE, FALSE, FALSE } },
        { 10000999, { 9000000, 0xc03fffff, 0, FALSE, FALSE, FALSE, FALSE } },
        { 10001000, { 10001000, 0xf03fffff, 1, TRUE, FALSE, FALSE, FALSE } },
        { 10005000, { 10005000, 0xf03fffff, 1, TRUE, TRUE, FALSE, FALSE } },
        { 11000000, { 10005000, 0xf03fffff, 1, TRUE, TRUE, FALSE, FALSE } },
        { 11003000, { 11001000, 0xf0ffffff, 1, TRUE, TRUE, TRUE, FALSE } },
        { 12000000, { 11001000, 0xf0ffffff, 1, TRUE, TRUE, TRUE, FALSE } },
        { 12008000, { 12001000, 0xf0ffffff, 1, TRUE, TRUE, TRUE, TRUE } },
        { 99000000, { 12001000, 0xf0ffffff, 1, TRUE, TRUE, TRUE, TRUE } },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        const LibvirtRelease *found = libvirt_release_find(cases[i].number);

        g_assert_cmpuint(found->since, ==, cases[i].release.since);
        g_assert_cmphex(found->list_flags, ==, cases[i].release.list_flags);
        g_assert_cmphex(found->xml_flags, ==, cases[i].release.xml_flags);
        g_assert_cmpint(found->closes_empty_fields, ==, cases[i].release.closes_empty_fields);
        g_assert_cmpint(found->shows_offline_ccw, ==, cases[i].release.shows_offline_ccw);
        g_assert_cmpint(found->knows_ccwgroups, ==, cases[i].release.knows_ccwgroups);
        g_assert_cmpint(found->passes_by_iommufd, ==, cases[i].release.passes_by_iommufd);
    }
}

static void
test_number_of_a_text(void)
{
    g_assert_cmpuint(libvirt_release_parse("9.0.0"), ==, 9000000);
    g_assert_cmpuint(libvirt_release_parse("12.8.1"), ==, 12008001);
    g_assert_cmpuint(libvirt_release_parse("12.8"), ==, 0);
    g_assert_cmpuint(libvirt_release_parse("12.8.0-rc1"), ==, 0);
    g_assert_cmpuint(libvirt_release_parse("new"), ==, 0);
    g_assert_cmpuint(libvirt_release_parse(NULL), ==, 0);
}

static void
test_text_of_a_number(void)
{
    g_autofree char *text = libvirt_release_format(12008001);

    g_assert_cmpstr(text, ==, "12.8.1");
}

static void
test_number_of_a_library(void)
{
    g_assert_cmpuint(libvirt_release_parse_library("libvirt.so.0.9000.0"), ==, 9000000);
    g_assert_cmpuint(libvirt_release_parse_library("libvirt.so.0.11003.2"), ==, 11003002);
    g_assert_cmpuint(libvirt_release_parse_library("libvirt.so.0"), ==, 0);
    g_assert_cmpuint(libvirt_release_parse_library("libvirt.so.0.9000.0.old"), ==, 0);
    g_assert_cmpuint(libvirt_release_parse_library(NULL), ==, 0);
}

/* The environment is looked at once. */
static void
test_environment_names_the_one_that_is_followed(void)
{
    g_setenv(NAME_ENV_LIBVIRT, "10.2.0", TRUE);
    g_assert_cmpuint(libvirt_release_get_number(), ==, 10002000);
    g_setenv(NAME_ENV_LIBVIRT, "11.3.0", TRUE);
    g_assert_cmpuint(libvirt_release_get_number(), ==, 10002000);
    g_assert_cmpuint(libvirt_release_get()->since, ==, 10001000);
}

/* In a process of its own, because the environment is looked at once. */
static void
test_installed_one_is_followed(void)
{
    pid_t child = fork();
    int status;

    if (child == 0) {
        g_autofree char *link = g_file_read_link(LIBVIRT_LIBRARY, NULL);
        guint number = libvirt_release_parse_library(link);

        g_unsetenv(NAME_ENV_LIBVIRT);
        _exit(number >= 9000000 && libvirt_release_get_number() == number ? 0 : 1);
    }
    g_assert_cmpint(child, >, 0);
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_cmpint(status, ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    if (g_file_test(LIBVIRT_LIBRARY, G_FILE_TEST_EXISTS))
        g_test_add_func("/libvirt-release/installed-one-is-followed",
                        test_installed_one_is_followed);
    g_test_add_func("/libvirt-release/each-has-its-row", test_each_release_has_its_row);
    g_test_add_func("/libvirt-release/number-of-a-text", test_number_of_a_text);
    g_test_add_func("/libvirt-release/text-of-a-number", test_text_of_a_number);
    g_test_add_func("/libvirt-release/number-of-a-library", test_number_of_a_library);
    g_test_add_func("/libvirt-release/environment-names-the-one-that-is-followed",
                    test_environment_names_the_one_that_is_followed);
    return g_test_run();
}
