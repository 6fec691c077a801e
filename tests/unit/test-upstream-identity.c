/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "upstream-identity.h"

#include "libvirt-library.h"

#include <grp.h>
#include <pwd.h>
#include <unistd.h>

/* What was set last, a word for each field in the order of their names. */
static GString *told;

static int
compare(gconstpointer one, gconstpointer other)
{
    return g_strcmp0(((const virTypedParameter *)one)->field,
                     ((const virTypedParameter *)other)->field);
}

/* This stands in for libvirt's function. */
static int
set_identity(G_GNUC_UNUSED virConnectPtr connection, virTypedParameterPtr params, int count,
             G_GNUC_UNUSED unsigned int flags)
{
    g_autoptr(GArray) sorted = g_array_new(FALSE, FALSE, sizeof(virTypedParameter));

    if (count > 0)
        g_array_append_vals(sorted, params, (guint)count);
    g_array_sort(sorted, compare);
    g_string_truncate(told, 0);
    for (int i = 0; i < count; i++) {
        const virTypedParameter *param = &g_array_index(sorted, virTypedParameter, i);

        g_string_append_printf(told, "%s=", param->field);
        if (param->type == VIR_TYPED_PARAM_STRING)
            g_string_append_printf(told, "'%s' ", param->value.s);
        else if (param->type == VIR_TYPED_PARAM_LLONG)
            g_string_append_printf(told, "x%lld ", param->value.l);
        else if (param->type == VIR_TYPED_PARAM_ULLONG)
            g_string_append_printf(told, "t%llu ", param->value.ul);
    }
    return 0;
}

static void
expect_told(const char *identity, const char *fields)
{
    g_autoptr(GVariant) parsed =
        g_variant_parse(G_VARIANT_TYPE_VARDICT, identity, NULL, NULL, NULL);

    g_assert_cmpint(upstream_identity_set(NULL, parsed), ==, 0);
    g_assert_cmpstr(told->str, ==, fields);
}

static void
test_fields_keep_their_names_and_types(void)
{
    expect_told(
        "{'process-id': <int64 -7>, 'process-time': <uint64 18446744073709551615>,"
        " 'x509-distinguished-name': <b'CN=M\\303\\274ller'>, 'selinux-context': <b'a:b:c'>}",
        "process-id=x-7 process-time=t18446744073709551615 selinux-context='a:b:c' "
        "x509-distinguished-name='CN=M\303\274ller' ");
    expect_told("{}", "");
}

static void
test_who_has_a_number_only_gets_the_name(void)
{
    g_autofree char *fields = g_strdup_printf(
        "group-name='%s' unix-group-id=t%u unix-user-id=t%u user-name='%s' ",
        getgrgid(getegid())->gr_name, getegid(), geteuid(), getpwuid(geteuid())->pw_name);
    g_autofree char *identity = g_strdup_printf(
        "{'unix-user-id': <uint64 %u>, 'unix-group-id': <uint64 %u>}", geteuid(), getegid());

    expect_told(identity, fields);
    expect_told("{'unix-user-id': <uint64 0>, 'user-name': <b'toor'>}",
                "unix-user-id=t0 user-name='toor' ");
}

/* Least of all that of the user whose number is what fits of it. */
static void
test_whom_the_machine_does_not_know_gets_none(void)
{
    expect_told("{'unix-user-id': <uint64 3999999999>, 'unix-group-id': <uint64 3999999999>}",
                "unix-group-id=t3999999999 unix-user-id=t3999999999 ");
    expect_told("{'unix-user-id': <uint64 4294967296>, 'unix-group-id': <uint64 4294967296>}",
                "unix-group-id=t4294967296 unix-user-id=t4294967296 ");
}

int
main(int argc, char **argv)
{
    int result;

    g_test_init(&argc, &argv, NULL);
    g_assert_true(libvirt_library_load(NULL));
    libvirt_library.virConnectSetIdentity = set_identity;
    /* Whoever has a connection has done this; libvirt's errors are kept in what it makes. */
    g_assert_cmpint(libvirt_library.virInitialize(), ==, 0);
    told = g_string_new(NULL);
    g_test_add_func("/upstream-identity/fields-keep-their-names-and-types",
                    test_fields_keep_their_names_and_types);
    g_test_add_func("/upstream-identity/who-has-a-number-only-gets-the-name",
                    test_who_has_a_number_only_gets_the_name);
    g_test_add_func("/upstream-identity/whom-the-machine-does-not-know-gets-none",
                    test_whom_the_machine_does_not_know_gets_none);
    result = g_test_run();
    g_string_free(told, TRUE);
    return result;
}
