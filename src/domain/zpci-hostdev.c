/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-hostdev.h"

#include <glib/gi18n-lib.h>

#include "boxed-type.h"
#include "pci-address.h"
#include "text-quote.h"
#include "xml-node.h"
#include "xml-text.h"
#include "zpci-address-request-private.h"
#include "zpci-error.h"
#include "zpci-hostdev-private.h"
#include "zpci-validation.h"

#define USER_ALIAS "ua-"

/* Of "52:54:00:00:00:01". */
#define MAC_LENGTH 17

struct _ZpciHostdev {
    gatomicrefcount references;
    ZpciHostdevKind kind;
    char *source;
    ZpciAddressRequest *request;
    gboolean managed;
    char *driver;
    char *model;
    ZpciHostdevIommufd iommufd;
    gboolean rom;
    char *alias;
    guint boot_order;
    char *mac;
    guint vlan;
};

ZpciHostdev *
zpci_hostdev_new(const char *source)
{
    ZpciHostdev *hostdev = g_new0(ZpciHostdev, 1);

    g_atomic_ref_count_init(&hostdev->references);
    hostdev->source = g_strdup(source);
    hostdev->request = zpci_address_request_new();
    hostdev->managed = TRUE;
    hostdev->rom = TRUE;
    return hostdev;
}

ZpciHostdev *
zpci_hostdev_copy(const ZpciHostdev *hostdev)
{
    ZpciHostdev *copy = g_memdup2(hostdev, sizeof *hostdev);

    g_atomic_ref_count_init(&copy->references);
    copy->source = g_strdup(hostdev->source);
    copy->request = zpci_address_request_copy(hostdev->request);
    copy->driver = g_strdup(hostdev->driver);
    copy->model = g_strdup(hostdev->model);
    copy->alias = g_strdup(hostdev->alias);
    copy->mac = g_strdup(hostdev->mac);
    return copy;
}

ZpciHostdev *
zpci_hostdev_ref(ZpciHostdev *hostdev)
{
    g_atomic_ref_count_inc(&hostdev->references);
    return hostdev;
}

void
zpci_hostdev_unref(ZpciHostdev *hostdev)
{
    if (hostdev == NULL || !g_atomic_ref_count_dec(&hostdev->references))
        return;
    g_free(hostdev->source);
    zpci_address_request_unref(hostdev->request);
    g_free(hostdev->driver);
    g_free(hostdev->model);
    g_free(hostdev->alias);
    g_free(hostdev->mac);
    g_free(hostdev);
}

static void
zpci_hostdev_set_text(char **member, const char *text)
{
    char *old = *member;

    *member = g_strdup(text);
    g_free(old);
}

void
zpci_hostdev_set_source(ZpciHostdev *hostdev, const char *source)
{
    zpci_hostdev_set_text(&hostdev->source, source);
}

void
zpci_hostdev_set_driver(ZpciHostdev *hostdev, const char *driver)
{
    zpci_hostdev_set_text(&hostdev->driver, driver);
}

void
zpci_hostdev_set_model(ZpciHostdev *hostdev, const char *model)
{
    zpci_hostdev_set_text(&hostdev->model, model);
}

void
zpci_hostdev_set_alias(ZpciHostdev *hostdev, const char *alias)
{
    zpci_hostdev_set_text(&hostdev->alias, alias);
}

void
zpci_hostdev_set_mac(ZpciHostdev *hostdev, const char *mac)
{
    zpci_hostdev_set_text(&hostdev->mac, mac);
}

void
zpci_hostdev_set_kind(ZpciHostdev *hostdev, ZpciHostdevKind kind)
{
    hostdev->kind = kind;
}

void
zpci_hostdev_set_managed(ZpciHostdev *hostdev, gboolean managed)
{
    hostdev->managed = managed;
}

void
zpci_hostdev_set_iommufd(ZpciHostdev *hostdev, ZpciHostdevIommufd iommufd)
{
    hostdev->iommufd = iommufd;
}

void
zpci_hostdev_set_rom(ZpciHostdev *hostdev, gboolean shown)
{
    hostdev->rom = shown;
}

void
zpci_hostdev_set_boot_order(ZpciHostdev *hostdev, guint boot_order)
{
    hostdev->boot_order = boot_order;
}

void
zpci_hostdev_set_vlan(ZpciHostdev *hostdev, guint vlan)
{
    hostdev->vlan = vlan;
}

ZpciAddressRequest *
zpci_hostdev_get_request(const ZpciHostdev *hostdev)
{
    return hostdev->request;
}

const ZpciAddressClaim *
zpci_hostdev_get_claim(const ZpciHostdev *hostdev)
{
    return zpci_address_request_get_claim(hostdev->request);
}

gboolean
zpci_hostdev_assign(GPtrArray *hostdevs, ZpciAddressSet *set, ZpciAddressPolicy policy,
                    GError **error)
{
    g_autoptr(GPtrArray) requests = g_ptr_array_sized_new(hostdevs->len);

    for (guint i = 0; i < hostdevs->len; i++)
        g_ptr_array_add(requests, zpci_hostdev_get_request(g_ptr_array_index(hostdevs, i)));
    return zpci_address_set_assign(set, requests, policy, error);
}

static gboolean
zpci_hostdev_check_alias(const ZpciHostdev *hostdev, GError **error)
{
    g_autofree char *quoted = NULL;

    if (hostdev->alias == NULL || g_str_has_prefix(hostdev->alias, USER_ALIAS))
        return TRUE;
    quoted = text_quote(hostdev->alias);
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                _("The alias %s does not begin with %s; libvirt keeps no other alias of a user."),
                quoted, USER_ALIAS);
    return FALSE;
}

/* Six bytes as two hexadecimal digits each; the lowest bit of the first one is for groups. */
static gboolean
zpci_hostdev_is_mac(const char *text)
{
    for (guint i = 0; i < MAC_LENGTH; i++) {
        if (i % 3 == 2 ? text[i] != ':' : !g_ascii_isxdigit(text[i]))
            return FALSE;
    }
    return text[MAC_LENGTH] == '\0' && (g_ascii_xdigit_value(text[1]) & 1) == 0;
}

static gboolean
zpci_hostdev_check_mac(const ZpciHostdev *hostdev, GError **error)
{
    g_autofree char *quoted = NULL;

    if (hostdev->mac == NULL || zpci_hostdev_is_mac(hostdev->mac))
        return TRUE;
    quoted = text_quote(hostdev->mac);
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                _("An interface cannot have the MAC address %s; give six bytes like "
                  "52:54:00:00:00:01, the first one even."),
                quoted);
    return FALSE;
}

gboolean
zpci_hostdev_check_options(const ZpciHostdev *hostdev, GError **error)
{
    if (hostdev->model != NULL && hostdev->driver == NULL) {
        g_set_error_literal(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                            _("A model of the driver needs the driver too; ask for the driver "
                              "vfio."));
        return FALSE;
    }
    if (hostdev->kind != ZPCI_HOSTDEV_INTERFACE && (hostdev->mac != NULL || hostdev->vlan != 0)) {
        g_set_error_literal(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                            _("Only an interface has a MAC address or a VLAN; ask for one."));
        return FALSE;
    }
    if (hostdev->vlan > ZPCI_HOSTDEV_MAX_VLAN) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                    _("There is no VLAN %u; give a number from 1 to %d."), hostdev->vlan,
                    ZPCI_HOSTDEV_MAX_VLAN);
        return FALSE;
    }
    return zpci_hostdev_check_alias(hostdev, error) && zpci_hostdev_check_mac(hostdev, error);
}

static gboolean
zpci_hostdev_check_all(const ZpciHostdev *hostdev, const ZpciAddressClaim *guest, GError **error)
{
    if (hostdev->source == NULL) {
        g_set_error_literal(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                            _("The function has no PCI address on the host yet; set it first."));
        return FALSE;
    }
    if (!guest->has_uid || !guest->has_fid) {
        g_set_error_literal(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                            _("The function has no UID and FID in the guest yet; assign them "
                              "first."));
        return FALSE;
    }
    return zpci_hostdev_check_options(hostdev, error);
}

static xmlNode *
zpci_hostdev_add_root(xmlNode *parent, const ZpciHostdev *hostdev)
{
    xmlNode *root;

    if (hostdev->kind == ZPCI_HOSTDEV_INTERFACE) {
        root = xml_node_add(parent, "interface");
        xml_node_set(root, "type", "hostdev");
    } else {
        root = xml_node_add(parent, "hostdev");
        xml_node_set(root, "mode", "subsystem");
        xml_node_set(root, "type", "pci");
    }
    xml_node_set(root, "managed", hostdev->managed ? "yes" : "no");
    return root;
}

static void
zpci_hostdev_add_source(xmlNode *root, const ZpciHostdev *hostdev, const PciAddress *source)
{
    xmlNode *address = xml_node_add(xml_node_add(root, "source"), "address");

    if (hostdev->kind == ZPCI_HOSTDEV_INTERFACE)
        xml_node_set(address, "type", "pci");
    xml_node_set_printf(address, "domain", "0x%04x", source->domain);
    xml_node_set_printf(address, "bus", "0x%02x", source->bus);
    xml_node_set_printf(address, "slot", "0x%02x", source->slot);
    xml_node_set_printf(address, "function", "0x%x", source->function);
}

static void
zpci_hostdev_add_driver(xmlNode *root, const ZpciHostdev *hostdev)
{
    xmlNode *driver;

    if (hostdev->driver == NULL && hostdev->iommufd == ZPCI_HOSTDEV_IOMMUFD_AS_DOMAIN)
        return;
    driver = xml_node_add(root, "driver");
    if (hostdev->driver != NULL)
        xml_node_set(driver, "name", hostdev->driver);
    if (hostdev->model != NULL)
        xml_node_set(driver, "model", hostdev->model);
    if (hostdev->iommufd != ZPCI_HOSTDEV_IOMMUFD_AS_DOMAIN)
        xml_node_set(driver, "iommufd",
                     hostdev->iommufd == ZPCI_HOSTDEV_IOMMUFD_YES ? "yes" : "no");
}

void
zpci_hostdev_add_zpci(xmlNode *address, const ZpciGuestAddress *guest)
{
    xmlNode *zpci = xml_node_add(address, "zpci");

    xml_node_set_printf(zpci, "uid", "0x%04x", guest->uid);
    xml_node_set_printf(zpci, "fid", "0x%08x", guest->fid);
}

void
zpci_hostdev_add_address(xmlNode *root, const ZpciGuestAddress *guest)
{
    xmlNode *address = xml_node_add(root, "address");

    xml_node_set(address, "type", "pci");
    zpci_hostdev_add_zpci(address, guest);
}

/* What stands behind the source, in the order in which libvirt writes it. */
static void
zpci_hostdev_add_rest(xmlNode *root, const ZpciHostdev *hostdev, const ZpciGuestAddress *guest)
{
    if (hostdev->vlan != 0)
        xml_node_set_printf(xml_node_add(xml_node_add(root, "vlan"), "tag"), "id", "%u",
                            hostdev->vlan);
    if (hostdev->boot_order != 0)
        xml_node_set_printf(xml_node_add(root, "boot"), "order", "%u", hostdev->boot_order);
    if (hostdev->alias != NULL)
        xml_node_set(xml_node_add(root, "alias"), "name", hostdev->alias);
    if (!hostdev->rom)
        xml_node_set(xml_node_add(root, "rom"), "bar", "off");
    zpci_hostdev_add_address(root, guest);
}

gboolean
zpci_hostdev_add(xmlNode *parent, const ZpciHostdev *hostdev, const ZpciAddressClaim *guest,
                 GError **error)
{
    PciAddress source;
    xmlNode *root;

    if (!zpci_hostdev_check_all(hostdev, guest, error) ||
        !pci_address_parse(hostdev->source, &source, error))
        return FALSE;
    root = zpci_hostdev_add_root(parent, hostdev);
    if (hostdev->mac != NULL)
        xml_node_set(xml_node_add(root, "mac"), "address", hostdev->mac);
    zpci_hostdev_add_driver(root, hostdev);
    zpci_hostdev_add_source(root, hostdev, &source);
    zpci_hostdev_add_rest(root, hostdev, &guest->address);
    return TRUE;
}

gboolean
zpci_hostdev_check(const char *text, gsize size, GError **error)
{
    g_autoptr(GPtrArray) findings = NULL;

    if (!zpci_validation_run(text, size, NULL, NULL, &findings, error))
        return FALSE;
    for (guint i = 0; i < findings->len; i++) {
        const ZpciFinding *finding = g_ptr_array_index(findings, i);

        if (finding->severity != ZPCI_SEVERITY_ERROR)
            continue;
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_DOCUMENT,
                    _("The resulting document is not valid; its line %u has this fault: %s"),
                    finding->line, finding->message);
        return FALSE;
    }
    return TRUE;
}

char *
zpci_hostdev_format(const GPtrArray *hostdevs, GError **error)
{
    static const XmlTextLayout layout = { "", "  ", "\n" };
    g_autoptr(xmlDoc) document = xml_node_new_document("devices");
    xmlNode *devices = xmlDocGetRootElement(document);
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; i < hostdevs->len; i++) {
        const ZpciHostdev *hostdev = g_ptr_array_index(hostdevs, i);

        if (!zpci_hostdev_add(devices, hostdev, zpci_hostdev_get_claim(hostdev), error))
            return NULL;
    }
    for (const xmlNode *child = devices->children; child != NULL; child = child->next)
        xml_text_append(text, child, &layout);
    if (hostdevs->len > 0 && !zpci_hostdev_check(text->str, text->len, error))
        return NULL;
    return g_strdup(text->str);
}

/* clang-format off */
BOXED_TYPE_DEFINE(ZpciHostdev, zpci_hostdev, zpci_hostdev_ref, zpci_hostdev_unref)
