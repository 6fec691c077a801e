/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "upstream-source.h"

#include <glib/gi18n-lib.h>

#include "libvirt-library.h"
#include "node-device-names.h"
#include "text-quote.h"
#include "upstream-device.h"
#include "zpci-error.h"
#include "zpci-libvirt.h"
#include "zpci-upstream.h"

typedef struct {
    NodeDeviceSource source;
    ZpciUpstream *upstream; /* ended with the source that is for ourselves */
    UpstreamCaller *caller; /* who asks */
} UpstreamSource;

typedef struct {
    NodeDeviceWatch watch;
    ZpciUpstream *upstream;
} UpstreamSourceWatch;

static UpstreamCaller *
upstream_source_get_caller(const NodeDeviceSource *source)
{
    return ((const UpstreamSource *)source)->caller;
}

static ZpciUpstream *
upstream_source_get_upstream(const NodeDeviceSource *source)
{
    return ((const UpstreamSource *)source)->upstream;
}

static void
upstream_source_clear(NodeDeviceSource *source)
{
    UpstreamCaller *caller = upstream_source_get_caller(source);
    gboolean is_other = upstream_caller_is_other(caller);

    upstream_caller_free(caller);
    if (is_other)
        zpci_upstream_unref(upstream_source_get_upstream(source));
    else
        zpci_upstream_stop(upstream_source_get_upstream(source));
}

/* Takes over @upstream. */
static NodeDeviceSource *
upstream_source_make(const NodeDeviceSourceTable *table, ZpciUpstream *upstream, GVariant *identity)
{
    UpstreamSource *source = g_new0(UpstreamSource, 1);

    node_device_source_init(&source->source, table);
    source->upstream = upstream;
    source->caller = upstream_caller_new(upstream, identity);
    return &source->source;
}

static NodeDeviceSource *
upstream_source_new_for(NodeDeviceSource *source, GVariant *identity)
{
    return upstream_source_make(source->table,
                                zpci_upstream_ref(upstream_source_get_upstream(source)), identity);
}

static GPtrArray *
upstream_source_list(NodeDeviceSource *source, const NodeDeviceWish *wish, GError **error)
{
    UpstreamCaller *caller = upstream_source_get_caller(source);
    const char *const *capability = wish->capabilities;
    g_autoptr(GPtrArray) names = NULL;
    g_autoptr(GPtrArray) of_states = NULL;
    g_autoptr(GHashTable) limit = NULL;

    if (wish->flags != 0)
        return upstream_device_list(caller, wish->flags, error);
    if (capability == NULL || wish->states != ZPCI_STATE_ANY) {
        of_states = upstream_device_list(caller, zpci_libvirt_get_flags_of(wish->states), error);
        if (of_states == NULL || capability == NULL)
            return g_steal_pointer(&of_states);
        limit = node_device_names_make_set(of_states);
    }
    names = g_ptr_array_new_with_free_func(g_free);
    for (; *capability != NULL; capability++) {
        g_autoptr(GPtrArray) having = upstream_device_list_having(caller, *capability, error);

        if (having == NULL)
            return NULL;
        node_device_names_merge(names, having, limit);
    }
    return g_steal_pointer(&names);
}

static gboolean
upstream_source_has(NodeDeviceSource *source, const char *name, GError **error)
{
    return upstream_device_lookup(upstream_source_get_caller(source), name, error);
}

static gboolean
upstream_source_lacks(G_GNUC_UNUSED NodeDeviceSource *source, const GError *error)
{
    return upstream_device_is_missing(error) ||
           g_error_matches(error, ZPCI_ERROR, ZPCI_ERROR_UNREACHABLE);
}

static gboolean
upstream_source_get_xml(NodeDeviceSource *source, const char *name, guint flags, char **xml,
                        GError **error)
{
    return upstream_device_get_xml(upstream_source_get_caller(source), name, flags, xml, error);
}

static gboolean
upstream_source_get_parent(NodeDeviceSource *source, const char *name, char **parent,
                           GError **error)
{
    return upstream_device_get_parent(upstream_source_get_caller(source), name, parent, error);
}

static gboolean
upstream_source_get_capabilities(NodeDeviceSource *source, const char *name, char ***capabilities,
                                 GError **error)
{
    return upstream_device_get_capabilities(upstream_source_get_caller(source), name, capabilities,
                                            error);
}

static gboolean
upstream_source_get_state(NodeDeviceSource *source, const char *name, NodeDeviceState state,
                          gboolean *yes, GError **error)
{
    return upstream_device_get_state(upstream_source_get_caller(source), name, state, yes, error);
}

/* It claims nothing, so it is asked for these two only. */
static gboolean
upstream_source_act(NodeDeviceSource *source, const char *name, NodeDeviceAction action,
                    G_GNUC_UNUSED const char *driver, GError **error)
{
    UpstreamCaller *caller = upstream_source_get_caller(source);

    return action == NODE_DEVICE_ACTION_START ? upstream_device_start(caller, name, 0, error)
                                              : upstream_device_destroy(caller, name, error);
}

static gboolean
upstream_source_set_autostart(NodeDeviceSource *source, const char *name, gboolean autostart,
                              GError **error)
{
    return upstream_device_set_autostart(upstream_source_get_caller(source), name, autostart,
                                         error);
}

static gboolean
upstream_source_create(NodeDeviceSource *source, const char *xml, guint flags, char **name,
                       GError **error)
{
    return upstream_device_create(upstream_source_get_caller(source), xml, flags, name, error);
}

static gboolean
upstream_source_define(NodeDeviceSource *source, const char *xml, guint flags, char **name,
                       GError **error)
{
    return upstream_device_define(upstream_source_get_caller(source), xml, flags, name, error);
}

static gboolean
upstream_source_update(NodeDeviceSource *source, const char *name, const char *xml, guint flags,
                       GError **error)
{
    return upstream_device_update(upstream_source_get_caller(source), name, xml, flags, error);
}

static gboolean
upstream_source_undefine(NodeDeviceSource *source, const char *name, GError **error)
{
    return upstream_device_undefine(upstream_source_get_caller(source), name, 0, error);
}

static gboolean
upstream_source_lookup_scsi_host(NodeDeviceSource *source, const char *wwnn, const char *wwpn,
                                 char **name, GError **error)
{
    return upstream_device_lookup_scsi_host(upstream_source_get_caller(source), wwnn, wwpn, 0, name,
                                            error);
}

static void
upstream_source_on_event(ZpciEvent event, const char *name, gpointer user_data)
{
    node_device_watch_tell(user_data, event, name);
}

static ZpciUpstream *
upstream_source_get_watched(const NodeDeviceWatch *watch)
{
    return ((const UpstreamSourceWatch *)watch)->upstream;
}

static void
upstream_source_start_watch(NodeDeviceWatch *watch)
{
    zpci_upstream_watch(upstream_source_get_watched(watch), upstream_source_on_event, watch);
}

static void
upstream_source_clear_watch(NodeDeviceWatch *watch)
{
    zpci_upstream_unwatch(upstream_source_get_watched(watch), watch);
}

static gboolean
upstream_source_has_told(const NodeDeviceWatch *watch, const char *name)
{
    return zpci_upstream_is_active(upstream_source_get_watched(watch), name);
}

static gboolean
upstream_source_will_tell(const NodeDeviceWatch *watch, const char *name)
{
    return zpci_upstream_settle(upstream_source_get_watched(watch), name);
}

static const NodeDeviceWatchTable upstream_source_watch_table = {
    .start = upstream_source_start_watch,
    .clear = upstream_source_clear_watch,
    .has_told = upstream_source_has_told,
    .will_tell = upstream_source_will_tell,
};

static NodeDeviceWatch *
upstream_source_watch(NodeDeviceSource *source, NodeDeviceWatchHandler handler, gpointer user_data,
                      G_GNUC_UNUSED GError **error)
{
    UpstreamSourceWatch *watch = g_new0(UpstreamSourceWatch, 1);

    node_device_watch_init(&watch->watch, &upstream_source_watch_table, handler, user_data);
    watch->upstream = upstream_source_get_upstream(source);
    return &watch->watch;
}

static const NodeDeviceSourceTable upstream_source_table = {
    .clear = upstream_source_clear,
    .new_for = upstream_source_new_for,
    .list = upstream_source_list,
    .has = upstream_source_has,
    .lacks = upstream_source_lacks,
    .get_xml = upstream_source_get_xml,
    .get_parent = upstream_source_get_parent,
    .get_capabilities = upstream_source_get_capabilities,
    .get_state = upstream_source_get_state,
    .act = upstream_source_act,
    .set_autostart = upstream_source_set_autostart,
    .create = upstream_source_create,
    .define = upstream_source_define,
    .update = upstream_source_update,
    .undefine = upstream_source_undefine,
    .lookup_scsi_host = upstream_source_lookup_scsi_host,
    .watch = upstream_source_watch,
};

NodeDeviceSource *
upstream_source_new(const char *uri, gboolean read_only, GError **error)
{
    g_autofree char *quoted = NULL;

    if (g_uri_peek_scheme(uri) == NULL) {
        quoted = text_quote(uri);
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                    _("%s is no URI of libvirt, such as nodedev:///system."), quoted);
        return NULL;
    }
    if (!libvirt_library_load(error))
        return NULL;
    return upstream_source_make(&upstream_source_table, zpci_upstream_new(uri, read_only), NULL);
}
