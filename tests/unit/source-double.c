/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "source-double.h"

static SourceDouble *source_double_make(const NodeDeviceSourceTable *table, const char *device,
                                        const char *kept, int code);

static void
clear(G_GNUC_UNUSED NodeDeviceSource *source)
{
}

static gboolean
answer(NodeDeviceSource *source, const char *name, GError **error)
{
    SourceDouble *self = (SourceDouble *)source;

    self->asked++;
    if (self->code < 0 && g_strcmp0(name, self->device) == 0)
        return TRUE;
    g_set_error(error, ZPCI_ERROR, self->code < 0 ? ZPCI_ERROR_NOT_FOUND : self->code,
                "The source of %s does not answer.", self->device);
    return FALSE;
}

static NodeDeviceSource *
new_for(NodeDeviceSource *source, G_GNUC_UNUSED GVariant *identity)
{
    SourceDouble *self = (SourceDouble *)source;

    return &source_double_make(source->table, self->device, NULL, self->code)->source;
}

static GPtrArray *
list(NodeDeviceSource *source, G_GNUC_UNUSED const NodeDeviceWish *wish, GError **error)
{
    SourceDouble *self = (SourceDouble *)source;
    GPtrArray *names;

    if (!answer(source, self->device, error))
        return NULL;
    names = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(names, g_strdup(self->device));
    if (self->kept != NULL)
        g_ptr_array_add(names, g_strdup(self->kept));
    return names;
}

/* It is there, whatever it answers. */
static gboolean
has(NodeDeviceSource *source, const char *name, GError **error)
{
    SourceDouble *self = (SourceDouble *)source;

    return g_strcmp0(name, self->device) == 0 || answer(source, name, error);
}

static gboolean
lacks(G_GNUC_UNUSED NodeDeviceSource *source, const GError *error)
{
    return g_error_matches(error, ZPCI_ERROR, ZPCI_ERROR_NOT_FOUND) ||
           g_error_matches(error, ZPCI_ERROR, ZPCI_ERROR_UNREACHABLE);
}

static gboolean
get_xml(NodeDeviceSource *source, const char *name, G_GNUC_UNUSED guint flags, char **xml,
        GError **error)
{
    if (!answer(source, name, error))
        return FALSE;
    *xml = g_strdup_printf("<device><name>%s</name></device>", name);
    return TRUE;
}

static gboolean
get_parent(NodeDeviceSource *source, const char *name, char **parent, GError **error)
{
    if (!answer(source, name, error))
        return FALSE;
    *parent = g_strdup("parent");
    return TRUE;
}

static gboolean
get_capabilities(NodeDeviceSource *source, const char *name, char ***capabilities, GError **error)
{
    if (!answer(source, name, error))
        return FALSE;
    *capabilities = g_strsplit("pci", " ", -1);
    return TRUE;
}

static gboolean
make(NodeDeviceSource *source, G_GNUC_UNUSED const char *xml, G_GNUC_UNUSED guint flags,
     char **name, GError **error)
{
    SourceDouble *self = (SourceDouble *)source;

    if (!answer(source, self->device, error))
        return FALSE;
    *name = g_strdup("made");
    return TRUE;
}

static const NodeDeviceSourceTable double_table = {
    .clear = clear,
    .new_for = new_for,
    .list = list,
    .has = has,
    .lacks = lacks,
    .get_xml = get_xml,
    .get_parent = get_parent,
    .get_capabilities = get_capabilities,
    .create = make,
    .define = make,
};

static SourceDouble *
source_double_make(const NodeDeviceSourceTable *table, const char *device, const char *kept,
                   int code)
{
    SourceDouble *self = g_new0(SourceDouble, 1);

    node_device_source_init(&self->source, table);
    self->device = device;
    self->kept = kept;
    self->code = code;
    return self;
}

SourceDouble *
source_double_new(const char *device, const char *kept, int code)
{
    return source_double_make(&double_table, device, kept, code);
}
