/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib-object.h>

#include "zpci-export.h"
#include "zpci-function.h"
#include "zpci-host.h"
#include "zpci-states.h"

G_BEGIN_DECLS

/* Most devices that one list holds: the limit of libvirt's protocol for node devices. */
#define ZPCI_INVENTORY_MAX_DEVICES 65536

/**
 * ZpciInventory:
 *
 * The node devices of a host: "computer", every PCI function, and more, under the names and with
 * the XML that libvirt gives them, `<zpci>` added. It keeps no state, so every answer is as fresh
 * as the host. All functions may be called from several threads at once.
 *
 * There may be another node device daemon behind it, see zpci_inventory_set_upstream(). What that
 * daemon knows it answers, and what it refuses fails with %ZPCI_ERROR_FOREIGN; all other devices
 * are read here. While it cannot be reached, only they are there, and what concerns others fails
 * with %ZPCI_ERROR_UNREACHABLE.
 */
typedef struct _ZpciInventory ZpciInventory;

#define ZPCI_TYPE_INVENTORY (zpci_inventory_get_type())

/**
 * zpci_inventory_get_type:
 *
 * Returns: the boxed type of #ZpciInventory, for language bindings.
 */
ZPCI_EXPORT GType zpci_inventory_get_type(void);

/**
 * ZpciDefineFlags:
 * @ZPCI_DEFINE_DEFAULT: the document is taken as it is
 * @ZPCI_DEFINE_VALIDATE: it has to be valid by libvirt's schema
 *
 * How a device is made. What is not listed here is left to the daemon that makes it.
 */
typedef enum {
    ZPCI_DEFINE_DEFAULT = 0,
    ZPCI_DEFINE_VALIDATE = 1 << 0,
} ZpciDefineFlags;

/**
 * ZpciUpdateFlags:
 * @ZPCI_UPDATE_DEFAULT: the device as it is now: active, or defined only
 * @ZPCI_UPDATE_ACTIVE: the active device
 * @ZPCI_UPDATE_DEFINITION: what it will be when it is started next
 *
 * What of a device is updated. What is not listed here is left to the daemon that does it.
 */
typedef enum {
    ZPCI_UPDATE_DEFAULT = 0,
    ZPCI_UPDATE_ACTIVE = 1 << 0,
    ZPCI_UPDATE_DEFINITION = 1 << 1,
} ZpciUpdateFlags;

/**
 * zpci_inventory_new:
 * @host: (transfer full): the host to read
 *
 * Returns: (transfer full): its inventory; never fails.
 */
ZPCI_EXPORT ZpciInventory *zpci_inventory_new(ZpciHost *host);

/**
 * zpci_inventory_free:
 * @inventory: (transfer full) (nullable): %NULL does nothing
 */
ZPCI_EXPORT void zpci_inventory_free(ZpciInventory *inventory);

/**
 * zpci_inventory_set_upstream:
 * @uri: of libvirt: where another node device daemon is; it must not lead to this inventory
 * @read_only: whether to open it read-only
 *
 * Begins to connect to a daemon that has more kinds of devices and can make some. It is not waited
 * for, and connected to again when the connection is lost. To be called before the inventory is
 * used by several threads.
 *
 * libvirt's event loop becomes the one of the default main context, which has to run, unless the
 * process has registered another before; and libvirt no longer writes errors to the standard error.
 *
 * Returns: %FALSE with %ZPCI_ERROR_INVALID_ARGUMENT if @uri is no URI, or the host is a captured
 *   one.
 */
ZPCI_EXPORT gboolean zpci_inventory_set_upstream(ZpciInventory *inventory, const char *uri,
                                                 gboolean read_only, GError **error);

/**
 * zpci_inventory_new_for:
 * @inventory: the new one keeps it
 * @identity: on whose behalf: an a{sv} (a floating one is consumed) of the fields that libvirt's
 *   virConnectSetIdentity() takes, each under its name there: numbers of type t or x as libvirt has
 *   them, texts as bytes (ay) that end with a zero
 *
 * The same devices, asked for on behalf of somebody else. A daemon behind @inventory is told who
 * that is, and judges by its own access control; what it keeps from that one, although it is among
 * what is read here, is neither shown nor changed. If it does not take the identity, calls fail
 * with %ZPCI_ERROR_FOREIGN. There is a connection to it for each of these inventories, from the
 * first call until the inventory is freed.
 *
 * Returns: (transfer full): the inventory; never fails.
 */
ZPCI_EXPORT ZpciInventory *zpci_inventory_new_for(ZpciInventory *inventory, GVariant *identity);

/**
 * zpci_inventory_has_upstream:
 *
 * Returns: whether zpci_inventory_set_upstream() has been called.
 */
ZPCI_EXPORT gboolean zpci_inventory_has_upstream(const ZpciInventory *inventory);

/**
 * zpci_inventory_list:
 * @capabilities: (nullable) (array zero-terminated=1): names of capabilities, such as "pci" or
 *   "zpci"; a device is listed if it has any of them. %NULL lists all.
 * @states: those of the devices to list
 *
 * Returns: (transfer full) (array zero-terminated=1): device names, "computer" first, then by PCI
 *   address; %NULL with %ZPCI_ERROR_UNREADABLE if the host cannot be read, or with
 *   %ZPCI_ERROR_MALFORMED if it has more than %ZPCI_INVENTORY_MAX_DEVICES.
 */
ZPCI_EXPORT char **zpci_inventory_list(ZpciInventory *inventory, const char *const *capabilities,
                                       ZpciStates states, GError **error);

/**
 * zpci_inventory_has:
 *
 * Returns: whether there is a device of exactly this name now; %FALSE with %ZPCI_ERROR_NOT_FOUND
 *   that repeats @name if not.
 */
ZPCI_EXPORT gboolean zpci_inventory_has(ZpciInventory *inventory, const char *name, GError **error);

/**
 * zpci_inventory_lookup_scsi_host:
 * @wwnn: the node's World Wide Name
 * @wwpn: the port's
 * @name: (out) (transfer full): the device's name; written on success only
 *
 * Returns: %FALSE with %ZPCI_ERROR_NOT_FOUND if there is no such SCSI host.
 */
ZPCI_EXPORT gboolean zpci_inventory_lookup_scsi_host(ZpciInventory *inventory, const char *wwnn,
                                                     const char *wwpn, char **name, GError **error);

/**
 * zpci_inventory_resolve:
 * @text: a device name, a PCI address ("0005:00:00.0"), "fid=0x...", "uid=0x..." or "pchid=0x...",
 *   an FID as the name of a slot has it ("0000000c"), a number with "0x", which is an FID or a UID,
 *   or the name of a network interface or block device of the function; case does not matter
 *
 * Numbers are hexadecimal; where a decimal one could be meant, as in "fid=102", nothing is guessed.
 *
 * Returns: (transfer full): the device's name; %NULL with %ZPCI_ERROR_NOT_FOUND if there is none,
 *   %ZPCI_ERROR_INVALID_ARGUMENT if a number cannot be read, or if more than one function has it
 *   (then the message names them).
 */
ZPCI_EXPORT char *zpci_inventory_resolve(ZpciInventory *inventory, const char *text,
                                         GError **error);

/**
 * zpci_inventory_get_xml:
 *
 * Returns: (transfer full): the device's XML document; %NULL with %ZPCI_ERROR_NOT_FOUND if there is
 *   no such device (any more), or another code if it cannot be read.
 */
ZPCI_EXPORT char *zpci_inventory_get_xml(ZpciInventory *inventory, const char *name,
                                         GError **error);

/**
 * zpci_inventory_get_parent:
 * @parent: (out) (transfer full): the parent's name, %NULL for the root; written on success only
 *
 * Returns: %FALSE with %ZPCI_ERROR_NOT_FOUND if there is no such device.
 */
ZPCI_EXPORT gboolean zpci_inventory_get_parent(ZpciInventory *inventory, const char *name,
                                               char **parent, GError **error);

/**
 * zpci_inventory_get_capabilities:
 *
 * Returns: (transfer full) (array zero-terminated=1): the device's own capability, then those
 * nested in it, for example "pci" and "zpci"; %NULL with %ZPCI_ERROR_NOT_FOUND if there is no such
 * device.
 */
ZPCI_EXPORT char **zpci_inventory_get_capabilities(ZpciInventory *inventory, const char *name,
                                                   GError **error);

/**
 * zpci_inventory_is_active:
 * @active: (out): whether the device can be used now; written on success only
 *
 * Returns: %FALSE with %ZPCI_ERROR_NOT_FOUND if there is no such device.
 */
ZPCI_EXPORT gboolean zpci_inventory_is_active(ZpciInventory *inventory, const char *name,
                                              gboolean *active, GError **error);

/**
 * zpci_inventory_is_persistent:
 * @persistent: (out): whether it outlives a restart of the host, as libvirt sees it; written on
 *   success only
 *
 * Returns: %FALSE with %ZPCI_ERROR_NOT_FOUND if there is no such device.
 */
ZPCI_EXPORT gboolean zpci_inventory_is_persistent(ZpciInventory *inventory, const char *name,
                                                  gboolean *persistent, GError **error);

/**
 * zpci_inventory_get_autostart:
 * @autostart: (out): whether it is started by itself with the host; written on success only
 *
 * Returns: %FALSE with %ZPCI_ERROR_NOT_FOUND if there is no such device.
 */
ZPCI_EXPORT gboolean zpci_inventory_get_autostart(ZpciInventory *inventory, const char *name,
                                                  gboolean *autostart, GError **error);

/**
 * zpci_inventory_set_autostart:
 *
 * Returns: %FALSE with %ZPCI_ERROR_NOT_FOUND if there is no such device, %ZPCI_ERROR_UNSUPPORTED if
 *   it is of a kind that is never started by itself, or another code.
 */
ZPCI_EXPORT gboolean zpci_inventory_set_autostart(ZpciInventory *inventory, const char *name,
                                                  gboolean autostart, GError **error);

/**
 * zpci_inventory_create:
 * @xml: a node device document
 * @flags: how it is made
 * @name: (out) (transfer full): the name of the new device; written on success only
 *
 * Makes a device until it is destroyed or the host restarts. Hardware cannot be made.
 *
 * Returns: %FALSE with %ZPCI_ERROR_UNSUPPORTED if nothing can be made here, or another code.
 */
ZPCI_EXPORT gboolean zpci_inventory_create(ZpciInventory *inventory, const char *xml,
                                           ZpciDefineFlags flags, char **name, GError **error);

/**
 * zpci_inventory_define:
 *
 * Makes a device that outlives a restart of the host and has to be started; otherwise as
 * zpci_inventory_create().
 */
ZPCI_EXPORT gboolean zpci_inventory_define(ZpciInventory *inventory, const char *xml,
                                           ZpciDefineFlags flags, char **name, GError **error);

/**
 * zpci_inventory_update:
 * @xml: a node device document
 * @flags: what of it is updated
 *
 * Returns: %FALSE with %ZPCI_ERROR_UNSUPPORTED if nothing can be updated here, or another code.
 */
ZPCI_EXPORT gboolean zpci_inventory_update(ZpciInventory *inventory, const char *name,
                                           const char *xml, ZpciUpdateFlags flags, GError **error);

/**
 * zpci_inventory_undefine:
 *
 * Returns: %FALSE with %ZPCI_ERROR_NOT_FOUND if there is no such device, %ZPCI_ERROR_WRONG_STATE if
 *   it is not defined, %ZPCI_ERROR_UNSUPPORTED if it is there for ever, or another code.
 */
ZPCI_EXPORT gboolean zpci_inventory_undefine(ZpciInventory *inventory, const char *name,
                                             GError **error);

/**
 * zpci_inventory_start:
 *
 * Makes an inactive device an active one. For a zPCI function in standby: configures it.
 *
 * Returns: %FALSE with %ZPCI_ERROR_NOT_FOUND if there is no such device, %ZPCI_ERROR_WRONG_STATE if
 *   it is active already, or another code if it cannot be started.
 */
ZPCI_EXPORT gboolean zpci_inventory_start(ZpciInventory *inventory, const char *name,
                                          GError **error);

/**
 * zpci_inventory_destroy:
 *
 * Makes an active device an inactive one. For a zPCI function: deconfigures it.
 *
 * Returns: %FALSE with %ZPCI_ERROR_NOT_FOUND if there is no such device, %ZPCI_ERROR_UNSUPPORTED if
 *   it is of a kind that cannot be, %ZPCI_ERROR_WRONG_STATE if it is inactive already,
 *   %ZPCI_ERROR_IN_USE if somebody uses it, or another code.
 */
ZPCI_EXPORT gboolean zpci_inventory_destroy(ZpciInventory *inventory, const char *name,
                                            GError **error);

/**
 * zpci_inventory_detach:
 * @driver: (nullable): the driver to bind it to, %NULL for vfio-pci
 *
 * Takes a PCI function from the host's driver, so that a guest can have it.
 *
 * Returns: %FALSE with %ZPCI_ERROR_NOT_FOUND if there is no such device,
 *   %ZPCI_ERROR_INVALID_ARGUMENT if it is no PCI function or there is no such driver,
 *   %ZPCI_ERROR_IN_USE if somebody uses it, or another code.
 */
ZPCI_EXPORT gboolean zpci_inventory_detach(ZpciInventory *inventory, const char *name,
                                           const char *driver, GError **error);

/**
 * zpci_inventory_reattach:
 *
 * Gives a PCI function back to the host's driver.
 *
 * Returns: %FALSE with an error as of zpci_inventory_detach().
 */
ZPCI_EXPORT gboolean zpci_inventory_reattach(ZpciInventory *inventory, const char *name,
                                             GError **error);

/**
 * zpci_inventory_reset:
 *
 * Resets a PCI function.
 *
 * Returns: %FALSE with an error as of zpci_inventory_detach().
 */
ZPCI_EXPORT gboolean zpci_inventory_reset(ZpciInventory *inventory, const char *name,
                                          GError **error);

/**
 * zpci_inventory_get_function:
 * @function: (out) (transfer full) (nullable): what is known of it, %NULL if the device is no zPCI
 *   function; written on success only
 *
 * Returns: %FALSE with %ZPCI_ERROR_NOT_FOUND if there is no such device, or another code if it
 *   cannot be read.
 */
ZPCI_EXPORT gboolean zpci_inventory_get_function(ZpciInventory *inventory, const char *name,
                                                 ZpciFunction **function, GError **error);

/**
 * zpci_inventory_get_outline:
 * @function: (out) (transfer full) (nullable): as zpci_inventory_get_function(), but of sysfs only
 * what tells functions apart has been read: FID, UID, PFGID, PCHID, VFN, type and port
 *
 * For lists of many functions; takes half the time.
 *
 * Returns: %FALSE with %ZPCI_ERROR_NOT_FOUND if there is no such device, or another code if it
 *   cannot be read.
 */
ZPCI_EXPORT gboolean zpci_inventory_get_outline(ZpciInventory *inventory, const char *name,
                                                ZpciFunction **function, GError **error);

/**
 * zpci_inventory_probe:
 * @again: whether to open the function also if its capability chain has been read since it was
 *   bound
 *
 * Gives the capability chain that is kept of a function that is bound to a VFIO driver, or opens
 * it and reads the chain. Opening enables and resets the function and keeps guests out meanwhile,
 * so only a person should ask for it. For a capture, gives what was captured.
 *
 * Returns: (transfer full): the reply of VFIO_DEVICE_GET_INFO, in the byte order that
 *   zpci_inventory_get_byte_order() tells; %NULL with %ZPCI_ERROR_UNSUPPORTED if it is not bound to
 * a VFIO driver, %ZPCI_ERROR_IN_USE if somebody has it, or another code.
 */
ZPCI_EXPORT GByteArray *zpci_inventory_probe(ZpciInventory *inventory, const char *name,
                                             gboolean again, GError **error);

/**
 * zpci_inventory_get_byte_order:
 *
 * Returns: G_BIG_ENDIAN or G_LITTLE_ENDIAN: how the host writes numbers.
 */
ZPCI_EXPORT int zpci_inventory_get_byte_order(const ZpciInventory *inventory);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ZpciInventory, zpci_inventory_free)

G_END_DECLS
