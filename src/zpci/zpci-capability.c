/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-capability.h"

#include "boxed-type.h"
#include "zpci-capability-private.h"

ZpciCapability *
zpci_capability_ref(ZpciCapability *capability)
{
    zpci_chain_ref(capability->chain);
    return capability;
}

void
zpci_capability_unref(ZpciCapability *capability)
{
    if (capability != NULL)
        zpci_chain_unref(capability->chain);
}

guint
zpci_capability_get_id(const ZpciCapability *capability)
{
    return capability->id;
}

guint
zpci_capability_get_version(const ZpciCapability *capability)
{
    return capability->version;
}

guint32
zpci_capability_get_offset(const ZpciCapability *capability)
{
    return capability->offset;
}

const char *
zpci_capability_get_name(const ZpciCapability *capability)
{
    return capability->name;
}

gboolean
zpci_capability_is_duplicate(const ZpciCapability *capability)
{
    return capability->duplicate;
}

const guint8 *
zpci_capability_get_data(const ZpciCapability *capability, gsize *size)
{
    *size = capability->size;
    return capability->data;
}

guint
zpci_capability_count_fields(const ZpciCapability *capability)
{
    return capability->n_fields;
}

const char *
zpci_capability_get_field_name(const ZpciCapability *capability, guint index)
{
    return index < capability->n_fields ? capability->fields[index].name : NULL;
}

guint
zpci_capability_get_field_width(const ZpciCapability *capability, guint index)
{
    return index < capability->n_fields ? capability->fields[index].width : 0;
}

gboolean
zpci_capability_get_field_number(const ZpciCapability *capability, guint index, guint64 *number)
{
    if (index >= capability->n_fields || capability->fields[index].bytes != NULL)
        return FALSE;
    if (number != NULL)
        *number = capability->fields[index].number;
    return TRUE;
}

const guint8 *
zpci_capability_get_field_bytes(const ZpciCapability *capability, guint index, gsize *size)
{
    *size = 0;
    if (index >= capability->n_fields || capability->fields[index].bytes == NULL)
        return NULL;
    *size = capability->fields[index].width;
    return capability->fields[index].bytes;
}

/* clang-format off */
BOXED_TYPE_DEFINE(ZpciCapability, zpci_capability, zpci_capability_ref, zpci_capability_unref)
