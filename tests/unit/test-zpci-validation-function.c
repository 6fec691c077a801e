/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-validation.h"

#include "finding-list.h"

/* A node device; what is wrong is on line 2. */
#define DEVICE(pfgid, inside)                                                         \
    "<device><name>pci_0005_00_00_0</name><capability type='pci'><zpci uid='0x0005' " \
    "fid='0x0000000c' pfgid='" pfgid "'>\n" inside "</zpci></capability></device>"
#define GROUP(simulated)                                                      \
    "<group simulated='" simulated "' version='0' dasm='0x0000000000000000' " \
    "msiAddress='0xfe00000000000000' refresh='yes' mui='4000' noi='128' maxstbl='128'/>"

static void
expect_one(const char *document, const char *element, const char *expected)
{
    const char *const list[] = { expected, NULL };

    finding_list_expect(document, NULL, element, list);
}

static void
test_range_that_ends_before_it_begins(void)
{
    expect_one(DEVICE("0x01", "<dma start='0x0000000000000002' end='0x0000000000000001'/>"), "dma",
               "2 error start that lies behind its end");
    expect_one(DEVICE("0x01", "<dma start='0x0000000000000001' end='0x0000000000000001'/>"), "dma",
               NULL);
    expect_one(DEVICE("0x01", "<dma start='0x8000000000000000' end='0xffffffffffffffff'/>"), "dma",
               NULL);
}

/* QEMU makes function groups from 0xf0 on. */
static void
test_group_that_is_simulated_or_not(void)
{
    expect_one(DEVICE("0xf0", GROUP("no")), "group", "2 error simulated='no', but the function");
    expect_one(DEVICE("0xef", GROUP("yes")), "group", "2 error but the function group is 0xef");
    expect_one(DEVICE("0xf0", GROUP("yes")), "group", NULL);
    expect_one(DEVICE("0xef", GROUP("no")), "group", NULL);
}

static void
test_device_that_has_nothing_of_it(void)
{
    expect_one(DEVICE("0x01", ""), "zpci", NULL);
    expect_one("<device><name>computer</name><capability type='system'><hardware/><firmware/>"
               "</capability></device>",
               "zpci", NULL);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/zpci-validation-function/range-that-ends-before-it-begins",
                    test_range_that_ends_before_it_begins);
    g_test_add_func("/zpci-validation-function/group-that-is-simulated-or-not",
                    test_group_that_is_simulated_or_not);
    g_test_add_func("/zpci-validation-function/device-that-has-nothing-of-it",
                    test_device_that_has_nothing_of_it);
    return g_test_run();
}
