/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "ccw-address.h"

/**
 * CcwKind:
 * @CCW_KIND_SUBCHANNEL: a subchannel of the channel subsystem
 * @CCW_KIND_DEVICE: what is reached by a subchannel
 * @CCW_KIND_GROUP: several devices that are driven as one, as those of a network card are
 *
 * What the buses css, ccw and ccwgroup have.
 */
typedef enum {
    CCW_KIND_SUBCHANNEL,
    CCW_KIND_DEVICE,
    CCW_KIND_GROUP,
    CCW_N_KINDS,
} CcwKind;

/** CcwState: what "online" says. */
typedef enum {
    CCW_STATE_OFFLINE,
    CCW_STATE_ONLINE,
    CCW_STATE_UNKNOWN,
} CcwState;

/**
 * CcwMember:
 * @reference: the name of the group's link to it, "cdev0"
 * @sysname: the device
 */
typedef struct {
    char *reference;
    char *sysname;
} CcwMember;

/**
 * CcwDevice:
 * @sysname: its name in sysfs, which is @address as a text
 * @path: its path in sysfs, "/sys/devices/..." also for a capture
 * @driver: (nullable): the driver that it is bound to
 * @state: of a device or a group
 * @channel: (nullable): the device that a subchannel leads to
 * @mdev_types: (element-type PciMdevType): what mediated devices a subchannel can make
 * @group: (nullable): the group that a device is a member of, by its name in sysfs
 * @type: (nullable): what kind of group it is, a static text: "qeth_layer2"
 * @card_type: what the driver says that the card is; may be empty
 * @chpid: its channel path, as the driver writes it; may be empty
 * @members: (element-type CcwMember): of a group
 *
 * One device of these buses, as the host shows it at one moment.
 */
typedef struct {
    CcwKind kind;
    char *sysname;
    char *path;
    CcwAddress address;
    char *driver;
    CcwState state;
    CcwAddress *channel;
    GPtrArray *mdev_types;
    char *group;
    const char *type;
    char *card_type;
    char *chpid;
    GPtrArray *members;
} CcwDevice;

/** ccw_device_new: (transfer full): nothing is known of it but its kind and name. */
CcwDevice *ccw_device_new(CcwKind kind, const char *sysname, const CcwAddress *address);

/** ccw_device_add_member: the texts are copied. */
void ccw_device_add_member(CcwDevice *device, const char *reference, const char *sysname);

/** ccw_device_free: @device may be %NULL. */
void ccw_device_free(CcwDevice *device);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CcwDevice, ccw_device_free)
