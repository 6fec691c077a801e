/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "node-device-zpci.h"

#include "expect.h"
#include "xml-node.h"
#include "xml-text.h"
#include "zpci-function-private.h"

static char *
format(ZpciFacts *facts)
{
    g_autoptr(ZpciFunction) function = zpci_function_new(facts);
    g_autoptr(xmlDoc) document = xml_node_new_document("capability");

    node_device_zpci_add(xmlDocGetRootElement(document), function);
    return xml_text_format(xmlDocGetRootElement(document));
}

static void
set_identity(ZpciFacts *facts, guint pfgid)
{
    zpci_facts_set(facts, ZPCI_FACT_UID, ZPCI_SOURCE_SYSFS, 5);
    zpci_facts_set(facts, ZPCI_FACT_FID, ZPCI_SOURCE_SYSFS, 0xc);
    zpci_facts_set(facts, ZPCI_FACT_PFGID, ZPCI_SOURCE_SYSFS, pfgid);
}

static void
set_function(ZpciFacts *facts)
{
    zpci_facts_set(facts, ZPCI_FACT_PCHID, ZPCI_SOURCE_VFIO, 0x1c0);
    zpci_facts_set(facts, ZPCI_FACT_VFN, ZPCI_SOURCE_VFIO, 0);
    zpci_facts_set(facts, ZPCI_FACT_PFT, ZPCI_SOURCE_VFIO, 2);
    zpci_facts_set(facts, ZPCI_FACT_PORT, ZPCI_SOURCE_SYSFS, 1);
    zpci_facts_set(facts, ZPCI_FACT_UID_UNIQUE, ZPCI_SOURCE_SYSFS, 1);
    zpci_facts_set(facts, ZPCI_FACT_DMA_START, ZPCI_SOURCE_VFIO, G_GUINT64_CONSTANT(0x100000000));
    zpci_facts_set(facts, ZPCI_FACT_DMA_END, ZPCI_SOURCE_VFIO, G_GUINT64_CONSTANT(0x17fffffff));
    zpci_facts_set(facts, ZPCI_FACT_PFIP, ZPCI_SOURCE_VFIO, 0x01020304);
    zpci_facts_set(facts, ZPCI_FACT_HANDLE, ZPCI_SOURCE_VFIO, 0x80020000);
    zpci_facts_set(facts, ZPCI_FACT_MIO, ZPCI_SOURCE_SYSFS, 1);
}

static void
set_group(ZpciFacts *facts)
{
    zpci_facts_set(facts, ZPCI_FACT_GROUP_VERSION, ZPCI_SOURCE_CLP, 0);
    zpci_facts_set(facts, ZPCI_FACT_DASM, ZPCI_SOURCE_CLP, 0);
    zpci_facts_set(facts, ZPCI_FACT_MSI_ADDRESS, ZPCI_SOURCE_CLP,
                   G_GUINT64_CONSTANT(0xfe00000000000000));
    zpci_facts_set(facts, ZPCI_FACT_REFRESH, ZPCI_SOURCE_CLP, 1);
    zpci_facts_set(facts, ZPCI_FACT_MUI, ZPCI_SOURCE_CLP, 4000);
    zpci_facts_set(facts, ZPCI_FACT_NOI, ZPCI_SOURCE_CLP, 128);
    zpci_facts_set(facts, ZPCI_FACT_MAXSTBL, ZPCI_SOURCE_CLP, 128);
    zpci_facts_set(facts, ZPCI_FACT_IMAXSTBL, ZPCI_SOURCE_CLP, 64);
}

static void
test_all_facts_make_the_whole_element(void)
{
    static const guint8 util[] = { 0xd9, 0x96, 0xc3, 0xc5 };
    g_auto(ZpciFacts) facts = { 0 };
    g_autofree char *zeros = g_strnfill(2 * (ZPCI_UTIL_SIZE - sizeof util), '0');
    g_autofree char *text = NULL;
    g_autofree char *expected = NULL;

    set_identity(&facts, 0xff);
    set_function(&facts);
    set_group(&facts);
    zpci_facts_set_util(&facts, ZPCI_SOURCE_VFIO, util, sizeof util);
    text = format(&facts);
    expected = g_strdup_printf(
        "<capability>\n"
        "  <zpci uid='0x0005' fid='0x0000000c' pfgid='0xff'>\n"
        "    <function pchid='0x01c0' vfn='0x0000' pft='0x02' type='roce' port='1' "
        "uidUnique='yes'/>\n"
        "    <dma start='0x0000000100000000' end='0x000000017fffffff'/>\n"
        "    <group simulated='yes' version='0' dasm='0x0000000000000000' "
        "msiAddress='0xfe00000000000000' refresh='yes' mui='4000' noi='128' maxstbl='128' "
        "imaxstbl='64'/>\n"
        "    <util hex='d996c3c5%s'>RoCE</util>\n"
        "    <pfip>01.02.03.04</pfip>\n"
        "    <source identity='sysfs' function='vfio' group='clp'/>\n"
        "  </zpci>\n"
        "</capability>\n",
        zeros);
    g_assert_cmpstr(text, ==, expected);
}

static void
test_unknown_facts_are_left_out(void)
{
    g_auto(ZpciFacts) facts = { 0 };
    g_autofree char *text = NULL;

    set_identity(&facts, 0x0a);
    zpci_facts_set(&facts, ZPCI_FACT_VFN, ZPCI_SOURCE_SYSFS, 3);
    zpci_facts_set_reason(&facts, ZPCI_FACT_PFT, g_strdup("The attribute pft is damaged."));
    text = format(&facts);
    g_assert_cmpstr(text, ==,
                    "<capability>\n"
                    "  <zpci uid='0x0005' fid='0x0000000c' pfgid='0x0a'>\n"
                    "    <function vfn='0x0003'/>\n"
                    "    <group simulated='no'/>\n"
                    "    <source identity='sysfs' function='sysfs'/>\n"
                    "  </zpci>\n"
                    "</capability>\n");
}

static void
test_no_empty_elements_are_written(void)
{
    g_auto(ZpciFacts) facts = { 0 };
    g_autofree char *text = NULL;

    set_identity(&facts, 0x0a);
    text = format(&facts);
    expect_has_not(text, "<function");
    expect_has_not(text, "<dma");
    expect_has_not(text, "<util");
    expect_has_not(text, "<pfip");
}

static void
assert_simulated(guint pfgid, const char *simulated)
{
    g_auto(ZpciFacts) facts = { 0 };
    g_autofree char *text = NULL;
    g_autofree char *expected = g_strdup_printf("<group simulated='%s'/>", simulated);

    set_identity(&facts, pfgid);
    text = format(&facts);
    expect_has(text, expected);
}

static void
test_groups_from_0xf0_are_simulated(void)
{
    assert_simulated(0x00, "no");
    assert_simulated(0xef, "no");
    assert_simulated(0xf0, "yes");
    assert_simulated(0xff, "yes");
}

/* The schema demands all three, and half an identity would mislead. */
static void
test_function_without_an_identity_has_no_element(void)
{
    static const ZpciFact needed[] = { ZPCI_FACT_UID, ZPCI_FACT_FID, ZPCI_FACT_PFGID };

    for (guint i = 0; i < G_N_ELEMENTS(needed); i++) {
        g_auto(ZpciFacts) facts = { 0 };
        g_autofree char *text = NULL;

        set_identity(&facts, 0xff);
        facts.sources[needed[i]] = ZPCI_SOURCE_NONE;
        text = format(&facts);
        g_assert_cmpstr(text, ==, "<capability/>\n");
    }
}

static void
test_uid_zero_is_shown(void)
{
    g_auto(ZpciFacts) facts = { 0 };
    g_autofree char *text = NULL;

    set_identity(&facts, 0xff);
    zpci_facts_set(&facts, ZPCI_FACT_UID, ZPCI_SOURCE_SYSFS, 0);
    zpci_facts_set(&facts, ZPCI_FACT_UID_UNIQUE, ZPCI_SOURCE_SYSFS, 0);
    text = format(&facts);
    expect_has(text, "<zpci uid='0x0000' fid='0x0000000c' pfgid='0xff'>");
    expect_has(text, "<function uidUnique='no'/>");
}

static void
test_type_without_a_name_is_a_number_only(void)
{
    g_auto(ZpciFacts) facts = { 0 };
    g_autofree char *text = NULL;

    set_identity(&facts, 0xff);
    zpci_facts_set(&facts, ZPCI_FACT_PFT, ZPCI_SOURCE_SYSFS, 0xee);
    text = format(&facts);
    expect_has(text, "<function pft='0xee'/>");
}

/* EBCDIC for <&>, a control character, and padding. */
static void
test_util_text_cannot_break_the_document(void)
{
    static const guint8 util[] = { 0x4c, 0x50, 0x6e, 0x27, 0x40 };
    g_auto(ZpciFacts) facts = { 0 };
    g_autofree char *text = NULL;

    set_identity(&facts, 0xff);
    zpci_facts_set_util(&facts, ZPCI_SOURCE_SYSFS, util, sizeof util);
    text = format(&facts);
    expect_has(text, "<util hex='4c506e2740");
    expect_has(text, "'>&lt;&amp;&gt;\xef\xbf\xbd</util>\n");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/node-device-zpci/all-facts-make-the-whole-element",
                    test_all_facts_make_the_whole_element);
    g_test_add_func("/node-device-zpci/unknown-facts-are-left-out",
                    test_unknown_facts_are_left_out);
    g_test_add_func("/node-device-zpci/no-empty-elements-are-written",
                    test_no_empty_elements_are_written);
    g_test_add_func("/node-device-zpci/groups-from-0xf0-are-simulated",
                    test_groups_from_0xf0_are_simulated);
    g_test_add_func("/node-device-zpci/function-without-an-identity-has-no-element",
                    test_function_without_an_identity_has_no_element);
    g_test_add_func("/node-device-zpci/uid-zero-is-shown", test_uid_zero_is_shown);
    g_test_add_func("/node-device-zpci/type-without-a-name-is-a-number-only",
                    test_type_without_a_name_is_a_number_only);
    g_test_add_func("/node-device-zpci/util-text-cannot-break-the-document",
                    test_util_text_cannot_break_the_document);
    return g_test_run();
}
