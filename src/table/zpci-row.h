/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "zpci-export.h"
#include "zpci-function.h"
#include "zpci-holder.h"

/* A number that is not known. */
#define ZPCI_ROW_UNKNOWN (-1)

/**
 * ZpciRowParts:
 * @ZPCI_ROW_FACTS: every fact of the function, and not only those of an outline
 * @ZPCI_ROW_DEVICE: what it is as a PCI device
 * @ZPCI_ROW_INTERFACES: its network interfaces
 * @ZPCI_ROW_DISKS: its block devices
 * @ZPCI_ROW_HOLDER: who uses it, for which all processes have to be looked at
 * @ZPCI_ROW_DRIVER: the driver that it is bound to, and its IOMMU group
 *
 * What is read of a function on demand only. Name, state and what tells functions apart are always
 * read.
 */
typedef enum {
    ZPCI_ROW_FACTS = 1 << 0,
    ZPCI_ROW_DEVICE = 1 << 1,
    ZPCI_ROW_INTERFACES = 1 << 2,
    ZPCI_ROW_DISKS = 1 << 3,
    ZPCI_ROW_HOLDER = 1 << 4,
    ZPCI_ROW_DRIVER = 1 << 5,
} ZpciRowParts;

/**
 * ZpciRow:
 * @host: (nullable): how the host is called, if it was asked through libvirt
 * @name: of the node device
 * @function: what is known of it as a zPCI function
 * @address: (nullable): its PCI address, "0005:00:00.0"; %NULL in standby
 * @class_code: 24 bits, or %ZPCI_ROW_UNKNOWN
 * @vendor: vendor ID, or %ZPCI_ROW_UNKNOWN
 * @product: device ID, or %ZPCI_ROW_UNKNOWN
 * @knows_driver: whether the driver was looked at
 * @driver: (nullable): the driver that it is bound to
 * @is_vfio: whether that is one of VFIO
 * @iommu_group: its number, or %ZPCI_ROW_UNKNOWN
 * @numa_node: its node, or %ZPCI_ROW_UNKNOWN
 * @physical: (nullable): the address of its physical function
 * @virtual_functions: (nullable) (array zero-terminated=1): the addresses of its virtual functions
 * @max_virtual_functions: how many it may have; 0 if it cannot have any
 * @interfaces: (nullable) (array zero-terminated=1): its network interfaces, %NULL if not known
 * @interface_states: (nullable) (array zero-terminated=1): as many states: "up", "down", "unknown"
 * @disks: (nullable) (array zero-terminated=1): its disks, without partitions
 * @holder: (nullable): who uses it; %NULL if it was not asked for or cannot be told
 * @holder_reason: (nullable): a sentence that says why @holder, or its process, cannot be told
 * @group: (nullable): another function of its function group, which tells limits that it does not
 *   tell itself
 * @group_name: (nullable): the name of that one's node device
 *
 * One zPCI function of a host, as it was at one moment. Who makes a row fills it in; from then on
 * it does not change. What was not asked for is as if it were not known. Texts may have foreign
 * bytes in them.
 */
typedef struct {
    gatomicrefcount references;
    char *host;
    char *name;
    ZpciFunction *function;
    char *address;
    gint32 class_code;
    gint32 vendor;
    gint32 product;
    gboolean knows_driver;
    char *driver;
    gboolean is_vfio;
    int iommu_group;
    int numa_node;
    char *physical;
    char **virtual_functions;
    guint max_virtual_functions;
    char **interfaces;
    char **interface_states;
    char **disks;
    ZpciHolder *holder;
    char *holder_reason;
    ZpciFunction *group;
    char *group_name;
} ZpciRow;

/**
 * zpci_row_new:
 * @function: (transfer full)
 *
 * Returns: (transfer full): a row of which nothing else is known.
 */
ZpciRow *zpci_row_new(const char *name, ZpciFunction *function);

/** zpci_row_ref: (transfer full): @row once more. */
ZPCI_EXPORT ZpciRow *zpci_row_ref(ZpciRow *row);

/** zpci_row_unref: @row may be %NULL. */
ZPCI_EXPORT void zpci_row_unref(ZpciRow *row);

/**
 * zpci_row_get_fact:
 * @value: (out) (optional): written on success only
 *
 * Returns: whether the function tells @fact, or another of its group tells it for all of them.
 */
gboolean zpci_row_get_fact(const ZpciRow *row, ZpciFact fact, guint64 *value);

/**
 * zpci_row_get_fact_source:
 *
 * Returns: (transfer full) (nullable): "vfio", or "vfio of pci_0005_00_00_0" if another function
 *   tells it; %NULL if the fact is not known.
 */
char *zpci_row_get_fact_source(const ZpciRow *row, ZpciFact fact);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ZpciRow, zpci_row_unref)
