/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "node-device-source.h"

void
node_device_source_init(NodeDeviceSource *source, const NodeDeviceSourceTable *table)
{
    source->table = table;
    g_atomic_ref_count_init(&source->references);
    source->decorator = NULL;
    source->host = NULL;
}

NodeDeviceSource *
node_device_source_ref(NodeDeviceSource *source)
{
    g_atomic_ref_count_inc(&source->references);
    return source;
}

void
node_device_source_unref(NodeDeviceSource *source)
{
    if (source == NULL || !g_atomic_ref_count_dec(&source->references))
        return;
    source->table->clear(source);
    g_free(source);
}

void
node_device_source_decorate(NodeDeviceSource *source, const NodeDeviceDecorator *decorator,
                            const ZpciHost *host)
{
    source->decorator = decorator;
    source->host = host;
}

NodeDeviceSource *
node_device_source_new_for(NodeDeviceSource *source, GVariant *identity)
{
    NodeDeviceSource *other;

    if (source->table->new_for == NULL)
        return node_device_source_ref(source);
    other = source->table->new_for(source, identity);
    node_device_source_decorate(other, source->decorator, source->host);
    return other;
}

gboolean
node_device_source_get_xml(NodeDeviceSource *source, const char *name, guint flags, char **xml,
                           GError **error)
{
    char *document;

    if (!source->table->get_xml(source, name, flags, &document, error))
        return FALSE;
    if (source->decorator != NULL)
        document = source->decorator->add_to_xml(source->host, name, document, error);
    if (document == NULL)
        return FALSE;
    *xml = document;
    return TRUE;
}

gboolean
node_device_source_get_capabilities(NodeDeviceSource *source, const char *name,
                                    char ***capabilities, GError **error)
{
    char **names;

    if (!source->table->get_capabilities(source, name, &names, error))
        return FALSE;
    if (source->decorator != NULL)
        names = source->decorator->add_to_capabilities(source->host, name, names);
    *capabilities = names;
    return TRUE;
}

gboolean
node_device_source_claims(NodeDeviceSource *source, const char *name, NodeDeviceAction action)
{
    return source->table->claims != NULL && source->table->claims(source, name, action);
}

gboolean
node_device_source_may_have(NodeDeviceSource *source, const char *const *capabilities)
{
    return capabilities == NULL || source->table->covers == NULL ||
           source->table->covers(source, capabilities);
}
