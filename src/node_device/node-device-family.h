/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "udev-monitor.h"
#include "zpci-function.h"
#include "zpci-host.h"

/**
 * NodeDeviceObserve:
 * @event: what udev tells, of one of the family's subsystems
 * @key: (out) (transfer full): what stays the same of the device while its name changes
 * @name: (out) (transfer full) (nullable): its name, %NULL if it is gone
 *
 * Returns: whether @event is about a device of the family; the outputs are written only then.
 */
typedef gboolean (*NodeDeviceObserve)(const ZpciHost *host, const UdevEvent *event, char **key,
                                      char **name);

/**
 * NodeDeviceOperation:
 *
 * Does something to the device @name, which was there a moment ago. It may block.
 *
 * Returns: %FALSE with %ZPCI_ERROR_IN_USE, %ZPCI_ERROR_WRONG_STATE or another code if it was
 *   refused or failed; the message says why and what to do.
 */
typedef gboolean (*NodeDeviceOperation)(const ZpciHost *host, const char *name, GError **error);

/**
 * NodeDeviceFamily:
 * @capability: the main capability of its devices
 * @nested: (array zero-terminated=1): capabilities that some of its devices have besides
 * @is_inactive: its devices are defined and not active
 * @is_persistent: its devices are said to be there for ever
 * @finds_itself: @get_xml may be asked for any name that begins with @capability and "_", as those
 *   of its devices do, and tells that there is none
 * @list: adds the names of its devices to @names; a host that has none is no error
 * @has: whether there is a device of exactly this name now; names of other families are none
 * @find_name: (nullable) (transfer full): the name of the device that a person calls @text, whether
 *   it is there or not; returns %NULL if it is none of the family
 * @has_nested: (nullable): whether the device @name has the capability; %NULL if @nested is empty
 * @get_xml: the document of a device, which was there a moment ago or @finds_itself; %NULL with
 *   @error set
 * @get_parent: (transfer full) (nullable): its parent's name; %NULL for the root
 * @get_function: (nullable): what is known of a zPCI function; @function: (out) (transfer full)
 * @get_outline: (nullable): the same, but only what tells functions apart; %NULL: as @get_function
 * @probe: (nullable): the reply of VFIO_DEVICE_GET_INFO; @again: the one that is kept does not do
 * @subsystems: (nullable) (array zero-terminated=1): those of udev whose events are about it
 * @observe: (nullable): understands such an event; %NULL: the family is listed anew soon after it
 * @get_key: (nullable): the key (transfer full) that @observe gives a device of this name, %NULL if
 * there is none; without this function it is the name
 * @is_quiet: udev does not tell of all that happens to it, and of some too early: after an event it
 * is listed anew as well, for a while
 * @start: (nullable): makes an inactive device an active one
 * @destroy: (nullable): makes an active device an inactive one
 * @detach: (nullable): gives it to VFIO; @driver: (nullable): the driver to bind, %NULL for
 * vfio-pci
 * @reattach: (nullable): gives it back to the host's driver
 * @reset: (nullable): resets it
 *
 * One kind of node devices: the inventory knows families, a family knows its devices. A new kind is
 * a new file with such a table, named below, and a row in node-device-families.c. All may be called
 * from several threads at once.
 */
typedef struct {
    const char *capability;
    const char *const *nested;
    gboolean is_inactive;
    gboolean is_persistent;
    gboolean finds_itself;
    gboolean (*list)(const ZpciHost *host, GPtrArray *names, GError **error);
    gboolean (*has)(const ZpciHost *host, const char *name);
    char *(*find_name)(const char *text);
    gboolean (*has_nested)(const ZpciHost *host, const char *name, const char *capability);
    char *(*get_xml)(const ZpciHost *host, const char *name, GError **error);
    char *(*get_parent)(const ZpciHost *host, const char *name);
    gboolean (*get_function)(const ZpciHost *host, const char *name, ZpciFunction **function,
                             GError **error);
    gboolean (*get_outline)(const ZpciHost *host, const char *name, ZpciFunction **function,
                            GError **error);
    GByteArray *(*probe)(const ZpciHost *host, const char *name, gboolean again, GError **error);
    const char *const *subsystems;
    NodeDeviceObserve observe;
    char *(*get_key)(const ZpciHost *host, const char *name);
    gboolean is_quiet;
    NodeDeviceOperation start;
    NodeDeviceOperation destroy;
    gboolean (*detach)(const ZpciHost *host, const char *name, const char *driver, GError **error);
    NodeDeviceOperation reattach;
    NodeDeviceOperation reset;
} NodeDeviceFamily;

/** node_device_system_family: the one device "computer", the root of all. */
extern const NodeDeviceFamily node_device_system_family;

/** node_device_pci_family: every PCI function. */
extern const NodeDeviceFamily node_device_pci_family;

/** node_device_net_family: the network interfaces that libvirt lists. */
extern const NodeDeviceFamily node_device_net_family;

/** node_device_ccw_family_css: subchannels of devices. */
extern const NodeDeviceFamily node_device_ccw_family_css;

/** node_device_ccw_family_ccw: the devices; older releases of libvirt know those online only. */
extern const NodeDeviceFamily node_device_ccw_family_ccw;

/** node_device_ccw_family_ccwgroup: groups of qeth, if the release of libvirt knows them. */
extern const NodeDeviceFamily node_device_ccw_family_ccwgroup;

/**
 * node_device_standby_family: every function in standby, as an inactive device.
 *
 * Such a function has no PCI address on this host yet, so it is named for its function ID. It has
 * no capability "pci": whoever lists PCI functions could use none of these.
 */
extern const NodeDeviceFamily node_device_standby_family;
