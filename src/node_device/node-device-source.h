/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "node-device-watch.h"
#include "zpci-function.h"
#include "zpci-host.h"
#include "zpci-states.h"

/* Most devices that a source may have: as many as one list holds. */
#define NODE_DEVICE_SOURCE_MAX_DEVICES 65536

/**
 * NodeDeviceWish:
 * @capabilities: (nullable) (array zero-terminated=1): a device is listed if it has any; %NULL: all
 * @states: those of the devices to list
 * @flags: of virConnectListAllNodeDevices(), which mean the same and say more; 0: only the above
 *
 * What a list is asked for.
 */
typedef struct {
    const char *const *capabilities;
    ZpciStates states;
    guint flags;
} NodeDeviceWish;

/** NodeDeviceState: what can be asked about a device. */
typedef enum {
    NODE_DEVICE_STATE_ACTIVE,
    NODE_DEVICE_STATE_PERSISTENT,
    NODE_DEVICE_STATE_AUTOSTARTED,
} NodeDeviceState;

/** NodeDeviceAction: what can be done to a device. */
typedef enum {
    NODE_DEVICE_ACTION_START,
    NODE_DEVICE_ACTION_DESTROY,
    NODE_DEVICE_ACTION_DETACH,
    NODE_DEVICE_ACTION_REATTACH,
    NODE_DEVICE_ACTION_RESET,
    NODE_DEVICE_ACTION_PROBE,
} NodeDeviceAction;

/**
 * NodeDeviceView:
 * @has: whether there is such a device
 * @list: (transfer full): the names of the devices that have one of these capabilities
 * @data: for both
 *
 * The devices of all sources, as far as who asks may know of them.
 */
typedef struct {
    gboolean (*has)(gpointer data, const char *name, GError **error);
    char **(*list)(gpointer data, const char *const *capabilities, GError **error);
    gpointer data;
} NodeDeviceView;

/**
 * NodeDeviceSource:
 *
 * Somebody who knows node devices: this machine, or another daemon. The inventory asks several.
 */
typedef struct _NodeDeviceSource NodeDeviceSource;

/**
 * NodeDeviceSourceTable:
 * @clear: frees what the source has
 * @new_for: (nullable) (transfer full): the same devices on behalf of somebody else, of which some
 *   may be kept from that one; %NULL if it makes no difference who asks
 * @list: (transfer full) (element-type utf8): the names of its devices that are wished
 * @covers: (nullable): whether it may have devices of such capabilities; %NULL if it may have any
 * @has: whether there is a device of exactly this name
 * @resolve: (nullable) (transfer full): the name of the device of @view that a person calls @text
 * @lacks: whether the error is that it has no such device, or cannot be reached: then another
 *   source may answer
 * @get_xml: its document; @flags: of virNodeDeviceGetXMLDesc()
 * @get_parent: its parent's name, %NULL for the root
 * @get_capabilities: the names of its capabilities
 * @get_state: whether it is so
 * @get_function: (nullable): what is known of a zPCI function, %NULL if it is none; @outline: only
 *   what tells functions apart
 * @claims: (nullable): whether the source does this to the device whoever else has it
 * @act: does it; what it does not claim is asked of it only if it is start or destroy, and of the
 *   source that reads the host, which then says why this is not done to a device that somebody
 *   has. @driver: (nullable): for detach. Not for probe.
 * @probe: (nullable): the reply of VFIO_DEVICE_GET_INFO, or why such a device has none; @again: the
 *   one that is kept does not do
 * @set_autostart: whether it is started with the host
 * @create: makes a device and gives its name
 * @define: makes one that outlives a restart
 * @update: changes the definition
 * @undefine: takes the definition away
 * @lookup_scsi_host: the name of the SCSI host of these World Wide Names
 * @get_ready: (nullable): see zpci_inventory_get_ready(); %NULL if nothing ever is
 * @watch: (transfer full): begins to tell @handler of changes, which is called once the watch has
 *   been started; it may have to find out first what is there, which takes long. The watch must be
 *   freed before the source
 *
 * All may be called from several threads at once. Outputs are written on success only. @resolve,
 * @get_function and @probe are asked only of the source that reads the host, which has them.
 */
typedef struct {
    void (*clear)(NodeDeviceSource *source);
    NodeDeviceSource *(*new_for)(NodeDeviceSource *source, GVariant *identity);
    GPtrArray *(*list)(NodeDeviceSource *source, const NodeDeviceWish *wish, GError **error);
    gboolean (*covers)(NodeDeviceSource *source, const char *const *capabilities);
    gboolean (*has)(NodeDeviceSource *source, const char *name, GError **error);
    char *(*resolve)(NodeDeviceSource *source, const NodeDeviceView *view, const char *text,
                     GError **error);
    gboolean (*lacks)(NodeDeviceSource *source, const GError *error);
    gboolean (*get_xml)(NodeDeviceSource *source, const char *name, guint flags, char **xml,
                        GError **error);
    gboolean (*get_parent)(NodeDeviceSource *source, const char *name, char **parent,
                           GError **error);
    gboolean (*get_capabilities)(NodeDeviceSource *source, const char *name, char ***capabilities,
                                 GError **error);
    gboolean (*get_state)(NodeDeviceSource *source, const char *name, NodeDeviceState state,
                          gboolean *yes, GError **error);
    gboolean (*get_function)(NodeDeviceSource *source, const char *name, gboolean outline,
                             ZpciFunction **function, GError **error);
    gboolean (*claims)(NodeDeviceSource *source, const char *name, NodeDeviceAction action);
    gboolean (*act)(NodeDeviceSource *source, const char *name, NodeDeviceAction action,
                    const char *driver, GError **error);
    GByteArray *(*probe)(NodeDeviceSource *source, const char *name, gboolean again,
                         GError **error);
    gboolean (*set_autostart)(NodeDeviceSource *source, const char *name, gboolean autostart,
                              GError **error);
    gboolean (*create)(NodeDeviceSource *source, const char *xml, guint flags, char **name,
                       GError **error);
    gboolean (*define)(NodeDeviceSource *source, const char *xml, guint flags, char **name,
                       GError **error);
    gboolean (*update)(NodeDeviceSource *source, const char *name, const char *xml, guint flags,
                       GError **error);
    gboolean (*undefine)(NodeDeviceSource *source, const char *name, GError **error);
    gboolean (*lookup_scsi_host)(NodeDeviceSource *source, const char *wwnn, const char *wwpn,
                                 char **name, GError **error);
    gboolean (*get_ready)(NodeDeviceSource *source, const char *name, char **xml,
                          char ***capabilities);
    NodeDeviceWatch *(*watch)(NodeDeviceSource *source, NodeDeviceWatchHandler handler,
                              gpointer user_data, GError **error);
} NodeDeviceSourceTable;

/**
 * NodeDeviceDecorator:
 * @add_to_xml: (transfer full): @xml, which it takes over, with more; %NULL with @error set
 * @add_to_capabilities: (transfer full): @capabilities, which it takes over, and more
 *
 * Adds to what a source says of the device @name what @host shows besides.
 */
typedef struct {
    char *(*add_to_xml)(const ZpciHost *host, const char *name, char *xml, GError **error);
    char **(*add_to_capabilities)(const ZpciHost *host, const char *name, char **capabilities);
} NodeDeviceDecorator;

/* What a source begins with. */
struct _NodeDeviceSource {
    const NodeDeviceSourceTable *table;
    gatomicrefcount references;
    const NodeDeviceDecorator *decorator; /* NULL if nothing is added */
    const ZpciHost *host;                 /* for the decorator */
};

/** node_device_source_init: for who makes a source, from g_malloc(): one reference. */
void node_device_source_init(NodeDeviceSource *source, const NodeDeviceSourceTable *table);

/** node_device_source_ref: (transfer full): one reference more. */
NodeDeviceSource *node_device_source_ref(NodeDeviceSource *source);

/** node_device_source_unref: @source: (transfer full) (nullable): %NULL does nothing. */
void node_device_source_unref(NodeDeviceSource *source);

/**
 * node_device_source_decorate:
 * @decorator: static
 * @host: borrowed; must outlive the source
 *
 * From now on @decorator adds to what @source says, whoever asks.
 */
void node_device_source_decorate(NodeDeviceSource *source, const NodeDeviceDecorator *decorator,
                                 const ZpciHost *host);

/** node_device_source_new_for: (transfer full): the source for somebody else; it may be the same.
 */
NodeDeviceSource *node_device_source_new_for(NodeDeviceSource *source, GVariant *identity);

/** node_device_source_get_xml: the document, decorated. */
gboolean node_device_source_get_xml(NodeDeviceSource *source, const char *name, guint flags,
                                    char **xml, GError **error);

/** node_device_source_get_capabilities: the names, decorated. */
gboolean node_device_source_get_capabilities(NodeDeviceSource *source, const char *name,
                                             char ***capabilities, GError **error);

/** node_device_source_claims: whether it does this to the device whoever else has it. */
gboolean node_device_source_claims(NodeDeviceSource *source, const char *name,
                                   NodeDeviceAction action);

/** node_device_source_may_have: whether it may have devices of such capabilities, %NULL: of all. */
gboolean node_device_source_may_have(NodeDeviceSource *source, const char *const *capabilities);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NodeDeviceSource, node_device_source_unref)
