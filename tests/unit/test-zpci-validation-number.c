/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-validation.h"

#include "finding-list.h"

/* Numbers of <zpci> in devices, a line for each: what one asks for, or "" for nothing. */
#define HOSTDEV(bus, zpci)                                                                      \
    "<hostdev mode='subsystem' type='pci' managed='yes'><source><address domain='0x0005' "      \
    "bus='" bus "' slot='0x00' function='0x0'/></source><address type='pci'>" zpci "</address>" \
    "</hostdev>\n"
#define ONE(attributes) HOSTDEV("0x00", "<zpci " attributes "/>")

static void
expect_one(const char *document, const char *expected)
{
    const char *const list[] = { expected, NULL };

    finding_list_expect(document, NULL, "zpci", list);
}

static void
expect_good(const char *document)
{
    expect_one(document, NULL);
}

static void
test_numbers_that_are_good(void)
{
    expect_good(ONE("uid='0x0001' fid='0x00000000'"));
    expect_good(ONE("uid='0xffff' fid='0xffffffff'"));
    expect_good(ONE(""));
}

static void
test_numbers_that_are_read_otherwise(void)
{
    expect_one(ONE("uid='10' fid='0x1'"), "1 warning Write 0x000a, so that nobody");
    expect_one(ONE("uid='010' fid='0x1'"), "1 error octal: it becomes 0x0008");
    expect_one(ONE("uid='0x1' fid='0000000c'"), "1 error Write 0x0000000c.");
    expect_one(ONE("uid='0x1' fid='many'"), "1 error which is no number");
}

static void
test_limits(void)
{
    expect_one(ONE("uid='0x10000' fid='0x1'"), "1 error larger than 0xffff, the largest UID");
    expect_one(ONE("uid='0x0' fid='0x1'"), "1 error no UID: 0 means that none is set");
    expect_one(ONE("uid='0x1' fid='0x100000000'"), "1 error larger than 0xffffffff");
}

static void
test_numbers_that_two_devices_have(void)
{
    expect_one("<devices>\n" HOSTDEV("0x00", "<zpci uid='0x1' fid='0x1'/>")
                   HOSTDEV("0x01", "<zpci uid='0x0001' fid='0x2'/>") "</devices>",
               "3 error asks for the UID 0x0001, but the one on line 2 already has it");
    expect_one("<devices>\n" HOSTDEV("0x00", "<zpci uid='0x1' fid='0x1'/>")
                   HOSTDEV("0x01", "<zpci uid='0x2' fid='0x00000001'/>") "</devices>",
               "3 error asks for the FID 0x00000001, but the one on line 2 already has it");
    /* A UID may be what an FID is. */
    expect_good("<devices>\n" HOSTDEV("0x00", "<zpci uid='0x1' fid='0x2'/>")
                    HOSTDEV("0x01", "<zpci uid='0x2' fid='0x1'/>") "</devices>");
}

/* What libvirt chooses for a missing half is not what a later device asks for. */
static void
test_half_that_is_left_out(void)
{
    expect_one("<devices>\n" HOSTDEV("0x00", "<zpci fid='0x5'/>")
                   HOSTDEV("0x01", "<zpci uid='0x1' fid='0x6'/>") "</devices>",
               "2 warning may choose 0x0001, which the one on line 3 asks for");
    expect_one("<devices>\n" HOSTDEV("0x00", "<zpci uid='0x5'/>")
                   HOSTDEV("0x01", "<zpci uid='0x6' fid='0x0'/>") "</devices>",
               "2 warning may choose 0x00000000, which the one on line 3 asks for");
    /* The other way round libvirt knows it by then. */
    expect_good("<devices>\n" HOSTDEV("0x00", "<zpci uid='0x1' fid='0x6'/>")
                    HOSTDEV("0x01", "<zpci fid='0x5'/>") "</devices>");
    /* Two that leave it out get two numbers, of which the second is asked for. */
    expect_one("<devices>\n" HOSTDEV("0x00", "<zpci fid='0x5'/>")
                   HOSTDEV("0x01", "<zpci fid='0x6'/>")
                       HOSTDEV("0x02", "<zpci uid='0x2' fid='0x7'/>") "</devices>",
               "3 warning may choose 0x0002, which the one on line 4 asks for");
    expect_good("<devices>\n" HOSTDEV("0x00", "<zpci/>")
                    HOSTDEV("0x01", "<zpci uid='0x1' fid='0x0'/>") "</devices>");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/zpci-validation-number/that-are-good", test_numbers_that_are_good);
    g_test_add_func("/zpci-validation-number/that-are-read-otherwise",
                    test_numbers_that_are_read_otherwise);
    g_test_add_func("/zpci-validation-number/limits", test_limits);
    g_test_add_func("/zpci-validation-number/that-two-devices-have",
                    test_numbers_that_two_devices_have);
    g_test_add_func("/zpci-validation-number/half-that-is-left-out", test_half_that_is_left_out);
    return g_test_run();
}
