/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "pci-config.h"

#include "byte-reader.h"

#define PCI_STATUS 0x06
#define PCI_STATUS_CAP_LIST 0x10
#define PCI_HEADER_TYPE 0x0e
#define PCI_HEADER_TYPE_MASK 0x7f
#define PCI_CAPABILITY_LIST 0x34
#define PCI_CAPABILITY_FIRST 0x40
#define PCI_CAPABILITY_MAX 48
#define PCI_CAP_ID_EXP 0x10
#define PCI_CAP_ID_MSIX 0x11

#define PCI_EXP_FLAGS 2
#define PCI_EXP_FLAGS_TYPE 0xf0
#define PCI_EXP_TYPE_RC_END 0x90
#define PCI_EXP_TYPE_RC_EC 0xa0
#define PCI_EXP_LNKCAP 12
#define PCI_EXP_LNKSTA 18
#define PCI_EXP_LINK_SPEED 0x0f
#define PCI_EXP_LINK_WIDTH 0x3f0
#define PCI_EXP_LINK_WIDTH_SHIFT 4
#define PCI_EXP_LNKCAP_PORT_SHIFT 24

static guint32
pci_config_get(const ByteReader *config, gsize offset, guint width)
{
    guint64 value = 0;

    byte_reader_number(config, offset, width, "register", &value, NULL);
    return (guint32)value;
}

/* Returns 0 if there is none. The list may loop on a broken device, so it is bounded. */
static guint
pci_config_find(const ByteReader *config, guint capability)
{
    guint position;

    if (!(pci_config_get(config, PCI_STATUS, 2) & PCI_STATUS_CAP_LIST))
        return 0;

    position = pci_config_get(config, PCI_CAPABILITY_LIST, 1) & ~3u;
    for (guint i = 0; i < PCI_CAPABILITY_MAX && position >= PCI_CAPABILITY_FIRST; i++) {
        if (pci_config_get(config, position, 1) == capability)
            return position;
        position = pci_config_get(config, position + 1, 1) & ~3u;
    }
    return 0;
}

static PciLink
pci_config_get_link(int port, guint32 value)
{
    return (PciLink){
        .port = port,
        .speed = value & PCI_EXP_LINK_SPEED,
        .width = (value & PCI_EXP_LINK_WIDTH) >> PCI_EXP_LINK_WIDTH_SHIFT,
    };
}

static PciMsix
pci_config_get_msix(const ByteReader *config)
{
    if (pci_config_find(config, PCI_CAP_ID_MSIX) != 0)
        return PCI_MSIX_PRESENT;
    return config->size < PCI_CONFIG_SIZE ? PCI_MSIX_UNKNOWN : PCI_MSIX_ABSENT;
}

PciConfig
pci_config_parse(const guint8 *data, gsize size, gsize file_size)
{
    ByteReader config = { data, size, G_LITTLE_ENDIAN };
    PciConfig parsed = { 0 };
    guint express = pci_config_find(&config, PCI_CAP_ID_EXP);
    guint32 type, link;

    parsed.header = pci_config_get(&config, PCI_HEADER_TYPE, 1) & PCI_HEADER_TYPE_MASK;
    parsed.msix = pci_config_get_msix(&config);
    parsed.is_express = express != 0 || file_size != PCI_CONFIG_SIZE;
    if (express == 0)
        return parsed;

    type = pci_config_get(&config, express + PCI_EXP_FLAGS, 2) & PCI_EXP_FLAGS_TYPE;
    parsed.has_link = type != PCI_EXP_TYPE_RC_END && type != PCI_EXP_TYPE_RC_EC;
    if (parsed.has_link) {
        link = pci_config_get(&config, express + PCI_EXP_LNKCAP, 4);
        parsed.capability = pci_config_get_link((int)(link >> PCI_EXP_LNKCAP_PORT_SHIFT), link);
        parsed.status_offset = express + PCI_EXP_LNKSTA;
        link = pci_config_get(&config, parsed.status_offset, PCI_CONFIG_STATUS_SIZE);
        parsed.status = pci_config_get_link(-1, link);
    }
    return parsed;
}

void
pci_config_set_status(PciConfig *config, const guint8 bytes[PCI_CONFIG_STATUS_SIZE])
{
    const ByteReader reader = { bytes, PCI_CONFIG_STATUS_SIZE, G_LITTLE_ENDIAN };

    config->status = pci_config_get_link(-1, pci_config_get(&reader, 0, PCI_CONFIG_STATUS_SIZE));
}
