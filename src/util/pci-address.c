/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "pci-address.h"

#include <glib/gi18n-lib.h>

#include "number.h"
#include "text-quote.h"
#include "zpci-error.h"

#define PCI_MAX_PARTS 3

static gboolean
pci_address_scan(const char *text, PciAddress *address)
{
    guint64 part[PCI_MAX_PARTS];
    guint64 function;
    guint parts = 0;
    const char *p = text;

    do {
        if (parts == PCI_MAX_PARTS || !number_parse_hex_digits(p, G_MAXUINT32, &p, &part[parts++]))
            return FALSE;
    } while (*p++ == ':');

    if (parts < 2 || p[-1] != '.' ||
        !number_parse_hex_digits(p, PCI_ADDRESS_MAX_FUNCTION, &p, &function) || *p != '\0')
        return FALSE;
    if (part[parts - 2] > 0xff || part[parts - 1] > PCI_ADDRESS_MAX_SLOT)
        return FALSE;

    address->domain = parts == 3 ? (guint32)part[0] : 0;
    address->bus = (guint8)part[parts - 2];
    address->slot = (guint8)part[parts - 1];
    address->function = (guint8)function;
    return TRUE;
}

gboolean
pci_address_parse(const char *text, PciAddress *address, GError **error)
{
    g_autofree char *quoted = NULL;
    PciAddress scanned;

    if (pci_address_scan(text, &scanned)) {
        *address = scanned;
        return TRUE;
    }
    quoted = text_quote(text);
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                _("%s is not a PCI address; it has the form 0005:00:00.0."), quoted);
    return FALSE;
}

/* Appends @value in at least @digits digits. This is done some ten times for each call of a
 * client, and printf() takes twenty times as long. */
static char *
pci_address_put(char *end, guint32 value, guint digits)
{
    while (digits < 2 * sizeof value && value >> 4 * digits != 0)
        digits++;
    while (digits-- > 0)
        *end++ = "0123456789abcdef"[value >> 4 * digits & 0xf];
    return end;
}

const char *
pci_address_format(const PciAddress *address, char text[PCI_ADDRESS_TEXT_SIZE])
{
    char *end = pci_address_put(text, address->domain, 4);

    *end++ = ':';
    end = pci_address_put(end, address->bus, 2);
    *end++ = ':';
    end = pci_address_put(end, address->slot, 2);
    *end++ = '.';
    end = pci_address_put(end, address->function & PCI_ADDRESS_MAX_FUNCTION, 1);
    *end = '\0';
    return text;
}

int
pci_address_compare(gconstpointer a, gconstpointer b)
{
    const PciAddress *x = a;
    const PciAddress *y = b;

    if (x->domain != y->domain)
        return x->domain < y->domain ? -1 : 1;
    if (x->bus != y->bus)
        return x->bus - y->bus;
    if (x->slot != y->slot)
        return x->slot - y->slot;
    return x->function - y->function;
}
