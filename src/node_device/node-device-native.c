/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "node-device-native.h"

#include <glib/gi18n-lib.h>
#include <libxml/parser.h>

#include "libvirt-release.h"
#include "node-device-families.h"
#include "node-device-name.h"
#include "node-device-native-resolve.h"
#include "node-device-native-watch.h"
#include "node-device-pci-family.h"
#include "text-quote.h"
#include "zpci-error.h"
#include "zpci-host-private.h"

typedef struct {
    NodeDeviceSource source;
    const ZpciHost *host;
} NodeDeviceNative;

static const ZpciHost *
node_device_native_get_host(const NodeDeviceSource *source)
{
    return ((const NodeDeviceNative *)source)->host;
}

static const NodeDeviceFamily *
node_device_native_find(const NodeDeviceSource *source, const char *name, GError **error)
{
    return node_device_families_find(node_device_native_get_host(source), name, error);
}

static void
node_device_native_clear(G_GNUC_UNUSED NodeDeviceSource *source)
{
}

static GPtrArray *
node_device_native_list(NodeDeviceSource *source, const NodeDeviceWish *wish, GError **error)
{
    return node_device_families_list(node_device_native_get_host(source), wish, error);
}

static gboolean
node_device_native_covers(G_GNUC_UNUSED NodeDeviceSource *source, const char *const *capabilities)
{
    return node_device_families_cover(capabilities);
}

static gboolean
node_device_native_has(NodeDeviceSource *source, const char *name, GError **error)
{
    return node_device_native_find(source, name, error) != NULL;
}

static char *
node_device_native_find_by_text(NodeDeviceSource *source, const NodeDeviceView *view,
                                const char *text, GError **error)
{
    return node_device_native_resolve(node_device_native_get_host(source), view, text, error);
}

static gboolean
node_device_native_lacks(G_GNUC_UNUSED NodeDeviceSource *source, const GError *error)
{
    return g_error_matches(error, ZPCI_ERROR, ZPCI_ERROR_NOT_FOUND);
}

/* What has a definition looks the same when it is asked for: nothing of it changes with its state.
 */
static gboolean
node_device_native_check_xml_flags(const NodeDeviceFamily *family, const char *name, guint flags,
                                   GError **error)
{
    if ((flags & ~libvirt_release_get()->xml_flags) != 0) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                    _("There is no document of %s with flags such as 0x%x."), name, flags);
        return FALSE;
    }
    if (family->is_persistent)
        return TRUE;
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_WRONG_STATE, _("node device '%s' is not persistent"),
                name);
    return FALSE;
}

static gboolean
node_device_native_get_xml(NodeDeviceSource *source, const char *name, guint flags, char **xml,
                           GError **error)
{
    const ZpciHost *host = node_device_native_get_host(source);
    const NodeDeviceFamily *family = flags == 0 ? node_device_families_choose(host, name, error)
                                                : node_device_families_find(host, name, error);
    g_autoptr(GError) problem = NULL;
    char *document;

    if (family == NULL ||
        (flags != 0 && !node_device_native_check_xml_flags(family, name, flags, error)))
        return FALSE;
    document = family->get_xml(host, name, &problem);
    if (document != NULL) {
        *xml = document;
        return TRUE;
    }
    if (g_error_matches(problem, ZPCI_ERROR, ZPCI_ERROR_NOT_FOUND))
        node_device_name_miss(name, error);
    else
        g_propagate_error(error, g_steal_pointer(&problem));
    return FALSE;
}

static gboolean
node_device_native_get_parent(NodeDeviceSource *source, const char *name, char **parent,
                              GError **error)
{
    const NodeDeviceFamily *family = node_device_native_find(source, name, error);

    if (family == NULL)
        return FALSE;
    *parent = family->get_parent(node_device_native_get_host(source), name);
    return TRUE;
}

static gboolean
node_device_native_get_capabilities(NodeDeviceSource *source, const char *name,
                                    char ***capabilities, GError **error)
{
    const NodeDeviceFamily *family = node_device_native_find(source, name, error);
    g_autoptr(GStrvBuilder) names = NULL;

    if (family == NULL)
        return FALSE;
    names = g_strv_builder_new();
    g_strv_builder_add(names, family->capability);
    for (guint i = 0; family->nested[i] != NULL; i++) {
        if (family->has_nested(node_device_native_get_host(source), name, family->nested[i]))
            g_strv_builder_add(names, family->nested[i]);
    }
    *capabilities = g_strv_builder_end(names);
    return TRUE;
}

static gboolean
node_device_native_get_state(NodeDeviceSource *source, const char *name, NodeDeviceState state,
                             gboolean *yes, GError **error)
{
    const NodeDeviceFamily *family = node_device_native_find(source, name, error);

    if (family == NULL)
        return FALSE;
    if (state == NODE_DEVICE_STATE_ACTIVE)
        *yes = !family->is_inactive;
    else if (state == NODE_DEVICE_STATE_PERSISTENT)
        *yes = family->is_persistent;
    else
        /* libvirt starts exactly those devices by itself that it calls persistent; one in standby
         * stays there until somebody starts it. */
        *yes = family->is_persistent && !family->is_inactive;
    return TRUE;
}

static gboolean
node_device_native_get_function(NodeDeviceSource *source, const char *name, gboolean outline,
                                ZpciFunction **function, GError **error)
{
    return node_device_families_get_function(node_device_native_get_host(source), name, outline,
                                             function, error);
}

static gboolean
node_device_native_knows_how(const NodeDeviceFamily *family, NodeDeviceAction action)
{
    switch (action) {
    case NODE_DEVICE_ACTION_START:
        return family->start != NULL;
    case NODE_DEVICE_ACTION_DESTROY:
        return family->destroy != NULL;
    case NODE_DEVICE_ACTION_DETACH:
        return family->detach != NULL;
    case NODE_DEVICE_ACTION_REATTACH:
        return family->reattach != NULL;
    case NODE_DEVICE_ACTION_RESET:
        return family->reset != NULL;
    case NODE_DEVICE_ACTION_PROBE:
        return family->probe != NULL;
    }
    return FALSE;
}

static gboolean
node_device_native_claims(NodeDeviceSource *source, const char *name, NodeDeviceAction action)
{
    const NodeDeviceFamily *family = node_device_native_find(source, name, NULL);

    return family != NULL && node_device_native_knows_how(family, action);
}

static gboolean
node_device_native_refuse_kind(const char *name, GError **error)
{
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_UNSUPPORTED,
                _("This cannot be done to a device such as %s."), name);
    return FALSE;
}

/* Whether the device is in a state in which this can be done, and of a kind and a host to which. */
static gboolean
node_device_native_check(const NodeDeviceSource *source, const NodeDeviceFamily *family,
                         const char *name, NodeDeviceAction action, GError **error)
{
    if (action == NODE_DEVICE_ACTION_START && !family->is_inactive) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_WRONG_STATE, _("Device is already active"));
        return FALSE;
    }
    if (action == NODE_DEVICE_ACTION_DESTROY && family->is_inactive) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_WRONG_STATE, _("Device '%s' is not active"),
                    name);
        return FALSE;
    }
    if (!node_device_native_knows_how(family, action))
        return node_device_native_refuse_kind(name, error);
    if (zpci_host_get_capture(node_device_native_get_host(source)) == NULL)
        return TRUE;
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_WRONG_STATE,
                _("%s belongs to a captured host, where nothing can be changed."), name);
    return FALSE;
}

/* Whoever has the device: whether this can be done to it by its name. */
static gboolean
node_device_native_check_name(const char *name, NodeDeviceAction action, GError **error)
{
    g_autofree char *quoted = NULL;
    PciAddress address;

    if (action == NODE_DEVICE_ACTION_START || action == NODE_DEVICE_ACTION_DESTROY ||
        node_device_name_parse(name, &address))
        return TRUE;
    if (action == NODE_DEVICE_ACTION_PROBE) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_UNSUPPORTED,
                    _("%s is not a PCI function, so it has no capability chain."), name);
        return FALSE;
    }
    quoted = text_quote(name);
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT, _("device %s is not a PCI device"),
                quoted);
    return FALSE;
}

static gboolean
node_device_native_act(NodeDeviceSource *source, const char *name, NodeDeviceAction action,
                       const char *driver, GError **error)
{
    const ZpciHost *host = node_device_native_get_host(source);
    const NodeDeviceFamily *family;

    if (!node_device_native_check_name(name, action, error))
        return FALSE;
    family = node_device_native_find(source, name, error);
    if (family == NULL || !node_device_native_check(source, family, name, action, error))
        return FALSE;
    switch (action) {
    case NODE_DEVICE_ACTION_START:
        return family->start(host, name, error);
    case NODE_DEVICE_ACTION_DESTROY:
        return family->destroy(host, name, error);
    case NODE_DEVICE_ACTION_DETACH:
        return family->detach(host, name, driver, error);
    case NODE_DEVICE_ACTION_REATTACH:
        return family->reattach(host, name, error);
    case NODE_DEVICE_ACTION_RESET:
        return family->reset(host, name, error);
    case NODE_DEVICE_ACTION_PROBE:
        break;
    }
    return node_device_native_refuse_kind(name, error);
}

static GByteArray *
node_device_native_probe(NodeDeviceSource *source, const char *name, gboolean again, GError **error)
{
    const NodeDeviceFamily *family;

    if (!node_device_native_check_name(name, NODE_DEVICE_ACTION_PROBE, error))
        return NULL;
    family = node_device_native_find(source, name, error);
    return family != NULL ? family->probe(node_device_native_get_host(source), name, again, error)
                          : NULL;
}

static gboolean
node_device_native_set_autostart(NodeDeviceSource *source, const char *name,
                                 G_GNUC_UNUSED gboolean autostart, GError **error)
{
    return node_device_native_find(source, name, error) != NULL &&
           node_device_native_refuse_kind(name, error);
}

static gboolean
node_device_native_refuse(GError **error)
{
    g_set_error_literal(
        error, ZPCI_ERROR, ZPCI_ERROR_UNSUPPORTED,
        _("Devices of hardware exist by themselves: they cannot be created, defined or updated."));
    return FALSE;
}

/* Neither creates nor defines. */
static gboolean
node_device_native_make(G_GNUC_UNUSED NodeDeviceSource *source, G_GNUC_UNUSED const char *xml,
                        G_GNUC_UNUSED guint flags, G_GNUC_UNUSED char **name, GError **error)
{
    return node_device_native_refuse(error);
}

static gboolean
node_device_native_update(NodeDeviceSource *source, const char *name, G_GNUC_UNUSED const char *xml,
                          G_GNUC_UNUSED guint flags, GError **error)
{
    return node_device_native_find(source, name, error) != NULL && node_device_native_refuse(error);
}

static gboolean
node_device_native_undefine(NodeDeviceSource *source, const char *name, GError **error)
{
    const NodeDeviceFamily *family = node_device_native_find(source, name, error);

    if (family == NULL)
        return FALSE;
    if (family->is_persistent)
        return node_device_native_refuse_kind(name, error);
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_WRONG_STATE, _("Node device '%s' is not defined"),
                name);
    return FALSE;
}

/* There is none among the devices that we read ourselves. */
static gboolean
node_device_native_lookup_scsi_host(G_GNUC_UNUSED NodeDeviceSource *source, const char *wwnn,
                                    const char *wwpn, G_GNUC_UNUSED char **name, GError **error)
{
    g_autofree char *node = text_quote(wwnn);
    g_autofree char *port = text_quote(wwpn);

    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_NOT_FOUND, _("There is no SCSI host %s,%s."), node,
                port);
    return FALSE;
}

static gboolean
node_device_native_get_ready(NodeDeviceSource *source, const char *name, char **xml,
                             char ***capabilities)
{
    return node_device_pci_family_get_ready(node_device_native_get_host(source), name, xml,
                                            capabilities);
}

static NodeDeviceWatch *
node_device_native_begin_watch(NodeDeviceSource *source, NodeDeviceWatchHandler handler,
                               gpointer user_data, GError **error)
{
    return node_device_native_watch_new(node_device_native_get_host(source), handler, user_data,
                                        error);
}

static const NodeDeviceSourceTable node_device_native_table = {
    .clear = node_device_native_clear,
    .list = node_device_native_list,
    .covers = node_device_native_covers,
    .has = node_device_native_has,
    .resolve = node_device_native_find_by_text,
    .lacks = node_device_native_lacks,
    .get_xml = node_device_native_get_xml,
    .get_parent = node_device_native_get_parent,
    .get_capabilities = node_device_native_get_capabilities,
    .get_state = node_device_native_get_state,
    .get_function = node_device_native_get_function,
    .claims = node_device_native_claims,
    .act = node_device_native_act,
    .probe = node_device_native_probe,
    .set_autostart = node_device_native_set_autostart,
    .create = node_device_native_make,
    .define = node_device_native_make,
    .update = node_device_native_update,
    .undefine = node_device_native_undefine,
    .lookup_scsi_host = node_device_native_lookup_scsi_host,
    .get_ready = node_device_native_get_ready,
    .watch = node_device_native_begin_watch,
};

NodeDeviceSource *
node_device_native_new(const ZpciHost *host)
{
    NodeDeviceNative *native = g_new0(NodeDeviceNative, 1);

    /* libxml2 has to be made ready before threads use it. */
    xmlInitParser();
    node_device_source_init(&native->source, &node_device_native_table);
    native->host = host;
    return &native->source;
}
