/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "node-device-name.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "number.h"
#include "text-quote.h"
#include "zpci-error.h"

#define PREFIX "pci_"
#define NAME_SIZE (sizeof PREFIX - 1 + PCI_ADDRESS_TEXT_SIZE)

static void
node_device_name_write(const PciAddress *address, char name[NAME_SIZE])
{
    memcpy(name, PREFIX, sizeof PREFIX - 1);
    pci_address_format(address, name + sizeof PREFIX - 1);
    g_strdelimit(name, ":.", '_');
}

char *
node_device_name_format(const PciAddress *address)
{
    char name[NAME_SIZE];

    node_device_name_write(address, name);
    return g_strdup(name);
}

/* One number of a name. Returns: whether it is one and @end follows, behind which *@text is then.
 */
static gboolean
node_device_name_take(const char **text, char end, guint64 maximum, guint64 *value)
{
    return number_parse_hex_digits(*text, maximum, text, value) && *(*text)++ == end;
}

gboolean
node_device_name_parse(const char *name, PciAddress *address)
{
    const char *text = name;
    guint64 domain, bus, slot, function;
    char again[NAME_SIZE];
    PciAddress parsed;

    if (!g_str_has_prefix(name, PREFIX))
        return FALSE;
    text += sizeof PREFIX - 1;
    if (!node_device_name_take(&text, '_', G_MAXUINT32, &domain) ||
        !node_device_name_take(&text, '_', G_MAXUINT8, &bus) ||
        !node_device_name_take(&text, '_', PCI_ADDRESS_MAX_SLOT, &slot) ||
        !node_device_name_take(&text, '\0', PCI_ADDRESS_MAX_FUNCTION, &function))
        return FALSE;
    parsed = (PciAddress){ (guint32)domain, (guint8)bus, (guint8)slot, (guint8)function };
    /* As many digits as the kernel writes, and small letters. */
    node_device_name_write(&parsed, again);
    if (strcmp(again, name) != 0)
        return FALSE;
    *address = parsed;
    return TRUE;
}

void *
node_device_name_miss(const char *name, GError **error)
{
    g_autofree char *quoted = text_quote(name);

    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_NOT_FOUND, _("There is no node device %s."), quoted);
    return NULL;
}
