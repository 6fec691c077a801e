/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <libxml/parser.h>
#include <string.h>

#include "fuzz-target.h"
#include "net-tree.h"
#include "sysfs-tree.h"
#include "zpci-inventory.h"
#include "zpci-schema.h"

/* The input is a list of files and what stands in them: one byte, which file, two of a length,
 * highest first, and the content. */
#define ENTRY_HEADER 3
#define MAX_ENTRIES 32

#define ADDRESS "0005:00:00.0"
#define VIRTUAL "0005:00:00.1"
#define ABOVE "devices/pci0005:00/" ADDRESS
#define FUNCTION "sys/" ABOVE "/"
#define INTERFACE FUNCTION "net/eth0/"

/* Their order is part of the inputs that are kept: add at the end. */
static const char *const files[] = {
    FUNCTION "function_id",
    FUNCTION "uid",
    FUNCTION "pfgid",
    FUNCTION "pchid",
    FUNCTION "vfn",
    FUNCTION "pft",
    FUNCTION "port",
    FUNCTION "uid_is_unique",
    FUNCTION "function_handle",
    FUNCTION "mio_enabled",
    FUNCTION "fidparm",
    FUNCTION "pfip/segment0",
    FUNCTION "pfip/segment1",
    FUNCTION "pfip/segment2",
    FUNCTION "pfip/segment3",
    FUNCTION "util_string",
    FUNCTION "class",
    FUNCTION "vendor",
    FUNCTION "device",
    FUNCTION "numa_node",
    FUNCTION "config",
    FUNCTION "vpd",
    FUNCTION "sriov_totalvfs",
    FUNCTION "sriov_numvfs",
    FUNCTION "resource",
    FUNCTION "mdev_supported_types/a-1/name",
    FUNCTION "mdev_supported_types/a-1/device_api",
    FUNCTION "mdev_supported_types/a-1/available_instances",
    FUNCTION "uevent",
    INTERFACE "uevent",
    INTERFACE "address",
    INTERFACE "operstate",
    INTERFACE "speed",
    INTERFACE "flags",
    "sys/bus/pci/slots/0000000c/power",
    "sys/bus/pci/slots/0000000d/power",
    "sys/bus/pci/slots/0000000d/uid",
    "sys/bus/pci/slots/0000000d/address",
    "sys/devices/virtual/dmi/id/sys_vendor",
    "sys/devices/virtual/dmi/id/product_name",
    "sys/devices/virtual/dmi/id/product_uuid",
    "sys/devices/virtual/dmi/id/product_serial",
    "sys/devices/virtual/dmi/id/bios_version",
    "chain/" ADDRESS,
    "clp/list-0",
    "clp/function-0000000c",
    "clp/group-ff",
    "capture.ini",
};

/* What the kernel alone makes up, and libvirt writes as it is, whether its schema knows it or not.
 */
#define VERBATIM_API "/device_api"
#define VERBATIM_ADDRESS "/net/eth0/address"

/* What the files were before, or NULL. */
static GBytes *originals[G_N_ELEMENTS(files)];
static SysfsTree *tree;

static void
build_tree(void)
{
    /* Memory is faster than a disk, if there is a file system of it. */
    if (g_file_test("/dev/shm", G_FILE_TEST_IS_DIR))
        g_setenv("TMPDIR", "/dev/shm", FALSE);
    tree = sysfs_tree_new();
    sysfs_tree_add_zpci(tree, ADDRESS, 0xc, 5, 0xff);
    sysfs_tree_set(tree, ADDRESS, "function_handle", "0x80020000");
    sysfs_tree_set_iommu_group(tree, ADDRESS, 0);
    sysfs_tree_add_function(tree, VIRTUAL);
    sysfs_tree_add_virtual(tree, ADDRESS, 0, VIRTUAL);
    sysfs_tree_add_slot(tree, 0xc, TRUE);
    sysfs_tree_add_slot(tree, 0xd, FALSE);
    net_tree_add(tree, ABOVE, "eth0", "02:00:00:00:00:01");
}

static void
remove_tree(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(files); i++)
        g_clear_pointer(&originals[i], g_bytes_unref);
    g_clear_pointer(&tree, sysfs_tree_free);
}

static void
remember(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *path = sysfs_tree_get_path(tree, files[i]);
        g_autofree char *text = NULL;
        gsize length;

        if (g_file_get_contents(path, &text, &length, NULL))
            originals[i] = g_bytes_new(text, length);
    }
    atexit(remove_tree);
}

static void
restore(guint file)
{
    gsize size;
    const void *data;
    g_autofree char *path = sysfs_tree_get_path(tree, files[file]);

    if (originals[file] != NULL) {
        data = g_bytes_get_data(originals[file], &size);
        sysfs_tree_write(tree, files[file], data, (gssize)size);
    } else if (g_file_test(path, G_FILE_TEST_EXISTS)) {
        sysfs_tree_delete(tree, files[file]);
    }
}

static void
check_schema(const char *text)
{
    g_autoptr(GPtrArray) findings = NULL;
    g_autoptr(GError) error = NULL;

    zpci_schema_validate(text, strlen(text), &findings, &error);
    g_assert_no_error(error);
    if (findings->len > 0)
        g_error("%s\n%s", ((ZpciFinding *)g_ptr_array_index(findings, 0))->message, text);
}

/* The document of a device that is listed can be parsed, and is its own. It may be refused: without
 * a vendor, for example, nothing can be said. */
static void
check_document(ZpciInventory *inventory, const char *name, gboolean is_valid)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = zpci_inventory_get_xml(inventory, name, &error);
    xmlDoc *document;
    const xmlNode *first;
    xmlChar *said;

    g_assert_true((text == NULL) == (error != NULL));
    if (text == NULL)
        return;
    document = xmlReadMemory(text, (int)strlen(text), NULL, NULL, XML_PARSE_NONET);
    g_assert_nonnull(document);
    first = xmlFirstElementChild(xmlDocGetRootElement(document));
    g_assert_cmpstr((const char *)first->name, ==, "name");
    said = xmlNodeGetContent(first);
    g_assert_cmpstr((const char *)said, ==, name);
    xmlFree(said);
    xmlFreeDoc(document);
    if (is_valid)
        check_schema(text);
}

static void
check_device(ZpciInventory *inventory, const char *name, gboolean is_valid)
{
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) capabilities = zpci_inventory_get_capabilities(inventory, name, &error);
    g_autofree char *parent = NULL;
    g_autoptr(ZpciFunction) function = NULL;

    g_assert_true((capabilities == NULL) == (error != NULL));
    zpci_inventory_get_parent(inventory, name, &parent, NULL);
    zpci_inventory_get_function(inventory, name, &function, NULL);
    check_document(inventory, name, is_valid);
}

static void
check_host(gboolean is_valid)
{
    g_autoptr(GError) error = NULL;
    ZpciHost *host = zpci_host_open(sysfs_tree_get_root(tree), &error);
    g_autoptr(ZpciInventory) inventory = NULL;
    g_auto(GStrv) names = NULL;

    g_assert_true((host == NULL) == (error != NULL));
    if (host == NULL)
        return;
    inventory = zpci_inventory_new(host);
    names = zpci_inventory_list(inventory, NULL, ZPCI_STATE_ANY, &error);
    g_assert_true((names == NULL) == (error != NULL));
    for (guint i = 0; names != NULL && names[i] != NULL; i++)
        check_device(inventory, names[i], is_valid);
}

/* Whatever stands in the files of sysfs and of a capture, each device has a document that is valid,
 * or an error. */
int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    gboolean changed[G_N_ELEMENTS(files)] = { FALSE };
    gboolean is_valid = TRUE;

    if (tree == NULL) {
        build_tree();
        remember();
    }
    for (guint entries = 0; size >= ENTRY_HEADER && entries < MAX_ENTRIES; entries++) {
        guint file = data[0] % G_N_ELEMENTS(files);
        gsize length = MIN((gsize)(data[1] << 8 | data[2]), size - ENTRY_HEADER);

        sysfs_tree_write(tree, files[file], data + ENTRY_HEADER, (gssize)length);
        changed[file] = TRUE;
        is_valid = is_valid && !g_str_has_suffix(files[file], VERBATIM_API) &&
                   !g_str_has_suffix(files[file], VERBATIM_ADDRESS);
        data += ENTRY_HEADER + length;
        size -= ENTRY_HEADER + length;
    }
    check_host(is_valid);
    for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
        if (changed[i])
            restore(i);
    }
    return 0;
}
