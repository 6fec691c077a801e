/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

/**
 * ZpciStates:
 * @ZPCI_STATE_ACTIVE: devices that can be used
 * @ZPCI_STATE_INACTIVE: devices that are known and have to be started first
 * @ZPCI_STATE_ANY: both
 */
typedef enum {
    ZPCI_STATE_ACTIVE = 1 << 0,
    ZPCI_STATE_INACTIVE = 1 << 1,
    ZPCI_STATE_ANY = ZPCI_STATE_ACTIVE | ZPCI_STATE_INACTIVE,
} ZpciStates;
