/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

#include "tool-connection.h"
#include "tool-file.h"
#include "tool-host-state.h"
#include "tool.h"

/* An Internal Shared Memory device; ZPCI_PFT_ISM in QEMU's include/hw/s390x/s390-pci-clp.h. */
#define PFT_ISM 0x05

static char *uri;

static const GOptionEntry entries[] = {
    { "connect", 'c', 0, G_OPTION_ARG_STRING, &uri, N_("Where libvirt has the domains"),
      N_("URI") },
    G_OPTION_ENTRY_NULL,
};

/* @name: what the domain is called in the output; @sources: the addresses of its functions; @runs:
 * whether it is running, and so has them itself */
typedef struct {
    const char *name;
    ToolHostState *host;
    ZpciInventory *inventory;
    ZpciDomainDocument *document;
    char *type;
    char **sources;
    gboolean runs;
    gboolean starts;
} ToolCheck;

static G_GNUC_PRINTF(3, 4) void tool_check_refuse(ToolCheck *check, const char *subject,
                                                  const char *format, ...)
{
    va_list arguments;
    g_autofree char *text = NULL;

    va_start(arguments, format);
    text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    printf("%s: error: %s\n", subject, text);
    check->starts = FALSE;
}

/* VFIO gives a group away as a whole, so nobody else may have a part of it. */
static gboolean
tool_check_group(ToolCheck *check, const char *address, const ZpciBinding *binding)
{
    for (char **member = binding->members; *member != NULL; member++) {
        g_autofree char *name = NULL;
        g_autoptr(ZpciBinding) other = NULL;

        if (g_str_equal(*member, address) ||
            g_strv_contains((const char *const *)check->sources, *member))
            continue;
        name = zpci_inventory_resolve(check->inventory, *member, NULL);
        other = name != NULL ? zpci_binding_read(check->inventory, name, NULL) : NULL;
        if (other == NULL || other->driver == NULL || other->is_vfio)
            continue;
        tool_check_refuse(check, address,
                          _("The function %s of the same IOMMU group is bound to %s; take it from "
                            "that driver, or give it to the guest too."),
                          *member, other->driver);
        return FALSE;
    }
    return TRUE;
}

/* QEMU refuses a function without MSI-X unless the machine interprets its instructions, which takes
 * KVM: s390_pcihost_plug() in its hw/s390x/s390-pci-bus.c. ISM devices have none. */
static gboolean
tool_check_interrupts(ToolCheck *check, const char *address, const ZpciFunction *function,
                      const ZpciBinding *binding)
{
    guint64 pft = 0;
    gboolean is_ism = zpci_function_get(function, ZPCI_FACT_PFT, &pft) && pft == PFT_ISM;

    if ((binding->has_msix != 0 && !is_ism) || g_strcmp0(check->type, "qemu") != 0)
        return TRUE;
    if (is_ism)
        tool_check_refuse(check, address,
                          _("An ISM device has no MSI-X, and works only in a guest of the type "
                            "'kvm'."));
    else
        tool_check_refuse(check, address,
                          _("The function has no MSI-X, and so works only in a guest of the type "
                            "'kvm'."));
    return FALSE;
}

static const ZpciBindingUses tool_check_uses[] = { ZPCI_BINDING_USE_GUEST, ZPCI_BINDING_USE_HOST };

/* What the host does with a function is lost for it when libvirt takes it; that is no obstacle, and
 * neither is what only root can look at. */
static gboolean
tool_check_use(ToolCheck *check, const char *address, const char *name, const ZpciBinding *binding)
{
    ZpciBindingUses uses = 0;

    if (!check->runs)
        uses |= ZPCI_BINDING_USE_GUEST;
    if (!binding->is_vfio)
        uses |= ZPCI_BINDING_USE_HOST;
    for (guint i = 0; i < G_N_ELEMENTS(tool_check_uses); i++) {
        g_autoptr(GError) problem = NULL;

        if ((uses & tool_check_uses[i]) == 0 ||
            zpci_binding_is_free(check->inventory, name, tool_check_uses[i], &problem))
            continue;
        if (tool_check_uses[i] == ZPCI_BINDING_USE_GUEST &&
            !g_error_matches(problem, ZPCI_ERROR, ZPCI_ERROR_NO_PERMISSION)) {
            tool_check_refuse(check, address, "%s", problem->message);
            return FALSE;
        }
        printf("%s: warning: %s\n", address, problem->message);
    }
    return TRUE;
}

static void
tool_check_print_good(const char *address, const ZpciBinding *binding)
{
    const char *driver = binding->driver != NULL ? binding->driver : "-";
    g_autofree char *group =
        binding->iommu_group >= 0 ? g_strdup_printf("%d", binding->iommu_group) : g_strdup("-");
    const char *msix = binding->has_msix < 0 ? "-" : binding->has_msix > 0 ? _("yes") : _("no");

    printf(_("%s: ok: driver %s, IOMMU group %s, MSI-X %s\n"), address, driver, group, msix);
}

/* One that is not there has been told by the validation. */
static void
tool_check_source(ToolCheck *check, const char *address)
{
    g_autofree char *name = zpci_inventory_resolve(check->inventory, address, NULL);
    g_autoptr(ZpciBinding) binding = NULL;
    g_autoptr(ZpciFunction) function = NULL;
    g_autoptr(GError) problem = NULL;

    if (name != NULL)
        binding = zpci_binding_read(check->inventory, name, &problem);
    if (binding == NULL ||
        !zpci_inventory_get_function(check->inventory, name, &function, &problem))
        return;
    if (function == NULL) {
        tool_check_refuse(check, address, _("It is no zPCI function of an s390x host."));
        return;
    }
    if (tool_check_use(check, address, name, binding) &&
        tool_check_group(check, address, binding) &&
        tool_check_interrupts(check, address, function, binding))
        tool_check_print_good(address, binding);
}

/* The faults of the document, and what the host and other domains say to it. */
static gboolean
tool_check_validate(ToolCheck *check, const char *text, gsize size, GError **error)
{
    g_autoptr(GPtrArray) findings = NULL;

    if (!zpci_validation_run(text, size, tool_host_state_look_up, check->host, &findings, error))
        return FALSE;
    for (guint i = 0; i < findings->len; i++) {
        const ZpciFinding *finding = g_ptr_array_index(findings, i);

        printf("%s:%u: %s: %s\n", check->name, finding->line,
               zpci_finding_get_severity_name(finding), finding->message);
        if (finding->severity == ZPCI_SEVERITY_ERROR)
            check->starts = FALSE;
    }
    return TRUE;
}

static gboolean
tool_check_do(ToolCheck *check, const char *root, const char *text, gsize size, GError **error)
{
    check->starts = TRUE;
    check->document = zpci_domain_document_new(text, size, error);
    if (check->document == NULL) {
        g_prefix_error(error, "%s: ", check->name);
        return FALSE;
    }
    check->type = zpci_domain_document_get_type(check->document);
    check->sources = zpci_domain_document_list_sources(check->document);
    check->host = tool_host_state_new(root, uri, error);
    if (check->host == NULL)
        return FALSE;
    check->inventory = tool_open_inventory(root, error);
    if (check->inventory == NULL || !tool_check_validate(check, text, size, error))
        return FALSE;
    for (char **source = check->sources; *source != NULL; source++)
        tool_check_source(check, *source);
    return TRUE;
}

static void
tool_check_clear(ToolCheck *check)
{
    tool_host_state_free(check->host);
    zpci_inventory_free(check->inventory);
    zpci_domain_document_free(check->document);
    g_free(check->type);
    g_strfreev(check->sources);
}

/* The document for the next start. */
static char *
tool_check_read_domain(const char *name, gboolean *runs, gsize *size, GError **error)
{
    g_autoptr(virConnect) connection = tool_connection_open(uri, TRUE, error);
    g_autoptr(virDomain) domain = NULL;
    char *text;

    if (connection != NULL)
        domain = tool_connection_find(connection, name, error);
    if (domain == NULL)
        return NULL;
    text = tool_connection_read(domain, VIR_DOMAIN_XML_INACTIVE, error);
    if (text != NULL)
        *size = strlen(text);
    *runs = virDomainIsActive(domain) == 1;
    return text;
}

static char *
tool_check_read(const char *argument, gboolean *runs, gsize *size, GError **error)
{
    if (strcmp(argument, "-") != 0 && !g_file_test(argument, G_FILE_TEST_EXISTS))
        return tool_check_read_domain(argument, runs, size, error);
    return tool_file_read_document(argument, size, error);
}

static ToolStatus
tool_check_run(const char *root, char **arguments)
{
    g_autoptr(GError) error = NULL;
    ToolCheck check = { .name = arguments[0] };
    gsize size = 0;
    g_autofree char *text = tool_check_read(arguments[0], &check.runs, &size, &error);
    gboolean done = text != NULL && tool_check_do(&check, root, text, size, &error);

    tool_check_clear(&check);
    if (!done) {
        tool_fail(error);
        return TOOL_USAGE;
    }
    if (check.runs)
        printf(_("%s: is running\n"), check.name);
    printf(check.starts ? _("%s: would start\n") : _("%s: would not start\n"), check.name);
    return check.starts ? TOOL_OK : TOOL_FAILED;
}

const ToolCommand tool_check_command = {
    .name = "check",
    .arguments = N_("DOMAIN|FILE"),
    .summary = N_("Tell whether a guest would start with its functions"),
    .description =
        N_("Prints a line for each function of the domain, then whether the guest would start.\n"
           "Nothing is opened or changed.\n"
           "Exit status: 0 it would start, 1 it would not, 2 it could not be checked."),
    .entries = entries,
    .takes_root = TRUE,
    .minimum = 1,
    .maximum = 1,
    .run = tool_check_run,
};
