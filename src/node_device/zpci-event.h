/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

/**
 * ZpciEvent:
 * @ZPCI_EVENT_CREATED: the node device is there now
 * @ZPCI_EVENT_DELETED: it is gone
 * @ZPCI_EVENT_UPDATED: it changed: a driver was bound or unbound, or the kernel says so
 * @ZPCI_EVENT_DEFINED: it has a definition now, which outlives it
 * @ZPCI_EVENT_UNDEFINED: it has none any more
 */
typedef enum {
    ZPCI_EVENT_CREATED = 0,
    ZPCI_EVENT_DELETED = 1,
    ZPCI_EVENT_UPDATED = 2,
    ZPCI_EVENT_DEFINED = 3,
    ZPCI_EVENT_UNDEFINED = 4,
} ZpciEvent;
