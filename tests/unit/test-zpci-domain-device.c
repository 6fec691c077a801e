/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

/* Single devices, and those of a domain that they are compared with: what attach and detach ask of
 * zpci-domain-document.c. */

#include "config.h"

#include "zpci-domain-document.h"

#include <string.h>

#include "expect.h"

#define RNG(address) \
    "<rng model='virtio'><backend model='random'>/dev/urandom</backend>" address "</rng>"
#define NUMBERED(uid, fid) RNG("<address type='pci'><zpci uid='" uid "' fid='" fid "'/></address>")
#define FUNCTION                                                             \
    "<hostdev mode='subsystem' type='pci' managed='yes'>\n<source><address " \
    "domain='5'/></source>\n"                                                \
    "</hostdev>"
#define DOMAIN(devices)                                                                     \
    "<domain type='qemu'>\n<name>guest</name><memory>524288</memory>\n"                     \
    "<os><type arch='s390x' machine='s390-ccw-virtio'>hvm</type></os>\n<devices>\n" devices \
    "\n</devices>\n</domain>\n"

static ZpciDomainDocument *
load(const char *text)
{
    g_autoptr(GError) error = NULL;
    ZpciDomainDocument *document = zpci_domain_document_new(text, strlen(text), &error);

    g_assert_no_error(error);
    return document;
}

static ZpciDomainDocument *
load_device(const char *text)
{
    g_autoptr(GError) error = NULL;
    ZpciDomainDocument *document = zpci_domain_document_new_device(text, strlen(text), &error);

    g_assert_no_error(error);
    return document;
}

static void
test_function_is_found_by_its_place_on_the_host(void)
{
    g_autoptr(ZpciDomainDocument) document = load(DOMAIN(RNG("") "\n" FUNCTION));
    g_autofree char *found = zpci_domain_document_find(document, "0005:00:00.0");
    g_autofree char *type = zpci_domain_document_get_type(document);

    g_assert_cmpstr(found, ==, FUNCTION "\n");
    g_assert_null(zpci_domain_document_find(document, "0006:00:00.0"));
    g_assert_null(zpci_domain_document_find(document, "5"));
    g_assert_cmpstr(type, ==, "qemu");
}

static void
expect_found(const char *domain, const char *device, const char *expected)
{
    g_autoptr(ZpciDomainDocument) document = load(domain);
    g_autoptr(ZpciDomainDocument) single = load_device(device);
    g_autofree char *found = zpci_domain_document_find_device(document, single);

    g_assert_cmpstr(found, ==, expected);
}

/* The numbers that it has, however they are written; without any it is none of those there. */
static void
test_device_is_found_by_its_numbers(void)
{
    expect_found(DOMAIN(NUMBERED("0x0001", "0x00000001") "\n" NUMBERED("0x0002", "0x00000002")),
                 NUMBERED("2", "2"), NUMBERED("0x0002", "0x00000002") "\n");
    expect_found(DOMAIN(NUMBERED("0x0001", "0x00000001")), NUMBERED("0x1", "0x2"), NULL);
    expect_found(DOMAIN(NUMBERED("0x0001", "0x00000001")),
                 RNG("<address type='pci'><zpci fid='0x1'/></address>"),
                 NUMBERED("0x0001", "0x00000001") "\n");
    expect_found(DOMAIN(NUMBERED("0x0001", "0x00000001")),
                 RNG("<address type='pci'><zpci uid='0x1'/></address>"),
                 NUMBERED("0x0001", "0x00000001") "\n");
    expect_found(DOMAIN(RNG("<address type='pci'/>")), RNG("<address type='pci'/>"), NULL);
    expect_found(DOMAIN(RNG("")), RNG("<address type='pci'><zpci/></address>"), NULL);
}

static void
test_device_gets_numbers_that_the_domain_has_not(void)
{
    g_autoptr(ZpciDomainDocument) document = load(DOMAIN(NUMBERED("0x0001", "0x00000000")));
    g_autoptr(ZpciDomainDocument) device = load_device(RNG("<address type='pci'/>"));
    g_autoptr(ZpciAddressSet) set = zpci_address_set_new();
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;

    g_assert_true(zpci_domain_document_collect(document, set, &error));
    g_assert_true(zpci_domain_document_complete(device, set, &error));
    text = zpci_domain_document_format(device, &error);
    g_assert_no_error(error);
    expect_has(text, "<zpci uid='0x0002' fid='0x00000001'/>");
    g_assert_true(zpci_address_set_find_uid(set, 2, NULL));
}

static void
test_number_that_is_taken_is_not_given_again(void)
{
    g_autoptr(ZpciDomainDocument) document = load(DOMAIN(NUMBERED("0x0001", "0x00000000")));
    g_autoptr(ZpciDomainDocument) device = load_device(NUMBERED("0x0001", "0x00000005"));
    g_autoptr(ZpciAddressSet) set = zpci_address_set_new();
    g_autoptr(GError) error = NULL;

    g_assert_true(zpci_domain_document_collect(document, set, &error));
    g_assert_false(zpci_domain_document_complete(device, set, &error));
    expect_error(&error, ZPCI_ERROR_IN_USE, "0x0001");
    g_assert_false(zpci_address_set_find_fid(set, 5, NULL));
}

static void
test_what_is_no_device(void)
{
    static const char *const texts[] = { "<rng>", "", "rng", "<rng/><rng/>" };

    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(GError) error = NULL;

        g_test_message("%s", texts[i]);
        g_assert_null(zpci_domain_document_new_device(texts[i], strlen(texts[i]), &error));
        g_assert_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_DOCUMENT);
    }
}

/* A change is shown as patch(1) takes it. */
static void
test_difference_is_what_was_added(void)
{
    g_autoptr(ZpciDomainDocument) document = load(DOMAIN(RNG("<address type='pci'/>")));
    g_autoptr(ZpciAddressSet) set = zpci_address_set_new();
    g_autoptr(GError) error = NULL;
    g_autofree char *difference = NULL;

    g_assert_true(zpci_domain_document_complete(document, set, &error));
    difference = zpci_domain_document_diff(document, "guest.xml", &error);
    g_assert_no_error(error);
    g_assert_true(g_str_has_prefix(difference, "--- guest.xml\n+++ guest.xml\n@@ "));
    expect_has(difference, "\n-" RNG("<address type='pci'/>") "\n");
    expect_has(difference, "<zpci uid='0x0001' fid='0x00000000'/>");
    expect_has_not(difference, "-<domain");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/zpci-domain-device/function-is-found-by-its-place-on-the-host",
                    test_function_is_found_by_its_place_on_the_host);
    g_test_add_func("/zpci-domain-device/is-found-by-its-numbers",
                    test_device_is_found_by_its_numbers);
    g_test_add_func("/zpci-domain-device/gets-numbers-that-the-domain-has-not",
                    test_device_gets_numbers_that_the_domain_has_not);
    g_test_add_func("/zpci-domain-device/number-that-is-taken",
                    test_number_that_is_taken_is_not_given_again);
    g_test_add_func("/zpci-domain-device/what-is-none", test_what_is_no_device);
    g_test_add_func("/zpci-domain-device/difference-is-what-was-added",
                    test_difference_is_what_was_added);
    return g_test_run();
}
