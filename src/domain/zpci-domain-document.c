/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-domain-document.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "boxed-type.h"
#include "text-quote.h"
#include "xml-document.h"
#include "xml-edit.h"
#include "xml-node.h"
#include "xml-text.h"
#include "zpci-address-request-private.h"
#include "zpci-address-set-private.h"
#include "zpci-error.h"
#include "zpci-finding-private.h"
#include "zpci-guest-device.h"
#include "zpci-guest-request.h"
#include "zpci-hostdev-private.h"

struct _ZpciDomainDocument {
    gatomicrefcount references;
    char *text;
    xmlDoc *tree;
    XmlEdit *edit;
};

static gboolean
zpci_domain_document_parse(ZpciDomainDocument *document, gsize size, GError **error)
{
    g_autoptr(GPtrArray) findings = g_ptr_array_new_with_free_func(zpci_finding_free);
    const ZpciFinding *finding;

    document->tree = xml_document_parse(document->text, size, findings);
    if (document->tree != NULL)
        return TRUE;
    finding = g_ptr_array_index(findings, 0);
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_DOCUMENT,
                _("The document cannot be read; its line %u has this fault: %s"), finding->line,
                finding->message);
    return FALSE;
}

static gboolean
zpci_domain_document_is_for_us(const xmlDoc *tree, GError **error)
{
    const char *root = (const char *)xmlDocGetRootElement(tree)->name;
    g_autofree char *architecture = zpci_guest_device_get_architecture(tree);
    g_autofree char *quoted = NULL;

    if (strcmp(root, "domain") != 0) {
        quoted = text_quote(root);
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_DOCUMENT,
                    _("The document is no domain: its root element is %s."), quoted);
        return FALSE;
    }
    if (architecture != NULL && !g_str_equal(architecture, "s390x")) {
        quoted = text_quote(architecture);
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_DOCUMENT,
                    _("The domain is of the architecture %s; only guests of the architecture s390x "
                      "have zPCI functions."),
                    quoted);
        return FALSE;
    }
    return TRUE;
}

ZpciDomainDocument *
zpci_domain_document_new_device(const char *text, gsize size, GError **error)
{
    g_autoptr(ZpciDomainDocument) document = g_new0(ZpciDomainDocument, 1);

    g_atomic_ref_count_init(&document->references);
    document->text = g_memdup2(text, size);
    if (!zpci_domain_document_parse(document, size, error))
        return NULL;
    document->edit = xml_edit_new(document->text, size, document->tree, error);
    return document->edit != NULL ? g_steal_pointer(&document) : NULL;
}

ZpciDomainDocument *
zpci_domain_document_new(const char *text, gsize size, GError **error)
{
    g_autoptr(ZpciDomainDocument) document = zpci_domain_document_new_device(text, size, error);

    if (document == NULL || !zpci_domain_document_is_for_us(document->tree, error))
        return NULL;
    return g_steal_pointer(&document);
}

void
zpci_domain_document_free(ZpciDomainDocument *document)
{
    if (document == NULL || !g_atomic_ref_count_dec(&document->references))
        return;
    xml_edit_free(document->edit);
    xmlFreeDoc(document->tree);
    g_free(document->text);
    g_free(document);
}

char *
zpci_domain_document_get_domain_type(const ZpciDomainDocument *document)
{
    return zpci_guest_device_get(xmlDocGetRootElement(document->tree), "type");
}

char *
zpci_domain_document_get_name(const ZpciDomainDocument *document)
{
    return zpci_guest_device_get_name(document->tree);
}

static char **
zpci_domain_document_list(const ZpciDomainDocument *document, gboolean by_iommufd)
{
    g_autoptr(GArray) devices = zpci_guest_device_list(document->tree);
    g_autoptr(GPtrArray) sources = g_ptr_array_new();

    for (guint i = 0; i < devices->len; i++) {
        const ZpciGuestDevice *device = &g_array_index(devices, ZpciGuestDevice, i);
        char text[PCI_ADDRESS_TEXT_SIZE];
        PciAddress address;

        if (zpci_guest_device_get_source(device, &address) &&
            (!by_iommufd || zpci_guest_device_is_by_iommufd(device)))
            g_ptr_array_add(sources, g_strdup(pci_address_format(&address, text)));
    }
    g_ptr_array_add(sources, NULL);
    return (char **)g_ptr_array_free(g_steal_pointer(&sources), FALSE);
}

char **
zpci_domain_document_list_sources(const ZpciDomainDocument *document)
{
    return zpci_domain_document_list(document, FALSE);
}

char **
zpci_domain_document_list_by_iommufd(const ZpciDomainDocument *document)
{
    return zpci_domain_document_list(document, TRUE);
}

char *
zpci_domain_document_get_iommufd_group(const ZpciDomainDocument *document)
{
    const xmlNode *iommufd =
        zpci_guest_device_find(xmlDocGetRootElement(document->tree), "iommufd");

    return iommufd != NULL ? zpci_guest_device_get(iommufd, "fdgroup") : NULL;
}

char *
zpci_domain_document_find(const ZpciDomainDocument *document, const char *address)
{
    g_autoptr(GArray) devices = zpci_guest_device_list(document->tree);

    for (guint i = 0; i < devices->len; i++) {
        const ZpciGuestDevice *device = &g_array_index(devices, ZpciGuestDevice, i);
        char text[PCI_ADDRESS_TEXT_SIZE];
        PciAddress source;

        if (zpci_guest_device_get_source(device, &source) &&
            g_str_equal(pci_address_format(&source, text), address))
            return xml_edit_get_text(document->edit, device->element);
    }
    return NULL;
}

static gboolean
zpci_domain_document_is_same(const ZpciAddressClaim *wanted, const ZpciAddressClaim *other)
{
    return (!wanted->has_uid || (other->has_uid && other->address.uid == wanted->address.uid)) &&
           (!wanted->has_fid || (other->has_fid && other->address.fid == wanted->address.fid));
}

char *
zpci_domain_document_find_device(const ZpciDomainDocument *document,
                                 const ZpciDomainDocument *device)
{
    g_autoptr(GArray) devices = zpci_guest_request_list(document->tree);
    g_autoptr(GArray) wanted = zpci_guest_request_list(device->tree);
    ZpciAddressClaim request = { 0 };

    if (wanted->len != 1 ||
        !zpci_guest_request_read(&g_array_index(wanted, ZpciGuestDevice, 0), &request, NULL) ||
        (!request.has_uid && !request.has_fid))
        return NULL;
    for (guint i = 0; i < devices->len; i++) {
        const ZpciGuestDevice *candidate = &g_array_index(devices, ZpciGuestDevice, i);
        ZpciAddressClaim other = { 0 };

        if (zpci_guest_request_read(candidate, &other, NULL) &&
            zpci_domain_document_is_same(&request, &other))
            return xml_edit_get_text(document->edit, candidate->element);
    }
    return NULL;
}

gboolean
zpci_domain_document_collect(const ZpciDomainDocument *document, ZpciAddressSet *set,
                             GError **error)
{
    g_autoptr(GArray) devices = zpci_guest_request_list(document->tree);

    for (guint i = 0; i < devices->len; i++) {
        ZpciAddressClaim request = { 0 };

        if (!zpci_guest_request_read(&g_array_index(devices, ZpciGuestDevice, i), &request, error))
            return FALSE;
        if (request.has_uid)
            zpci_address_set_add_uid(set, request.address.uid, request.line);
        if (request.has_fid)
            zpci_address_set_add_fid(set, request.address.fid, request.line);
    }
    return TRUE;
}

static xmlDoc *
zpci_domain_document_make_devices(const GPtrArray *hostdevs, const ZpciAddressClaim *claims,
                                  GError **error)
{
    g_autoptr(xmlDoc) holder = xml_node_new_document("devices");

    for (guint i = 0; i < hostdevs->len; i++) {
        if (!zpci_hostdev_add(xmlDocGetRootElement(holder), g_ptr_array_index(hostdevs, i),
                              &claims[i], error))
            return NULL;
    }
    return g_steal_pointer(&holder);
}

static void
zpci_domain_document_insert(ZpciDomainDocument *document, xmlDoc *holder)
{
    xmlNode *root = xmlDocGetRootElement(document->tree);
    const xmlNode *devices = zpci_guest_device_find(root, "devices");
    g_autoptr(xmlDoc) domain = NULL;

    if (devices != NULL) {
        xml_edit_append(document->edit, devices, xmlDocGetRootElement(holder));
        return;
    }
    domain = xml_node_new_document("domain");
    xmlAddChild(xmlDocGetRootElement(domain),
                xmlDocCopyNode(xmlDocGetRootElement(holder), domain, 1));
    xml_edit_append(document->edit, root, xmlDocGetRootElement(domain));
}

static void
zpci_domain_document_write(ZpciDomainDocument *document, const ZpciGuestDevice *device,
                           const ZpciGuestAddress *guest)
{
    g_autoptr(xmlDoc) holder = NULL;
    g_autofree char *uid = g_strdup_printf("0x%04x", guest->uid);
    g_autofree char *fid = g_strdup_printf("0x%08x", guest->fid);

    if (device->address == NULL) {
        holder = xml_node_new_document("device");
        zpci_hostdev_add_address(xmlDocGetRootElement(holder), guest);
        xml_edit_append(document->edit, device->element, xmlDocGetRootElement(holder));
        return;
    }
    if (device->zpci == NULL) {
        holder = xml_node_new_document("address");
        zpci_hostdev_add_zpci(xmlDocGetRootElement(holder), guest);
        xml_edit_append(document->edit, device->address, xmlDocGetRootElement(holder));
        return;
    }
    if (xmlHasProp(device->zpci, BAD_CAST "uid") == NULL)
        xml_edit_add_attribute(document->edit, device->zpci, "uid", uid);
    if (xmlHasProp(device->zpci, BAD_CAST "fid") == NULL)
        xml_edit_add_attribute(document->edit, device->zpci, "fid", fid);
}

static gboolean
zpci_domain_document_add_to(ZpciDomainDocument *document, ZpciAddressSet *set,
                            const GPtrArray *hostdevs, ZpciAddressPolicy policy, GError **error)
{
    guint n_hostdevs = hostdevs->len;
    g_autoptr(GArray) devices = zpci_guest_request_list(document->tree);
    g_autofree ZpciAddressClaim *requests =
        g_new0(ZpciAddressClaim, (gsize)devices->len + n_hostdevs);
    ZpciAddressClaim *of_hostdevs = requests + devices->len;
    g_autoptr(xmlDoc) holder = NULL;
    g_autofree guint16 *kept = NULL;

    if (!zpci_guest_request_read_each(devices, requests, error))
        return FALSE;
    for (guint i = 0; i < n_hostdevs; i++)
        of_hostdevs[i] = *zpci_hostdev_get_claim(g_ptr_array_index(hostdevs, i));
    if (n_hostdevs > 0)
        kept = zpci_guest_request_keep(devices, requests, of_hostdevs, n_hostdevs);
    if (!zpci_address_set_give(set, requests, devices->len + n_hostdevs, policy, error))
        return FALSE;
    if (n_hostdevs > 0)
        zpci_guest_request_note(devices, kept, requests, of_hostdevs, n_hostdevs);
    holder = zpci_domain_document_make_devices(hostdevs, of_hostdevs, error);
    for (guint i = 0; i < n_hostdevs && holder == NULL; i++)
        g_free(of_hostdevs[i].note);
    if (holder == NULL)
        return FALSE;

    for (guint i = 0; i < devices->len; i++)
        zpci_domain_document_write(document, &g_array_index(devices, ZpciGuestDevice, i),
                                   &requests[i].address);
    if (n_hostdevs > 0)
        zpci_domain_document_insert(document, holder);
    for (guint i = 0; i < n_hostdevs; i++)
        zpci_address_request_take_claim(zpci_hostdev_get_request(g_ptr_array_index(hostdevs, i)),
                                        &of_hostdevs[i]);
    return TRUE;
}

gboolean
zpci_domain_document_add(ZpciDomainDocument *document, GPtrArray *hostdevs,
                         ZpciAddressPolicy policy, GError **error)
{
    g_autoptr(ZpciAddressSet) set = zpci_address_set_new();

    return zpci_domain_document_add_to(document, set, hostdevs, policy, error);
}

gboolean
zpci_domain_document_complete(ZpciDomainDocument *document, ZpciAddressSet *set, GError **error)
{
    g_autoptr(GPtrArray) none = g_ptr_array_new();

    return zpci_domain_document_add_to(document, set, none, ZPCI_ADDRESS_POLICY_FIRST_FREE, error);
}

/* There are schemas for whole domains and for their devices together. */
static gboolean
zpci_domain_document_check(const ZpciDomainDocument *document, const char *text, gsize size,
                           GError **error)
{
    const xmlNode *root = xmlDocGetRootElement(document->tree);
    g_autoptr(xmlDoc) devices = NULL;
    g_autoptr(xmlDoc) device = NULL;
    g_autoptr(GPtrArray) findings = g_ptr_array_new_with_free_func(zpci_finding_free);
    g_autofree char *whole = NULL;

    if (strcmp((const char *)root->name, "domain") == 0)
        return zpci_hostdev_check(text, size, error);
    device = xml_document_parse(text, size, findings);
    devices = xml_node_new_document("devices");
    xmlAddChild(xmlDocGetRootElement(devices),
                xmlDocCopyNode(xmlDocGetRootElement(device), devices, 1));
    whole = xml_text_format(xmlDocGetRootElement(devices));
    return zpci_hostdev_check(whole, strlen(whole), error);
}

char *
zpci_domain_document_format(const ZpciDomainDocument *document, GError **error)
{
    gsize size;
    g_autofree char *text = xml_edit_apply(document->edit, &size);

    return zpci_domain_document_check(document, text, size, error) ? g_steal_pointer(&text) : NULL;
}

char *
zpci_domain_document_diff(const ZpciDomainDocument *document, const char *name, GError **error)
{
    g_autofree char *text = zpci_domain_document_format(document, error);

    return text != NULL ? xml_edit_diff(document->edit, name) : NULL;
}

static ZpciDomainDocument *
zpci_domain_document_ref(ZpciDomainDocument *document)
{
    g_atomic_ref_count_inc(&document->references);
    return document;
}

/* clang-format off */
BOXED_TYPE_DEFINE(ZpciDomainDocument, zpci_domain_document, zpci_domain_document_ref, zpci_domain_document_free)
