/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-holder.h"

static void
assert_text(ZpciHolderKind kind, const char *name, guint process, const char *text)
{
    g_autoptr(ZpciHolder) holder = zpci_holder_new(kind, name, process);
    g_autofree char *shown = zpci_holder_format(holder);

    g_assert_cmpstr(shown, ==, text);
}

static void
test_what_a_person_reads(void)
{
    assert_text(ZPCI_HOLDER_NOBODY, NULL, 0, "nobody");
    assert_text(ZPCI_HOLDER_GUEST, "web", 77, "guest web");
    assert_text(ZPCI_HOLDER_PROCESS, "dpdk", 78, "process 78 (dpdk)");
    assert_text(ZPCI_HOLDER_MOUNT, "/srv", 0, "mount /srv");
    assert_text(ZPCI_HOLDER_SWAP, "vda1", 0, "swap vda1");
    assert_text(ZPCI_HOLDER_DISK, "md0", 0, "disk md0");
    assert_text(ZPCI_HOLDER_MASTER, "bond0", 0, "master bond0");
    assert_text(ZPCI_HOLDER_INTERFACE, "eth0", 0, "interface eth0");
}

static void
test_what_a_program_reads(void)
{
    g_autoptr(ZpciHolder) holder = zpci_holder_new(ZPCI_HOLDER_GUEST, "web", 77);

    g_assert_cmpstr(zpci_holder_get_kind_name(holder), ==, "guest");
    zpci_holder_free(NULL);
}

int
main(int argc, char *argv[])
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/zpci-holder/what-a-person-reads", test_what_a_person_reads);
    g_test_add_func("/zpci-holder/what-a-program-reads", test_what_a_program_reads);
    return g_test_run();
}
