/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-column.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "number.h"
#include "pci-names.h"
#include "text-quote.h"

/* Where other things come from than those of ZpciSource. */
#define SOURCE_HOLDER "proc"
#define SOURCE_LIBVIRT "libvirt"
#define SOURCE_NAMES "pci.ids"

/* Returns (transfer full): @value, which it takes over, as the only one. */
static char **
zpci_column_take(char *value)
{
    char **values = g_new0(char *, 2);

    values[0] = value;
    return values;
}

/* Returns (transfer full): @value, or that there is none. */
static char **
zpci_column_copy_if_any(const char *value)
{
    return value != NULL ? zpci_column_take(g_strdup(value)) : g_new0(char *, 1);
}

static char **
zpci_column_copy(const char *value)
{
    return value != NULL ? zpci_column_take(g_strdup(value)) : NULL;
}

static char **
zpci_column_take_hex(gint64 value, int digits)
{
    return value >= 0
               ? zpci_column_take(g_strdup_printf("0x%0*" G_GINT64_MODIFIER "x", digits, value))
               : NULL;
}

static char **
zpci_column_take_number(gint64 value)
{
    return value >= 0 ? zpci_column_take(g_strdup_printf("%" G_GINT64_FORMAT, value)) : NULL;
}

static char **
zpci_column_get_host(const ZpciColumn *column G_GNUC_UNUSED, const ZpciRow *row)
{
    return zpci_column_copy(row->host);
}

static char **
zpci_column_get_name(const ZpciColumn *column G_GNUC_UNUSED, const ZpciRow *row)
{
    return zpci_column_copy(row->name);
}

static char **
zpci_column_get_state(const ZpciColumn *column G_GNUC_UNUSED, const ZpciRow *row)
{
    return zpci_column_copy(zpci_function_is_standby(row->function) ? "standby" : "configured");
}

static char **
zpci_column_get_address(const ZpciColumn *column G_GNUC_UNUSED, const ZpciRow *row)
{
    return zpci_column_copy(row->address);
}

static char **
zpci_column_get_fact(const ZpciColumn *column, const ZpciRow *row)
{
    guint64 value;

    return zpci_row_get_fact(row, column->fact, &value)
               ? zpci_column_take(zpci_fact_format(column->fact, value))
               : NULL;
}

static char **
zpci_column_get_type(const ZpciColumn *column, const ZpciRow *row)
{
    guint64 value;

    return zpci_row_get_fact(row, column->fact, &value) ? zpci_column_copy(zpci_pft_get_name(value))
                                                        : NULL;
}

/* Whether QEMU made the group is no fact of its own: the group's number tells it. */
static char **
zpci_column_get_simulated(const ZpciColumn *column, const ZpciRow *row)
{
    guint64 value;

    return zpci_row_get_fact(row, column->fact, &value)
               ? zpci_column_copy(value >= ZPCI_PFGID_SIMULATED ? "yes" : "no")
               : NULL;
}

static char **
zpci_column_get_util(const ZpciColumn *column G_GNUC_UNUSED, const ZpciRow *row)
{
    g_autofree char *text = zpci_function_get_util_text(row->function);

    return zpci_column_copy(text);
}

static char **
zpci_column_get_util_hex(const ZpciColumn *column G_GNUC_UNUSED, const ZpciRow *row)
{
    const guint8 *util = zpci_function_get_util(row->function, NULL);
    GString *hex;

    if (util == NULL)
        return NULL;
    hex = g_string_new(NULL);
    for (guint i = 0; i < ZPCI_UTIL_SIZE; i++)
        g_string_append_printf(hex, "%02x", util[i]);
    return zpci_column_take(g_string_free(hex, FALSE));
}

static char **
zpci_column_get_class(const ZpciColumn *column G_GNUC_UNUSED, const ZpciRow *row)
{
    return zpci_column_take_hex(row->class_code, 6);
}

static char **
zpci_column_get_vendor(const ZpciColumn *column G_GNUC_UNUSED, const ZpciRow *row)
{
    return zpci_column_take_hex(row->vendor, 4);
}

static char **
zpci_column_get_product(const ZpciColumn *column G_GNUC_UNUSED, const ZpciRow *row)
{
    return zpci_column_take_hex(row->product, 4);
}

static void
zpci_column_look_up(const ZpciRow *row, const char **vendor, const char **product)
{
    *vendor = NULL;
    *product = NULL;
    if (row->vendor >= 0 && row->product >= 0)
        pci_names_look_up((guint16)row->vendor, (guint16)row->product, vendor, product);
}

static char **
zpci_column_get_vendor_name(const ZpciColumn *column G_GNUC_UNUSED, const ZpciRow *row)
{
    const char *vendor, *product;

    zpci_column_look_up(row, &vendor, &product);
    return zpci_column_copy(vendor);
}

static char **
zpci_column_get_product_name(const ZpciColumn *column G_GNUC_UNUSED, const ZpciRow *row)
{
    const char *vendor, *product;

    zpci_column_look_up(row, &vendor, &product);
    return zpci_column_copy(product);
}

static gboolean
zpci_column_has_driver(const ZpciRow *row)
{
    return row->address != NULL && row->knows_driver;
}

/* Whether it was looked at as a PCI device. */
static gboolean
zpci_column_has_device(const ZpciRow *row)
{
    return row->address != NULL && row->virtual_functions != NULL;
}

static char **
zpci_column_get_driver(const ZpciColumn *column G_GNUC_UNUSED, const ZpciRow *row)
{
    return zpci_column_has_driver(row) ? zpci_column_copy_if_any(row->driver) : NULL;
}

static char **
zpci_column_get_vfio(const ZpciColumn *column G_GNUC_UNUSED, const ZpciRow *row)
{
    return zpci_column_has_driver(row) ? zpci_column_copy(row->is_vfio ? "yes" : "no") : NULL;
}

static char **
zpci_column_get_iommu_group(const ZpciColumn *column G_GNUC_UNUSED, const ZpciRow *row)
{
    return zpci_column_take_number(row->iommu_group);
}

static char **
zpci_column_get_numa_node(const ZpciColumn *column G_GNUC_UNUSED, const ZpciRow *row)
{
    return zpci_column_take_number(row->numa_node);
}

static char **
zpci_column_get_physical(const ZpciColumn *column G_GNUC_UNUSED, const ZpciRow *row)
{
    return zpci_column_has_device(row) ? zpci_column_copy_if_any(row->physical) : NULL;
}

static char **
zpci_column_get_virtual(const ZpciColumn *column G_GNUC_UNUSED, const ZpciRow *row)
{
    return g_strdupv(row->virtual_functions);
}

static char **
zpci_column_get_interfaces(const ZpciColumn *column G_GNUC_UNUSED, const ZpciRow *row)
{
    return g_strdupv(row->interfaces);
}

static char **
zpci_column_get_interface_states(const ZpciColumn *column G_GNUC_UNUSED, const ZpciRow *row)
{
    return g_strdupv(row->interface_states);
}

static char **
zpci_column_get_disks(const ZpciColumn *column G_GNUC_UNUSED, const ZpciRow *row)
{
    return g_strdupv(row->disks);
}

static char **
zpci_column_get_holder(const ZpciColumn *column G_GNUC_UNUSED, const ZpciRow *row)
{
    return row->holder != NULL ? zpci_column_take(zpci_holder_format(row->holder)) : NULL;
}

static char **
zpci_column_get_holder_kind(const ZpciColumn *column G_GNUC_UNUSED, const ZpciRow *row)
{
    return row->holder != NULL ? zpci_column_copy(zpci_holder_get_kind_name(row->holder)) : NULL;
}

static char **
zpci_column_get_guest(const ZpciColumn *column G_GNUC_UNUSED, const ZpciRow *row)
{
    if (row->holder == NULL)
        return NULL;
    return zpci_column_copy_if_any(row->holder->kind == ZPCI_HOLDER_GUEST ? row->holder->name
                                                                          : NULL);
}

/* Whether libvirt, and no process, has told who it is. */
static gboolean
zpci_column_is_of_libvirt(const ZpciRow *row)
{
    return row->holder != NULL && row->holder->kind == ZPCI_HOLDER_GUEST &&
           row->holder->process == 0;
}

static char **
zpci_column_get_process(const ZpciColumn *column G_GNUC_UNUSED, const ZpciRow *row)
{
    if (row->holder == NULL || zpci_column_is_of_libvirt(row))
        return NULL;
    return row->holder->process != 0 ? zpci_column_take_number(row->holder->process)
                                     : g_new0(char *, 1);
}

/* clang-format off */
#define FACT(name, heading, help, type, parts, fact) \
    { name, heading, help, type, parts, TRUE, fact, zpci_column_get_fact }
#define OF_FACT(name, heading, help, type, parts, fact, get) \
    { name, heading, help, type, parts, TRUE, fact, get }
#define OTHER(name, heading, help, type, parts, get) \
    { name, heading, help, type, parts, FALSE, 0, get }
#define TEXT ZPCI_COLUMN_TEXT
#define HEX ZPCI_COLUMN_HEX
#define NUMBER ZPCI_COLUMN_NUMBER
#define YES_NO ZPCI_COLUMN_YES_NO
#define TEXTS ZPCI_COLUMN_TEXTS

static const ZpciColumn columns[] = {
    OTHER("host", "HOST", N_("host, if hosts are asked through libvirt"), TEXT, 0, zpci_column_get_host),
    OTHER("name", "NAME", N_("name of the node device"), TEXT, 0, zpci_column_get_name),
    OTHER("state", "STATE", N_("configured or standby"), TEXT, 0, zpci_column_get_state),
    OTHER("address", "ADDRESS", N_("PCI address"), TEXT, 0, zpci_column_get_address),
    FACT("fid", "FID", N_("function ID"), HEX, 0, ZPCI_FACT_FID),
    FACT("uid", "UID", N_("user-defined ID"), HEX, 0, ZPCI_FACT_UID),
    FACT("pfgid", "PFGID", N_("function group"), HEX, 0, ZPCI_FACT_PFGID),
    FACT("pchid", "PCHID", N_("physical channel of the adapter"), HEX, 0, ZPCI_FACT_PCHID),
    FACT("vfn", "VFN", N_("virtual function number, 0 for the physical function"), HEX, 0, ZPCI_FACT_VFN),
    FACT("pft", "PFT", N_("function type, as a number"), HEX, 0, ZPCI_FACT_PFT),
    OF_FACT("type", "TYPE", N_("function type, as a word"), TEXT, 0, ZPCI_FACT_PFT, zpci_column_get_type),
    FACT("port", "PORT", N_("port of the adapter, 0 if it has none"), NUMBER, 0, ZPCI_FACT_PORT),
    FACT("uid_unique", "UID-UNIQUE", N_("whether no two functions share a UID"), YES_NO, ZPCI_ROW_FACTS, ZPCI_FACT_UID_UNIQUE),
    FACT("dma_start", "DMA-START", N_("first usable DMA address"), HEX, ZPCI_ROW_FACTS, ZPCI_FACT_DMA_START),
    FACT("dma_end", "DMA-END", N_("last usable DMA address"), HEX, ZPCI_ROW_FACTS, ZPCI_FACT_DMA_END),
    OF_FACT("simulated", "SIMULATED", N_("whether the function group is made by QEMU"), YES_NO, 0, ZPCI_FACT_PFGID, zpci_column_get_simulated),
    FACT("group_version", "GROUP-VERSION", N_("version of the group's facilities"), NUMBER, ZPCI_ROW_FACTS, ZPCI_FACT_GROUP_VERSION),
    FACT("dasm", "DASM", N_("DMA address space mask"), HEX, ZPCI_ROW_FACTS, ZPCI_FACT_DASM),
    FACT("msi_address", "MSI-ADDRESS", N_("address of message-signalled interrupts"), HEX, ZPCI_ROW_FACTS, ZPCI_FACT_MSI_ADDRESS),
    FACT("refresh", "REFRESH", N_("whether translations have to be refreshed"), YES_NO, ZPCI_ROW_FACTS, ZPCI_FACT_REFRESH),
    FACT("mui", "MUI", N_("measurement update interval in milliseconds"), NUMBER, ZPCI_ROW_FACTS, ZPCI_FACT_MUI),
    FACT("noi", "NOI", N_("number of interrupts"), NUMBER, ZPCI_ROW_FACTS, ZPCI_FACT_NOI),
    FACT("maxstbl", "MAXSTBL", N_("largest block to store, in bytes"), NUMBER, ZPCI_ROW_FACTS, ZPCI_FACT_MAXSTBL),
    FACT("imaxstbl", "IMAXSTBL", N_("the same for an interpreted function"), NUMBER, ZPCI_ROW_FACTS, ZPCI_FACT_IMAXSTBL),
    FACT("pfip", "PFIP", N_("internal path"), TEXT, ZPCI_ROW_FACTS, ZPCI_FACT_PFIP),
    FACT("handle", "HANDLE", N_("function handle"), HEX, ZPCI_ROW_FACTS, ZPCI_FACT_HANDLE),
    FACT("fmb_length", "FMB-LENGTH", N_("length of the measurement block in bytes"), NUMBER, ZPCI_ROW_FACTS, ZPCI_FACT_FMB_LENGTH),
    FACT("mio", "MIO", N_("whether it may use PCI memory-I/O instructions"), YES_NO, ZPCI_ROW_FACTS, ZPCI_FACT_MIO),
    FACT("fidparm", "FIDPARM", N_("parameter of the function ID's definition"), HEX, ZPCI_ROW_FACTS, ZPCI_FACT_FIDPARM),
    OTHER("util", "UTIL", N_("utility string"), TEXT, ZPCI_ROW_FACTS, zpci_column_get_util),
    OTHER("util_hex", "UTIL-HEX", N_("the bytes of the utility string"), TEXT, ZPCI_ROW_FACTS, zpci_column_get_util_hex),
    OTHER("class", "CLASS", N_("PCI class"), HEX, ZPCI_ROW_DEVICE, zpci_column_get_class),
    OTHER("vendor", "VENDOR", N_("vendor, as a number"), HEX, ZPCI_ROW_DEVICE, zpci_column_get_vendor),
    OTHER("vendor_name", "VENDOR-NAME", N_("vendor"), TEXT, ZPCI_ROW_DEVICE, zpci_column_get_vendor_name),
    OTHER("product", "PRODUCT", N_("product, as a number"), HEX, ZPCI_ROW_DEVICE, zpci_column_get_product),
    OTHER("product_name", "PRODUCT-NAME", N_("product"), TEXT, ZPCI_ROW_DEVICE, zpci_column_get_product_name),
    OTHER("driver", "DRIVER", N_("driver that it is bound to"), TEXT, ZPCI_ROW_DRIVER, zpci_column_get_driver),
    OTHER("vfio", "VFIO", N_("whether that is a driver of VFIO"), YES_NO, ZPCI_ROW_DRIVER, zpci_column_get_vfio),
    OTHER("iommu_group", "IOMMU-GROUP", N_("IOMMU group"), NUMBER, ZPCI_ROW_DRIVER, zpci_column_get_iommu_group),
    OTHER("numa_node", "NUMA-NODE", N_("NUMA node"), NUMBER, ZPCI_ROW_DEVICE, zpci_column_get_numa_node),
    OTHER("physical", "PHYSICAL", N_("PCI address of its physical function"), TEXT, ZPCI_ROW_DEVICE, zpci_column_get_physical),
    OTHER("virtual", "VIRTUAL", N_("PCI addresses of its virtual functions"), TEXTS, ZPCI_ROW_DEVICE, zpci_column_get_virtual),
    OTHER("iface", "IFACE", N_("network interfaces"), TEXTS, ZPCI_ROW_INTERFACES, zpci_column_get_interfaces),
    OTHER("iface_state", "IFACE-STATE", N_("states of the network interfaces"), TEXTS, ZPCI_ROW_INTERFACES, zpci_column_get_interface_states),
    OTHER("disk", "DISK", N_("block devices"), TEXTS, ZPCI_ROW_DISKS, zpci_column_get_disks),
    OTHER("used_by", "USED-BY", N_("who uses it"), TEXT, ZPCI_ROW_HOLDER, zpci_column_get_holder),
    OTHER("use", "USE", N_("how it is used: guest, process, mount, ..., nobody"), TEXT, ZPCI_ROW_HOLDER, zpci_column_get_holder_kind),
    OTHER("guest", "GUEST", N_("running guest that has it"), TEXT, ZPCI_ROW_HOLDER, zpci_column_get_guest),
    OTHER("pid", "PID", N_("process that has it"), NUMBER, ZPCI_ROW_HOLDER, zpci_column_get_process),
};
/* clang-format on */

const ZpciColumn *
zpci_column_list(guint *n_columns)
{
    *n_columns = G_N_ELEMENTS(columns);
    return columns;
}

const ZpciColumn *
zpci_column_find(const char *name)
{
    g_autofree char *plain = g_strdelimit(g_ascii_strdown(name, -1), "-", '_');

    for (guint i = 0; i < G_N_ELEMENTS(columns); i++) {
        if (strcmp(columns[i].name, plain) == 0)
            return &columns[i];
    }
    return NULL;
}

char **
zpci_column_get(const ZpciColumn *column, const ZpciRow *row)
{
    return column->get(column, row);
}

char *
zpci_column_format(const ZpciColumn *column, const ZpciRow *row)
{
    g_auto(GStrv) values = column->get(column, row);
    g_autofree char *joined = values != NULL ? g_strjoinv(",", values) : NULL;

    return joined != NULL ? text_quote_escape(joined) : NULL;
}

/* What is no fact. */
static const char *
zpci_column_get_other_source(const ZpciColumn *column, const ZpciRow *row)
{
    ZpciSource source = ZPCI_SOURCE_SYSFS;

    if (column->get == zpci_column_get_util || column->get == zpci_column_get_util_hex)
        zpci_function_get_util(row->function, &source);
    if (column->get == zpci_column_get_vendor_name || column->get == zpci_column_get_product_name)
        return SOURCE_NAMES;
    if ((column->parts & ZPCI_ROW_HOLDER) != 0)
        return zpci_column_is_of_libvirt(row) ? SOURCE_LIBVIRT : SOURCE_HOLDER;
    if (row->host != NULL && source == ZPCI_SOURCE_SYSFS)
        return SOURCE_LIBVIRT;
    return zpci_source_get_name(source);
}

char *
zpci_column_get_source(const ZpciColumn *column, const ZpciRow *row)
{
    g_auto(GStrv) values = column->get(column, row);

    if (values == NULL)
        return NULL;
    return column->is_fact ? zpci_row_get_fact_source(row, column->fact)
                           : g_strdup(zpci_column_get_other_source(column, row));
}

const char *
zpci_column_get_reason(const ZpciColumn *column, const ZpciRow *row)
{
    if ((column->parts & ZPCI_ROW_HOLDER) != 0)
        return row->holder == NULL || column->get == zpci_column_get_process ? row->holder_reason
                                                                             : NULL;
    return column->is_fact ? zpci_function_get_reason(row->function, column->fact) : NULL;
}

static int
zpci_column_compare_values(const ZpciColumn *column, const char *a, const char *b)
{
    guint64 first, second;

    if ((column->type != ZPCI_COLUMN_NUMBER && column->type != ZPCI_COLUMN_HEX) ||
        !number_parse(a, G_MAXUINT64, &first, NULL) || !number_parse(b, G_MAXUINT64, &second, NULL))
        return strcmp(a, b);
    return first < second ? -1 : first > second;
}

int
zpci_column_compare(const ZpciColumn *column, const ZpciRow *a, const ZpciRow *b)
{
    g_auto(GStrv) first = column->get(column, a);
    g_auto(GStrv) second = column->get(column, b);
    int order = 0;

    if (first == NULL || second == NULL)
        return (first == NULL) - (second == NULL);
    for (guint i = 0; order == 0; i++) {
        if (first[i] == NULL || second[i] == NULL)
            return (first[i] != NULL) - (second[i] != NULL);
        order = zpci_column_compare_values(column, first[i], second[i]);
    }
    return order;
}
