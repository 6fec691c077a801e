/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-domain-document.h"

#include <string.h>

#include "expect.h"
#include "zpci-facts.h"
#include "zpci-function-private.h"
#include "zpci-hostdev-private.h"

#define DOMAIN_START                                                   \
    "<domain type='kvm'>\n<name>guest</name><memory>524288</memory>\n" \
    "<os><type arch='s390x' machine='s390-ccw-virtio'>hvm</type></os>\n<devices>\n"
#define DOMAIN_END "</devices>\n</domain>\n"
#define RNG(zpci)                                                        \
    "<rng model='virtio'><backend model='random'>/dev/urandom</backend>" \
    "<address type='pci'>" zpci "</address></rng>\n"

#define PASSED(address)                                                                 \
    "<hostdev mode='subsystem' type='pci'><source><address domain='0x0009' bus='0x00' " \
    "slot='0x00' function='0x0'/></source>" address "</hostdev>\n"

/* What attach and detach ask for: single devices, and those that they are compared with. */
#define DEVICE(address) \
    "<rng model='virtio'><backend model='random'>/dev/urandom</backend>" address "</rng>"
#define NUMBERED(uid, fid) \
    DEVICE("<address type='pci'><zpci uid='" uid "' fid='" fid "'/></address>")
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

static ZpciFunction *
new_function(guint32 uid, guint32 fid)
{
    g_auto(ZpciFacts) facts = { 0 };

    zpci_facts_set(&facts, ZPCI_FACT_UID, ZPCI_SOURCE_SYSFS, uid);
    zpci_facts_set(&facts, ZPCI_FACT_FID, ZPCI_SOURCE_SYSFS, fid);
    zpci_facts_set(&facts, ZPCI_FACT_UID_UNIQUE, ZPCI_SOURCE_SYSFS, 1);
    return zpci_function_new(&facts);
}

static GPtrArray *
new_hostdevs(const char *source, const char *other)
{
    GPtrArray *hostdevs = g_ptr_array_new_with_free_func((GDestroyNotify)zpci_hostdev_unref);

    g_ptr_array_add(hostdevs, zpci_hostdev_new(source));
    if (other != NULL)
        g_ptr_array_add(hostdevs, zpci_hostdev_new(other));
    return hostdevs;
}

static const ZpciAddressClaim *
get_guest(const GPtrArray *hostdevs, guint index)
{
    return zpci_hostdev_get_claim(g_ptr_array_index(hostdevs, index));
}

static void
test_hostdev_and_what_lacks_numbers(void)
{
    g_autoptr(ZpciDomainDocument) document =
        load(DOMAIN_START RNG("") RNG("<zpci fid='0x0'/>") DOMAIN_END);
    g_autoptr(ZpciFunction) host = new_function(1, 0x100);
    g_autoptr(GPtrArray) hostdevs = new_hostdevs("0001:00:00.0", NULL);
    const ZpciAddressClaim *guest = get_guest(hostdevs, 0);
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;

    zpci_address_request_set_host(zpci_hostdev_get_request(hostdevs->pdata[0]), host);
    g_assert_true(zpci_domain_document_add(document, hostdevs, ZPCI_ADDRESS_POLICY_MIRROR, &error));
    g_assert_no_error(error);
    g_assert_cmphex(guest->address.uid, ==, 1);
    g_assert_cmphex(guest->address.fid, ==, 0x100);
    g_assert_null(guest->note);

    text = zpci_domain_document_format(document, &error);
    g_assert_no_error(error);
    expect_has(text, RNG("<zpci uid='0x0002' fid='0x00000001'/>"));
    expect_has(text, RNG("<zpci fid='0x0' uid='0x0003'/>"));
    expect_has(text, "<address domain='0x0001' bus='0x00' slot='0x00' function='0x0'/>");
    expect_has(text, "<zpci uid='0x0001' fid='0x00000100'/>");
    g_assert_true(g_str_has_prefix(text, DOMAIN_START));
    g_assert_true(g_str_has_suffix(text, DOMAIN_END));
}

/* libvirt would give the first free numbers to the one that is passed, before it comes to the
 * other. */
static void
test_what_is_passed_is_pinned(void)
{
    g_autoptr(ZpciDomainDocument) document = load(DOMAIN_START RNG("") PASSED("") DOMAIN_END);
    g_autoptr(ZpciFunction) host = new_function(1, 0x100);
    g_autoptr(GPtrArray) hostdevs = new_hostdevs("0001:00:00.0", NULL);
    const ZpciAddressClaim *guest = get_guest(hostdevs, 0);
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;

    zpci_address_request_set_host(zpci_hostdev_get_request(hostdevs->pdata[0]), host);
    g_assert_true(zpci_domain_document_add(document, hostdevs, ZPCI_ADDRESS_POLICY_MIRROR, &error));
    g_assert_no_error(error);
    g_assert_cmphex(guest->address.uid, ==, 3);
    expect_has(guest->note, "has the host's UID 0x0001");

    text = zpci_domain_document_format(document, &error);
    g_assert_no_error(error);
    expect_has(text, PASSED("<address type='pci'><zpci uid='0x0001' fid='0x00000000'/></address>"));
    expect_has(text, RNG("<zpci uid='0x0002' fid='0x00000001'/>"));
}

static void
test_nothing_to_add_is_the_same_document(void)
{
    static const char before[] = DOMAIN_START RNG("<zpci uid='0x1' fid='0x2'/>") DOMAIN_END;
    g_autoptr(ZpciDomainDocument) document = load(before);
    g_autoptr(GPtrArray) none = g_ptr_array_new();
    g_autofree char *text = NULL;
    g_autofree char *diff = NULL;

    g_assert_true(zpci_domain_document_add(document, none, ZPCI_ADDRESS_POLICY_MIRROR, NULL));
    text = zpci_domain_document_format(document, NULL);
    diff = zpci_domain_document_diff(document, "guest.xml", NULL);
    g_assert_cmpstr(text, ==, before);
    g_assert_cmpstr(diff, ==, "");
}

static void
test_failure_changes_nothing(void)
{
    static const char before[] = DOMAIN_START RNG("") RNG("<zpci uid='0x5'/>") DOMAIN_END;
    g_autoptr(ZpciDomainDocument) document = load(before);
    g_autoptr(GPtrArray) hostdevs = new_hostdevs("0001:00:00.0", "0002:00:00.0");
    ZpciAddressRequest *request = zpci_hostdev_get_request(hostdevs->pdata[1]);
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;

    zpci_address_request_set_uid(request, 5);
    g_assert_false(
        zpci_domain_document_add(document, hostdevs, ZPCI_ADDRESS_POLICY_MIRROR, &error));
    expect_error(&error, ZPCI_ERROR_IN_USE, "line 6 has it");
    zpci_address_request_set_uid(request, 6);
    zpci_hostdev_set_alias(hostdevs->pdata[1], "nic");
    g_assert_false(
        zpci_domain_document_add(document, hostdevs, ZPCI_ADDRESS_POLICY_MIRROR, &error));
    expect_error(&error, ZPCI_ERROR_INVALID_ARGUMENT, "'nic'");
    g_assert_false(get_guest(hostdevs, 0)->has_uid);

    text = zpci_domain_document_format(document, &error);
    g_assert_cmpstr(text, ==, before);
}

static void
assert_refused(const char *text, ZpciError code, const char *part)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(zpci_domain_document_new(text, strlen(text), &error));
    expect_error(&error, code, part);
}

static void
test_what_is_no_domain_of_ours(void)
{
    assert_refused("<domain>", ZPCI_ERROR_INVALID_DOCUMENT, "line 1");
    assert_refused("<network/>", ZPCI_ERROR_INVALID_DOCUMENT, "'network'");
    assert_refused("<domain><os><type arch='x86_64'>hvm</type></os></domain>",
                   ZPCI_ERROR_INVALID_DOCUMENT, "'x86_64'");
    assert_refused("<?xml version='1.0' encoding='UTF-7'?><domain/>", ZPCI_ERROR_UNSUPPORTED,
                   "'UTF-7'");
}

static void
test_number_that_libvirt_does_not_take_is_named(void)
{
    g_autoptr(ZpciDomainDocument) document = load(DOMAIN_START RNG("<zpci uid='ff'/>") DOMAIN_END);
    g_autoptr(GPtrArray) none = g_ptr_array_new();
    g_autoptr(GError) error = NULL;

    g_assert_false(zpci_domain_document_add(document, none, ZPCI_ADDRESS_POLICY_MIRROR, &error));
    expect_error(&error, ZPCI_ERROR_INVALID_DOCUMENT, "On line 5 of the domain");
}

static void
test_sources(void)
{
    g_autoptr(ZpciDomainDocument) document = load(
        DOMAIN_START
        "<hostdev mode='subsystem' type='pci'><source><address domain='5' bus='0x1' slot='0x1f' "
        "function='7'/></source></hostdev>\n"
        "<hostdev mode='subsystem' type='usb'><source><address bus='1' device='2'/></source>"
        "</hostdev>\n" RNG("") "<interface type='hostdev'><source><address type='pci' bus='0x00' "
                               "slot='0x00'/></source></interface>\n" DOMAIN_END);
    g_auto(GStrv) sources = zpci_domain_document_list_sources(document);

    expect_strings((const char *const *)sources, "0005:01:1f.7 0000:00:00.0");
}

#define BY(domain, driver)                                                                  \
    "<hostdev mode='subsystem' type='pci'>" driver "<source><address domain='" domain "'/>" \
    "</source></hostdev>\n"

/* The driver of a function says it, or else the domain; other devices have other drivers. */
static void
test_functions_that_go_through_an_iommufd(void)
{
    static const struct {
        const char *of_domain;
        const char *expected;
        const char *group;
    } cases[] = {
        { "", "0002:00:00.0", NULL },
        { "<iommufd enabled='no'/>", "0002:00:00.0", NULL },
        { "<iommufd enabled='yes'/>", "0001:00:00.0 0002:00:00.0 0004:00:00.0", NULL },
        { "<iommufd enabled='yes' fdgroup='mine'/>", "0001:00:00.0 0002:00:00.0 0004:00:00.0",
          "mine" },
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = g_strdup_printf(
            "<domain>%s<devices>" BY("1", "") BY("2", "<driver iommufd='yes'/>")
                BY("3", "<driver iommufd='no'/>") "<interface type='hostdev'><driver name='vfio'/>"
                                                  "<source><address type='pci' "
                                                  "domain='4'/></source></interface>"
                                                  "<rng model='virtio'><driver "
                                                  "iommufd='yes'/></rng></devices></domain>",
            cases[i].of_domain);
        g_autoptr(ZpciDomainDocument) document = load(text);
        g_auto(GStrv) found = zpci_domain_document_list_by_iommufd(document);
        g_autofree char *group = zpci_domain_document_get_iommufd_group(document);

        expect_strings((const char *const *)found, cases[i].expected);
        g_assert_cmpstr(group, ==, cases[i].group);
    }
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
    g_autoptr(ZpciDomainDocument) document = load(DOMAIN(DEVICE("") "\n" FUNCTION));
    g_autofree char *found = zpci_domain_document_find(document, "0005:00:00.0");
    g_autofree char *type = zpci_domain_document_get_domain_type(document);

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
                 DEVICE("<address type='pci'><zpci fid='0x1'/></address>"),
                 NUMBERED("0x0001", "0x00000001") "\n");
    expect_found(DOMAIN(NUMBERED("0x0001", "0x00000001")),
                 DEVICE("<address type='pci'><zpci uid='0x1'/></address>"),
                 NUMBERED("0x0001", "0x00000001") "\n");
    expect_found(DOMAIN(DEVICE("<address type='pci'/>")), DEVICE("<address type='pci'/>"), NULL);
    expect_found(DOMAIN(DEVICE("")), DEVICE("<address type='pci'><zpci/></address>"), NULL);
}

static void
test_device_gets_numbers_that_the_domain_has_not(void)
{
    g_autoptr(ZpciDomainDocument) document = load(DOMAIN(NUMBERED("0x0001", "0x00000000")));
    g_autoptr(ZpciDomainDocument) device = load_device(DEVICE("<address type='pci'/>"));
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
    g_autoptr(ZpciDomainDocument) document = load(DOMAIN(DEVICE("<address type='pci'/>")));
    g_autoptr(ZpciAddressSet) set = zpci_address_set_new();
    g_autoptr(GError) error = NULL;
    g_autofree char *difference = NULL;

    g_assert_true(zpci_domain_document_complete(document, set, &error));
    difference = zpci_domain_document_diff(document, "guest.xml", &error);
    g_assert_no_error(error);
    g_assert_true(g_str_has_prefix(difference, "--- guest.xml\n+++ guest.xml\n@@ "));
    expect_has(difference, "\n-" DEVICE("<address type='pci'/>") "\n");
    expect_has(difference, "<zpci uid='0x0001' fid='0x00000000'/>");
    expect_has_not(difference, "-<domain");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/zpci-domain-document/hostdev-and-what-lacks-numbers",
                    test_hostdev_and_what_lacks_numbers);
    g_test_add_func("/zpci-domain-document/what-is-passed-is-pinned",
                    test_what_is_passed_is_pinned);
    g_test_add_func("/zpci-domain-document/nothing-to-add-is-the-same-document",
                    test_nothing_to_add_is_the_same_document);
    g_test_add_func("/zpci-domain-document/failure-changes-nothing", test_failure_changes_nothing);
    g_test_add_func("/zpci-domain-document/what-is-no-domain-of-ours",
                    test_what_is_no_domain_of_ours);
    g_test_add_func("/zpci-domain-document/number-that-libvirt-does-not-take-is-named",
                    test_number_that_libvirt_does_not_take_is_named);
    g_test_add_func("/zpci-domain-document/sources", test_sources);
    g_test_add_func("/zpci-domain-document/functions-that-go-through-an-iommufd",
                    test_functions_that_go_through_an_iommufd);
    g_test_add_func("/zpci-domain-document/function-is-found-by-its-place-on-the-host",
                    test_function_is_found_by_its_place_on_the_host);
    g_test_add_func("/zpci-domain-document/device-is-found-by-its-numbers",
                    test_device_is_found_by_its_numbers);
    g_test_add_func("/zpci-domain-document/device-gets-numbers-that-the-domain-has-not",
                    test_device_gets_numbers_that_the_domain_has_not);
    g_test_add_func("/zpci-domain-document/device-number-that-is-taken",
                    test_number_that_is_taken_is_not_given_again);
    g_test_add_func("/zpci-domain-document/device-what-is-none", test_what_is_no_device);
    g_test_add_func("/zpci-domain-document/difference-is-what-was-added",
                    test_difference_is_what_was_added);
    return g_test_run();
}
