/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "zpci-export.h"
#include "zpci-finding.h"

G_BEGIN_DECLS

/* How many findings are kept of one document. */
#define ZPCI_VALIDATION_MAX_FINDINGS 64

/**
 * ZpciHostState:
 * @driver: (nullable): the driver that the function is bound to, %NULL if it is bound to none
 * @is_vfio: whether that is a VFIO driver, one of its variants included
 * @holder: (nullable): another domain that has this function in its document
 * @holder_runs: whether that domain is running
 *
 * What the host says of one PCI function. The texts live as long as the validation.
 */
typedef struct {
    const char *driver;
    gboolean is_vfio;
    const char *holder;
    gboolean holder_runs;
} ZpciHostState;

/**
 * ZpciHostLookup:
 * @address: a PCI address of the host, "0005:00:00.0"
 * @domain: (nullable): the name of the domain that is validated
 * @state: (out caller-allocates): set to zeros; filled in if there is such a function
 *
 * Returns: whether the host has this function.
 */
typedef gboolean (*ZpciHostLookup)(const char *address, const char *domain, ZpciHostState *state,
                                   gpointer data);

/**
 * zpci_validation_run:
 * @document: (array length=size) (element-type guint8): the text of a node device, a domain, or
 * devices of one: a
 *   `<hostdev>` or `<interface>`, several of them one after the other, or `<devices>`
 * @look_up: (nullable) (scope call) (closure data): asks the host for the functions that devices
 * pass to the guest; %NULL judges the document alone
 * @data: for @look_up
 * @findings: (out) (transfer container) (element-type ZpciFinding): what is wrong with it, in the
 * order of lines, and at most %ZPCI_VALIDATION_MAX_FINDINGS; empty if nothing is. Free with
 *   g_ptr_array_unref(). Written on success only
 *
 * Validates a document against its schemas, as zpci_schema_validate() does, and then its meaning:
 * what libvirt or QEMU would refuse later, or read in another way than a person. May be called
 * from any thread.
 *
 * Returns: %FALSE if it could not be judged, with @error as zpci_schema_validate() sets it.
 */
ZPCI_EXPORT gboolean zpci_validation_run(const char *document, gsize size, ZpciHostLookup look_up,
                                         gpointer data, GPtrArray **findings, GError **error);

G_END_DECLS
