/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "zpci-export.h"

G_BEGIN_DECLS

/* The size of the utility string in bytes: CLP_UTIL_STR_LEN in the kernel's asm/pci_clp.h. */
#define ZPCI_UTIL_SIZE 64

/* Function groups from this number up are made by QEMU, not by the machine:
 * ZPCI_SIM_GRP_START in QEMU's hw/s390x/s390-pci-bus.h. */
#define ZPCI_PFGID_SIMULATED 0xf0

/**
 * ZpciSource:
 * @ZPCI_SOURCE_NONE: the fact is not known
 * @ZPCI_SOURCE_SYSFS: an attribute of the function's directory in sysfs
 * @ZPCI_SOURCE_CLP: a reply of /dev/clp
 * @ZPCI_SOURCE_VFIO: the capability chain of VFIO_DEVICE_GET_INFO
 *
 * Where a value comes from. Two sources can disagree, so every value knows its own.
 */
typedef enum {
    ZPCI_SOURCE_NONE = 0,
    ZPCI_SOURCE_SYSFS = 1,
    ZPCI_SOURCE_CLP = 2,
    ZPCI_SOURCE_VFIO = 3,
} ZpciSource;

/**
 * ZpciFactKind:
 * @ZPCI_FACT_KIND_IDENTITY: who the function is
 * @ZPCI_FACT_KIND_FUNCTION: what it is and what it may do
 * @ZPCI_FACT_KIND_GROUP: the limits that all functions of its group share
 *
 * Facts of one kind share the order in which sources are trusted: sysfs before CLP for identity,
 * VFIO before CLP before sysfs for the two others.
 */
typedef enum {
    ZPCI_FACT_KIND_IDENTITY = 0,
    ZPCI_FACT_KIND_FUNCTION = 1,
    ZPCI_FACT_KIND_GROUP = 2,
} ZpciFactKind;

/**
 * ZpciFact:
 * @ZPCI_FACT_UID: user-defined ID; the PCI domain while UID checking is on, 0 if not set
 * @ZPCI_FACT_FID: function ID from the hardware definition, the only identity that always stays
 * @ZPCI_FACT_PFGID: number of the function group
 * @ZPCI_FACT_PCHID: physical channel ID of the adapter
 * @ZPCI_FACT_VFN: virtual function number on the adapter, 0 for the physical function
 * @ZPCI_FACT_PFT: PCI function type, Documentation/arch/s390/pci.rst
 * @ZPCI_FACT_PORT: port of the adapter, from 1; 0 if it has none
 * @ZPCI_FACT_UID_UNIQUE: 1 if the machine guarantees that no two functions share a UID
 * @ZPCI_FACT_DMA_START: first usable DMA address
 * @ZPCI_FACT_DMA_END: last usable DMA address
 * @ZPCI_FACT_GROUP_VERSION: version of the group's facilities
 * @ZPCI_FACT_DASM: DMA address space mask
 * @ZPCI_FACT_MSI_ADDRESS: address to which message-signalled interrupts are written
 * @ZPCI_FACT_REFRESH: 1 if the guest must refresh translations
 * @ZPCI_FACT_MUI: measurement update interval in milliseconds
 * @ZPCI_FACT_NOI: number of interrupts
 * @ZPCI_FACT_MAXSTBL: largest block that PCI STORE BLOCK may write, in bytes
 * @ZPCI_FACT_IMAXSTBL: the same for an interpreted function
 * @ZPCI_FACT_PFIP: the four segments of the PCI function's internal path, highest byte first
 * @ZPCI_FACT_HANDLE: function handle; changes when the function is enabled or reset
 * @ZPCI_FACT_FMB_LENGTH: length of the function measurement block in bytes
 * @ZPCI_FACT_MIO: 1 if the function may use PCI memory-I/O instructions
 * @ZPCI_FACT_FIDPARM: parameter of the function ID's definition
 *
 * What is known of a zPCI function as numbers. Sources: the kernel's linux/vfio_zdev.h and
 * arch/s390/pci/pci_sysfs.c. The utility string is the one fact that is no number. The values say
 * nothing of the order in which facts are shown: zpci_fact_list() does. There may come more.
 */
typedef enum {
    ZPCI_FACT_UID = 0,
    ZPCI_FACT_FID = 1,
    ZPCI_FACT_PFGID = 2,
    ZPCI_FACT_PCHID = 3,
    ZPCI_FACT_VFN = 4,
    ZPCI_FACT_PFT = 5,
    ZPCI_FACT_PORT = 6,
    ZPCI_FACT_UID_UNIQUE = 7,
    ZPCI_FACT_DMA_START = 8,
    ZPCI_FACT_DMA_END = 9,
    ZPCI_FACT_GROUP_VERSION = 10,
    ZPCI_FACT_DASM = 11,
    ZPCI_FACT_MSI_ADDRESS = 12,
    ZPCI_FACT_REFRESH = 13,
    ZPCI_FACT_MUI = 14,
    ZPCI_FACT_NOI = 15,
    ZPCI_FACT_MAXSTBL = 16,
    ZPCI_FACT_IMAXSTBL = 17,
    ZPCI_FACT_PFIP = 18,
    ZPCI_FACT_HANDLE = 19,
    ZPCI_FACT_FMB_LENGTH = 20,
    ZPCI_FACT_MIO = 21,
    ZPCI_FACT_FIDPARM = 22,
} ZpciFact;

/**
 * ZpciFormat:
 * @ZPCI_FORMAT_HEX: "0x" and as many digits as the fact's width has
 * @ZPCI_FORMAT_DECIMAL: decimal
 * @ZPCI_FORMAT_YES_NO: "yes" or "no"
 * @ZPCI_FORMAT_PATH: bytes as two hexadecimal digits each, joined by dots
 *
 * How a person or a document reads the fact.
 */
typedef enum {
    ZPCI_FORMAT_HEX = 0,
    ZPCI_FORMAT_DECIMAL = 1,
    ZPCI_FORMAT_YES_NO = 2,
    ZPCI_FORMAT_PATH = 3,
} ZpciFormat;

/**
 * ZpciFactInfo:
 * @element: the element below `<zpci>` that holds it, "" for `<zpci>` itself, %NULL if it is too
 *   volatile for XML and appears in JSON only
 * @name: its attribute's name, "" if it is the element's text
 * @kind: its kind
 * @width: bytes of its value, which fixes the digits of its hexadecimal form
 * @format: how it is written
 *
 * Everything that depends on the fact alone.
 */
typedef struct {
    const char *element;
    const char *name;
    ZpciFactKind kind;
    guint width;
    ZpciFormat format;
} ZpciFactInfo;

/**
 * zpci_fact_list:
 * @n_facts: (out): how many there are
 *
 * Returns: (transfer none) (array length=n_facts): all facts that this library knows, in the order
 *   in which XML and JSON show them.
 */
ZPCI_EXPORT const ZpciFact *zpci_fact_list(guint *n_facts);

/**
 * zpci_fact_get_info:
 *
 * Returns: (transfer none): the static description of @fact; %NULL if there is no such fact.
 */
ZPCI_EXPORT const ZpciFactInfo *zpci_fact_get_info(ZpciFact fact);

/**
 * zpci_fact_format:
 * @value: a value of @fact
 *
 * Returns: (transfer full): @value as XML and JSON show it, for example "0x0000000c".
 */
ZPCI_EXPORT char *zpci_fact_format(ZpciFact fact, guint64 value);

/**
 * zpci_source_get_name:
 *
 * Returns: (transfer none): "sysfs", "clp" or "vfio"; %NULL for %ZPCI_SOURCE_NONE.
 */
ZPCI_EXPORT const char *zpci_source_get_name(ZpciSource source);

/**
 * zpci_pft_get_name:
 * @pft: a PCI function type
 *
 * Returns: (transfer none): one word for it, such as "roce"; %NULL for a type that we do not know.
 *   Source: the table of types in the kernel's Documentation/arch/s390/pci.rst.
 */
ZPCI_EXPORT const char *zpci_pft_get_name(guint64 pft);

G_END_DECLS
