/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <libxml/parser.h>
#include <string.h>

#include "fuzz-target.h"
#include "node-device-vpd.h"
#include "xml-node.h"
#include "xml-text.h"
#include "zpci-error.h"

/* Whatever is written on a card, the document of its function can be parsed. */
static void
assert_document(const PciVpd *vpd)
{
    g_autoptr(xmlDoc) document = xml_node_new_document("capability");
    g_autoptr(xmlDoc) parsed = NULL;
    g_autofree char *text = NULL;

    node_device_vpd_add(xmlDocGetRootElement(document), vpd);
    text = xml_text_format(xmlDocGetRootElement(document));
    parsed = xmlReadMemory(text, (int)strlen(text), NULL, NULL, XML_PARSE_NONET);
    g_assert_nonnull(parsed);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(PciVpd) vpd = pci_vpd_parse(data, size, &error);

    g_assert_true((vpd == NULL) == (error != NULL));
    if (vpd != NULL)
        assert_document(vpd);
    else
        g_assert_error(error, ZPCI_ERROR, ZPCI_ERROR_MALFORMED);
    return 0;
}
