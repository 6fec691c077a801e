/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <libxml/tree.h>

#include "zpci-address-claim.h"
#include "zpci-hostdev.h"

/**
 * zpci_hostdev_add:
 * @parent: gets the element as its last child, complete or not at all
 * @guest: a complete claim, in place of its own
 *
 * Returns: %FALSE with %ZPCI_ERROR_INVALID_ARGUMENT if something of @hostdev cannot be.
 */
gboolean zpci_hostdev_add(xmlNode *parent, const ZpciHostdev *hostdev,
                          const ZpciAddressClaim *guest, GError **error);

/** zpci_hostdev_get_claim: the values of its request; they belong to @hostdev. */
const ZpciAddressClaim *zpci_hostdev_get_claim(const ZpciHostdev *hostdev);

/** zpci_hostdev_add_address: adds an `<address>` with `<zpci>` to a device. */
void zpci_hostdev_add_address(xmlNode *root, const ZpciGuestAddress *guest);

/** zpci_hostdev_add_zpci: adds `<zpci>` to an address. */
void zpci_hostdev_add_zpci(xmlNode *address, const ZpciGuestAddress *guest);

/**
 * zpci_hostdev_check:
 * @text: (array length=size): what was made for somebody
 *
 * Returns: %FALSE with %ZPCI_ERROR_INVALID_DOCUMENT and the first error in it if it is not valid,
 *   or as zpci_validation_run(). Warnings do not count.
 */
gboolean zpci_hostdev_check(const char *text, gsize size, GError **error);
