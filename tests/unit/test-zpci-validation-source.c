/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-validation.h"

#include <string.h>

#include "finding-list.h"

#define HOSTDEV(domain, managed, more)                                                     \
    "<hostdev mode='subsystem' type='pci' managed='" managed "'>" more "<source><address " \
    "domain='" domain "' bus='0x00' slot='0x00' function='0x0'/></source></hostdev>\n"

/* By its domain: 1 has VFIO, 2 a driver of the host, 3 none, 4 and 5 are other domains' too. */
static gboolean
look_up(const char *address, G_GNUC_UNUSED const char *domain, ZpciHostState *state,
        G_GNUC_UNUSED gpointer data)
{
    static const ZpciHostState states[] = {
        { .driver = "vfio-pci", .is_vfio = TRUE },
        { .driver = "mlx5_core" },
        { .driver = NULL },
        { .driver = "vfio-pci", .is_vfio = TRUE, .holder = "other", .holder_runs = TRUE },
        { .driver = "vfio-pci", .is_vfio = TRUE, .holder = "other" },
    };
    guint number = (guint)(address[3] - '1');

    if (strlen(address) != 12 || number >= G_N_ELEMENTS(states))
        return FALSE;
    *state = states[number];
    return TRUE;
}

static void
expect_one(const char *document, ZpciHostLookup host, const char *element, const char *expected)
{
    const char *const list[] = { expected, NULL };

    finding_list_expect(document, host, element, list);
}

static void
test_function_that_is_passed_twice(void)
{
    expect_one("<devices>\n" HOSTDEV("0x0001", "yes", "") HOSTDEV("1", "yes", "") "</devices>",
               NULL, "hostdev", "3 error but the one on line 2 already passes it");
    expect_one("<devices>\n" HOSTDEV("0x0001", "yes", "") HOSTDEV("0x0002", "yes", "") "</devices>",
               NULL, "hostdev", NULL);
}

static void
test_driver_that_passes_nothing_to_guests(void)
{
    expect_one(HOSTDEV("0x0001", "yes", "<driver name='kvm'/>"), NULL, "driver",
               "1 error asks for 'kvm', but only 'vfio'");
    expect_one(HOSTDEV("0x0001", "yes", "<driver name='vfio'/>"), NULL, "driver", NULL);
    expect_one(HOSTDEV("0x0001", "yes", ""), NULL, "driver", NULL);
}

static void
test_what_the_host_has_not(void)
{
    expect_one(HOSTDEV("0x0009", "yes", ""), look_up, "hostdev",
               "1 error the function 0009:00:00.0, which this host does not have");
    /* The host is not asked for one that cannot be read: that is the schema's business. */
    expect_one(HOSTDEV("none", "yes", ""), look_up, "hostdev", "1 error breaks the schema");
}

/* Only who does not let libvirt bind it has to have bound it before. */
static void
test_binding_that_nobody_makes(void)
{
    expect_one(HOSTDEV("0x0001", "no", ""), look_up, "hostdev", NULL);
    expect_one(HOSTDEV("0x0002", "yes", ""), look_up, "hostdev", NULL);
    expect_one(HOSTDEV("0x0002", "no", ""), look_up, "hostdev",
               "1 error bound to mlx5_core, which is no VFIO driver");
    expect_one(HOSTDEV("0x0003", "no", ""), look_up, "hostdev", "1 error bound to no driver");
    expect_one(HOSTDEV("0x0003", "yes", ""), look_up, "hostdev", NULL);
}

static void
test_function_that_another_domain_has(void)
{
    expect_one(HOSTDEV("0x0004", "yes", ""), look_up, "hostdev",
               "1 error which the running domain 'other' has");
    expect_one(HOSTDEV("0x0005", "yes", ""), look_up, "hostdev",
               "1 warning only one of them can run");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/zpci-validation-source/passed-twice", test_function_that_is_passed_twice);
    g_test_add_func("/zpci-validation-source/driver-that-passes-nothing",
                    test_driver_that_passes_nothing_to_guests);
    g_test_add_func("/zpci-validation-source/what-the-host-has-not", test_what_the_host_has_not);
    g_test_add_func("/zpci-validation-source/binding-that-nobody-makes",
                    test_binding_that_nobody_makes);
    g_test_add_func("/zpci-validation-source/that-another-domain-has",
                    test_function_that_another_domain_has);
    return g_test_run();
}
