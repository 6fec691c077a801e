/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "libvirt-library.h"

static void
test_is_loaded_when_it_is_asked_for(void)
{
    g_autoptr(GError) error = NULL;
    const LibvirtLibrary none = { NULL };

    g_assert_cmpmem(&libvirt_library, sizeof libvirt_library, &none, sizeof none);
    g_assert_true(libvirt_library_load(&error));
    g_assert_no_error(error);
    g_assert_nonnull(libvirt_library.virConnectOpen);
}

static void
test_again_is_the_same(void)
{
    LibvirtLibrary before;

    g_assert_true(libvirt_library_load(NULL));
    before = libvirt_library;
    g_assert_true(libvirt_library_load(NULL));
    g_assert_cmpmem(&libvirt_library, sizeof libvirt_library, &before, sizeof before);
}

static void
test_functions_and_data_work(void)
{
    virConnectPtr connection;
    virDomainPtr domain;

    g_assert_true(libvirt_library_load(NULL));
    g_assert_nonnull(libvirt_library.gvir_event_register);
    connection = libvirt_library.virConnectOpenAuth("test:///default",
                                                    *libvirt_library.virConnectAuthPtrDefault, 0);
    g_assert_nonnull(connection);
    domain = libvirt_library.virDomainLookupByName(connection, "test");
    g_assert_cmpstr(libvirt_library.virDomainGetName(domain), ==, "test");
    libvirt_library.virDomainFree(domain);
    libvirt_library.virConnectClose(connection);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/libvirt-library/is-loaded-when-it-is-asked-for",
                    test_is_loaded_when_it_is_asked_for);
    g_test_add_func("/libvirt-library/again-is-the-same", test_again_is_the_same);
    g_test_add_func("/libvirt-library/functions-and-data-work", test_functions_and_data_work);
    return g_test_run();
}
