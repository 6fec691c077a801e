/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-validation.h"

#include <libvirt/libvirt.h>
#include <string.h>

#include "finding-list.h"
#include "zpci-finding-private.h"

/* The schemas that are asked are those of the libvirt with which this is built. */
#define DEVICE_IS_KNOWN LIBVIR_CHECK_VERSION(12, 1, 0)
#define DOMAIN_IS_KNOWN LIBVIR_CHECK_VERSION(12, 2, 0)

#define HOSTDEV(slot, driver)                                                    \
    "<hostdev mode='subsystem' type='pci' managed='yes'>\n" driver "\n"          \
    "<source><address domain='0x0000' bus='0x00' slot='" slot "' function='0x0'" \
    "/></source></hostdev>\n"
#define DOMAIN(iommufd, devices)                                                            \
    "<domain type='kvm'>\n<name>guest</name><memory>524288</memory>\n" iommufd "\n"         \
    "<os><type arch='s390x' machine='s390-ccw-virtio'>hvm</type></os>\n<devices>\n" devices \
    "</devices>\n</domain>\n"

static const char *const nothing[] = { NULL };

static void
expect_lines(const char *document, const char *expected)
{
    g_autoptr(GPtrArray) findings = NULL;
    g_autoptr(GString) lines = g_string_new(NULL);
    g_autoptr(GError) error = NULL;

    zpci_validation_run(document, strlen(document), NULL, NULL, &findings, &error);
    g_assert_no_error(error);
    for (guint i = 0; i < findings->len; i++) {
        const ZpciFinding *finding = g_ptr_array_index(findings, i);

        g_string_append_printf(lines, "%u %s ", finding->line, finding->element);
    }
    g_assert_cmpstr(lines->str, ==, expected);
}

static void
test_device_is_told_by_the_schema(void)
{
    static const char *const values[] = { "yes", "no" };
    const char *const expected[] = {
        "2 error the installed libvirt does not know",
        "5 error libvirt 12.1.0 and later do",
        NULL,
    };

    for (guint i = 0; i < G_N_ELEMENTS(values); i++) {
        g_autofree char *document =
            g_strdup_printf(HOSTDEV("0x1", "<driver iommufd='%s'/>")
                                HOSTDEV("0x2", "<driver name='vfio' iommufd='%s'/>"),
                            values[i], values[i]);

        finding_list_expect(document, NULL, "driver", DEVICE_IS_KNOWN ? nothing : expected);
        expect_lines(document, DEVICE_IS_KNOWN ? "" : "2 driver 5 driver ");
    }
}

static void
test_domain_is_told_by_the_schema(void)
{
    const char *const expected[] = { "3 error iommufd='yes' on the driver", NULL };
    static const char document[] =
        DOMAIN("<iommufd enabled='yes' fdgroup='mine'/>", HOSTDEV("0x1", "<driver name='vfio'/>"));

    finding_list_expect(document, NULL, "iommufd", DOMAIN_IS_KNOWN ? nothing : expected);
    expect_lines(document, DOMAIN_IS_KNOWN ? "" : "3 iommufd ");
}

/* What is not known hides no other fault, and is not found again where the schema looks for it. */
static void
test_rest_is_judged_too(void)
{
    static const char document[] =
        DOMAIN("<iommufd enabled='no'/>",
               HOSTDEV("0x1", "<driver iommufd='yes'/>") HOSTDEV("0x2", "<nonsense/>"));

    expect_lines(document, DOMAIN_IS_KNOWN   ? "10 nonsense "
                           : DEVICE_IS_KNOWN ? "3 iommufd 10 nonsense "
                                             : "3 iommufd 7 driver 10 nonsense ");
}

static void
test_what_no_release_knows(void)
{
    expect_lines(HOSTDEV("0x1", "<driver iommufd='maybe'/>"), "2 driver ");
    expect_lines(DOMAIN("<iommufd/>", ""), "3 iommufd ");
    expect_lines(DOMAIN("<iommufd enabled='perhaps'/>", ""), "3 iommufd ");
}

/* Other devices have drivers of their own, and applications elements of any name. */
static void
test_what_is_something_else(void)
{
    expect_lines(DOMAIN("<metadata><a:x xmlns:a='http://a'><iommufd/></a:x></metadata>", ""), "");
    finding_list_expect("<devices><disk type='file'><driver iommufd='yes'/></disk></devices>", NULL,
                        "iommufd", nothing);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/zpci-validation-iommufd/device-is-told-by-the-schema",
                    test_device_is_told_by_the_schema);
    g_test_add_func("/zpci-validation-iommufd/domain-is-told-by-the-schema",
                    test_domain_is_told_by_the_schema);
    g_test_add_func("/zpci-validation-iommufd/rest-is-judged-too", test_rest_is_judged_too);
    g_test_add_func("/zpci-validation-iommufd/what-no-release-knows", test_what_no_release_knows);
    g_test_add_func("/zpci-validation-iommufd/what-is-something-else", test_what_is_something_else);
    return g_test_run();
}
