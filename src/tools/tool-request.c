/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "tool-request.h"

#include <glib/gi18n.h>
#include <stdio.h>

#include "node-device-name.h"
#include "number.h"
#include "pci-address.h"
#include "text-quote.h"
#include "tool-name.h"

/* How many hexadecimal digits they are shown with. */
#define UID_DIGITS 4

/* The only driver with which QEMU passes functions. */
#define DRIVER_VFIO "vfio"
#define FID_DIGITS 8

const GOptionEntry tool_request_entries[] = {
    { "uid", 'u', 0, G_OPTION_ARG_STRING, TOOL_OPTION(ToolRequestOptions, uid_text),
      N_("Its UID in the guest"), N_("NUMBER") },
    { "fid", 'f', 0, G_OPTION_ARG_STRING, TOOL_OPTION(ToolRequestOptions, fid_text),
      N_("Its FID in the guest"), N_("NUMBER") },
    { "policy", 'p', 0, G_OPTION_ARG_STRING, TOOL_OPTION(ToolRequestOptions, policy_text),
      N_("How numbers are chosen: mirror (those of the host) or first-free"), N_("POLICY") },
    { "unmanaged", 'U', 0, G_OPTION_ARG_NONE, TOOL_OPTION(ToolRequestOptions, unmanaged),
      N_("Leave the binding to a VFIO driver to somebody else"), NULL },
    { "driver", 'D', 0, G_OPTION_ARG_STRING, TOOL_OPTION(ToolRequestOptions, driver),
      N_("The driver that passes it: vfio"), N_("NAME") },
    { "model", 'm', 0, G_OPTION_ARG_STRING, TOOL_OPTION(ToolRequestOptions, model),
      N_("The kernel's VFIO driver, with --driver"), N_("NAME") },
    { "iommufd", 'I', 0, G_OPTION_ARG_STRING, TOOL_OPTION(ToolRequestOptions, iommufd_text),
      N_("Whether it goes through an iommufd, whatever the domain says"), N_("yes|no") },
    { "rom", 'r', 0, G_OPTION_ARG_STRING, TOOL_OPTION(ToolRequestOptions, rom_text),
      N_("Whether the guest sees its ROM"), N_("on|off") },
    { "alias", 'a', 0, G_OPTION_ARG_STRING, TOOL_OPTION(ToolRequestOptions, alias),
      N_("Its name in the guest's document: ua-NAME"), N_("NAME") },
    { "boot-order", 'b', 0, G_OPTION_ARG_STRING, TOOL_OPTION(ToolRequestOptions, boot_text),
      N_("Its position in the boot order"), N_("NUMBER") },
    { "interface", 'i', 0, G_OPTION_ARG_NONE, TOOL_OPTION(ToolRequestOptions, as_interface),
      N_("Make it an interface: a virtual function of a network card"), NULL },
    { "mac", 'M', 0, G_OPTION_ARG_STRING, TOOL_OPTION(ToolRequestOptions, mac),
      N_("MAC address of the interface"), N_("MAC") },
    { "vlan", 'v', 0, G_OPTION_ARG_STRING, TOOL_OPTION(ToolRequestOptions, vlan_text),
      N_("VLAN of the interface"), N_("NUMBER") },
    G_OPTION_ENTRY_NULL,
};

/* Sets @error to what is wrong with an option. */
static gboolean
tool_request_refuse(const char *option, const char *reason, GError **error)
{
    g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT, _("The option --%s is wrong: %s"),
                option, reason);
    return FALSE;
}

static gboolean
tool_request_read_id(const char *option, const char *text, guint digits, guint64 minimum,
                     guint64 *value, GError **error)
{
    g_autoptr(GError) problem = NULL;

    *value = 0;
    return text == NULL || number_parse_id(text, digits, minimum, value, &problem) ||
           tool_request_refuse(option, problem->message, error);
}

/* What people count, they count in decimal. */
static gboolean
tool_request_read_count(const char *option, const char *text, guint maximum, guint64 *value,
                        GError **error)
{
    g_autofree char *quoted = NULL;
    g_autofree char *reason = NULL;

    *value = 0;
    if (text == NULL || (number_parse(text, maximum, value, NULL) && *value > 0))
        return TRUE;
    quoted = text_quote(text);
    reason = g_strdup_printf(_("%s is not a number from 1 to %u."), quoted, maximum);
    return tool_request_refuse(option, reason, error);
}

static gboolean
tool_request_read_policy(const char *policy_text, ZpciAddressPolicy *policy, GError **error)
{
    if (policy_text == NULL || g_str_equal(policy_text, "mirror")) {
        *policy = ZPCI_ADDRESS_POLICY_MIRROR;
        return TRUE;
    }
    if (g_str_equal(policy_text, "first-free")) {
        *policy = ZPCI_ADDRESS_POLICY_FIRST_FREE;
        return TRUE;
    }
    g_set_error_literal(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                        _("The option --policy is mirror or first-free."));
    return FALSE;
}

static gboolean
tool_request_read_iommufd(const char *text, ZpciHostdevIommufd *iommufd, GError **error)
{
    *iommufd = ZPCI_HOSTDEV_IOMMUFD_AS_DOMAIN;
    if (text == NULL)
        return TRUE;
    *iommufd = g_str_equal(text, "yes") ? ZPCI_HOSTDEV_IOMMUFD_YES : ZPCI_HOSTDEV_IOMMUFD_NO;
    if (g_str_equal(text, "yes") || g_str_equal(text, "no"))
        return TRUE;
    g_set_error_literal(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                        _("The option --iommufd is yes or no."));
    return FALSE;
}

/* What the options say of each hostdev alike. */
static gboolean
tool_request_read_options(const ToolRequestOptions *options, ZpciHostdev *hostdev, GError **error)
{
    guint64 uid, fid, boot_order, vlan;
    ZpciHostdevIommufd iommufd;

    if (options->rom_text != NULL && !g_str_equal(options->rom_text, "on") &&
        !g_str_equal(options->rom_text, "off")) {
        g_set_error_literal(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                            _("The option --rom is on or off."));
        return FALSE;
    }
    if (options->driver != NULL && !g_str_equal(options->driver, DRIVER_VFIO)) {
        g_set_error_literal(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                            _("The option --driver is vfio: nothing else passes functions to "
                              "guests. The kernel's own driver is a --model of it."));
        return FALSE;
    }
    if (!tool_request_read_iommufd(options->iommufd_text, &iommufd, error) ||
        !tool_request_read_id("uid", options->uid_text, UID_DIGITS, ZPCI_GUEST_UID_MIN, &uid,
                              error) ||
        !tool_request_read_id("fid", options->fid_text, FID_DIGITS, 0, &fid, error) ||
        !tool_request_read_count("boot-order", options->boot_text, G_MAXINT, &boot_order, error) ||
        !tool_request_read_count("vlan", options->vlan_text, ZPCI_HOSTDEV_MAX_VLAN, &vlan, error))
        return FALSE;
    zpci_hostdev_set_kind(hostdev,
                          options->as_interface ? ZPCI_HOSTDEV_INTERFACE : ZPCI_HOSTDEV_PLAIN);
    if (options->uid_text != NULL)
        zpci_address_request_set_uid(zpci_hostdev_get_request(hostdev), (guint16)uid);
    if (options->fid_text != NULL)
        zpci_address_request_set_fid(zpci_hostdev_get_request(hostdev), (guint32)fid);
    zpci_hostdev_set_managed(hostdev, !options->unmanaged);
    zpci_hostdev_set_driver(hostdev, options->driver);
    zpci_hostdev_set_model(hostdev, options->model);
    zpci_hostdev_set_iommufd(hostdev, iommufd);
    zpci_hostdev_set_rom(hostdev, g_strcmp0(options->rom_text, "off") != 0);
    zpci_hostdev_set_alias(hostdev, options->alias);
    zpci_hostdev_set_boot_order(hostdev, (guint)boot_order);
    zpci_hostdev_set_mac(hostdev, options->mac);
    zpci_hostdev_set_vlan(hostdev, (guint)vlan);
    return zpci_hostdev_check_options(hostdev, error);
}

static gboolean
tool_request_fits(const ToolRequestOptions *options, char **names, GError **error)
{
    const char *const for_one[] = { options->uid_text, options->fid_text, options->alias,
                                    options->boot_text, options->mac };

    for (guint i = 0; g_strv_length(names) > 1 && i < G_N_ELEMENTS(for_one); i++) {
        if (for_one[i] == NULL)
            continue;
        g_set_error_literal(error, ZPCI_ERROR, ZPCI_ERROR_INVALID_ARGUMENT,
                            _("The options --uid, --fid, --alias, --boot-order and --mac are for "
                              "one function; name only one, or leave them out."));
        return FALSE;
    }
    return TRUE;
}

char *
tool_request_format_address(const char *text)
{
    char address[PCI_ADDRESS_TEXT_SIZE];
    PciAddress source;

    if (!node_device_name_parse(text, &source) && !pci_address_parse(text, &source, NULL))
        return NULL;
    return g_strdup(pci_address_format(&source, address));
}

/* @function: (nullable): what @name is; it has a PCI address as soon as it is configured */
static char *
tool_request_get_address(const char *name, const ZpciFunction *function, GError **error)
{
    char *address = tool_request_format_address(name);

    if (address == NULL && function != NULL && zpci_function_is_standby(function))
        g_set_error(
            error, ZPCI_ERROR, ZPCI_ERROR_WRONG_STATE,
            _("%s is in standby: its host has been given the function, and has not configured it "
              "yet. To configure it there: virsh -c \"$(virt-zpci uri)\" nodedev-start %s"),
            name, name);
    else if (address == NULL)
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_UNSUPPORTED, _("%s is no PCI function."), name);
    return address;
}

char *
tool_request_resolve(ZpciInventory *inventory, const char *text, GError **error)
{
    g_autofree char *name = tool_name_resolve(inventory, text, error);
    g_autoptr(ZpciFunction) function = NULL;

    if (name == NULL || !zpci_inventory_get_outline(inventory, name, &function, error))
        return NULL;
    return tool_request_get_address(name, function, error);
}

static gboolean
tool_request_add(ToolRequest *request, ZpciInventory *inventory, const char *name, GError **error)
{
    g_autoptr(ZpciFunction) function = NULL;
    g_autofree char *address = NULL;
    ZpciHostdev *hostdev;

    if (!zpci_inventory_get_function(inventory, name, &function, error))
        return FALSE;
    if (function == NULL) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_UNSUPPORTED,
                    _("%s is no zPCI function that a guest could get."), name);
        return FALSE;
    }
    address = tool_request_get_address(name, function, error);
    if (address == NULL)
        return FALSE;
    hostdev = zpci_hostdev_copy(request->pattern);
    zpci_hostdev_set_source(hostdev, address);
    zpci_address_request_set_host(zpci_hostdev_get_request(hostdev), function);
    g_ptr_array_add(request->functions, g_steal_pointer(&function));
    g_ptr_array_add(request->names, g_strdup(name));
    g_ptr_array_add(request->hostdevs, hostdev);
    return TRUE;
}

ToolRequest *
tool_request_new(const ToolRequestOptions *options, char **names, GError **error)
{
    g_autoptr(ToolRequest) request = g_new0(ToolRequest, 1);

    request->options = options;
    request->pattern = zpci_hostdev_new(NULL);
    request->hostdevs = g_ptr_array_new_with_free_func((GDestroyNotify)zpci_hostdev_unref);
    request->names = g_ptr_array_new_with_free_func(g_free);
    request->functions = g_ptr_array_new_with_free_func((GDestroyNotify)zpci_function_unref);
    if (!tool_request_fits(options, names, error) ||
        !tool_request_read_policy(options->policy_text, &request->policy, error) ||
        !tool_request_read_options(options, request->pattern, error))
        return NULL;
    return g_steal_pointer(&request);
}

gboolean
tool_request_resolve_each(ToolRequest *request, const char *root, char **names, GError **error)
{
    g_autoptr(ZpciInventory) inventory = tool_open_inventory(root, error);

    g_auto(GStrv) found =
        inventory != NULL ? tool_name_resolve_each(inventory, names, error) : NULL;

    for (guint i = 0; found != NULL && found[i] != NULL; i++) {
        if (!tool_request_add(request, inventory, found[i], error))
            return FALSE;
    }
    return found != NULL && tool_request_fits(request->options, found, error);
}

gboolean
tool_request_check_connection(const ToolRequest *request, virConnect *connection, GError **error)
{
    return request->options->iommufd_text == NULL ||
           tool_connection_check_iommufd(connection, error);
}

void
tool_request_free(ToolRequest *request)
{
    if (request == NULL)
        return;
    zpci_hostdev_unref(request->pattern);
    g_ptr_array_unref(request->hostdevs);
    g_ptr_array_unref(request->names);
    g_ptr_array_unref(request->functions);
    g_free(request);
}

/* virNetDevGetVirtualFunctionInfo() in libvirt looks for the physical function of each interface.
 */
static void
tool_request_print_note_of_interface(const char *name, const ZpciFunction *function)
{
    guint64 vfn;

    if (zpci_function_get(function, ZPCI_FACT_VFN, &vfn) && vfn == 0)
        fprintf(stderr,
                _("virt-zpci: %s: It is no virtual function; libvirt gives guests only those as "
                  "interfaces.\n"),
                name);
}

void
tool_request_print_notes(const ToolRequest *request)
{
    for (guint i = 0; i < request->hostdevs->len; i++) {
        const ZpciHostdev *hostdev = g_ptr_array_index(request->hostdevs, i);
        const char *note = zpci_address_request_get_note(zpci_hostdev_get_request(hostdev));
        const char *name = g_ptr_array_index(request->names, i);

        if (note != NULL)
            fprintf(stderr, "virt-zpci: %s: %s\n", name, note);
        if (request->options->as_interface)
            tool_request_print_note_of_interface(name, g_ptr_array_index(request->functions, i));
    }
}
