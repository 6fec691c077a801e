/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "tool-verdict.h"

#include <glib/gi18n.h>
#include <unistd.h>

#include "text-quote.h"
#include "tool-host-state.h"
#include "tool.h"

/* An Internal Shared Memory device; ZPCI_PFT_ISM in QEMU's include/hw/s390x/s390-pci-clp.h. */
#define PFT_ISM 0x05

/* What virt-zpci(1) calls the things that cannot always be looked at: who has the functions, or, if
 * libvirt has been asked for its domains, what else uses them. */
#define UNKNOWN_HOLDERS "holders"
#define UNKNOWN_USE "use"
#define UNKNOWN_GROUPS "groups"
#define UNKNOWN_INTERRUPTS "interrupts"
#define UNKNOWN_IOMMUFD "iommufd"

/* @name, @type: of the domain; @sources: the addresses of the functions that it passes;
 * @by_iommufd: those of them that go through an iommufd; @fd_group: who opens that for it */
typedef struct {
    const ToolVerdict *verdict;
    ToolHostState *host;
    ZpciInventory *inventory;
    char *name;
    char *type;
    char **sources;
    char **by_iommufd;
    char *fd_group;
} ToolJudge;

static void
tool_verdict_clear_judge(ToolJudge *judge)
{
    tool_host_state_free(judge->host);
    zpci_inventory_free(judge->inventory);
    g_free(judge->name);
    g_free(judge->type);
    g_strfreev(judge->sources);
    g_strfreev(judge->by_iommufd);
    g_free(judge->fd_group);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ToolJudge, tool_verdict_clear_judge)

static G_GNUC_PRINTF(4, 5) void tool_verdict_add(const ToolJudge *judge, const char *address,
                                                 ToolSeverity severity, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    tool_report_add(judge->verdict->report, address, severity, g_strdup_vprintf(format, arguments),
                    NULL);
    va_end(arguments);
}

static gboolean
tool_verdict_passes(const ToolJudge *judge, const char *address)
{
    return g_strv_contains((const char *const *)judge->sources, address);
}

static gboolean
tool_verdict_is_by_iommufd(const ToolJudge *judge, const char *address)
{
    return g_strv_contains((const char *const *)judge->by_iommufd, address);
}

static ZpciBinding *
tool_verdict_read_binding(const ToolJudge *judge, const char *address)
{
    g_autofree char *name = zpci_inventory_resolve(judge->inventory, address, NULL);

    return name != NULL ? zpci_binding_read(judge->inventory, name, NULL) : NULL;
}

/* (transfer full) (nullable): the other running domain that has the function. */
static char *
tool_verdict_find_running_holder(const ToolJudge *judge, const char *address)
{
    ZpciHostState state = { 0 };

    if (!tool_host_state_look_up(address, judge->name, &state, judge->host) || !state.holder_runs)
        return NULL;
    return text_quote(state.holder);
}

/* vfio_pci_core_register_device() in the kernel refuses every header but that of an endpoint. */
static gboolean
tool_verdict_check_kind(const ToolJudge *judge, const char *address, const ZpciBinding *binding)
{
    if (!binding->is_bridge)
        return TRUE;
    tool_report_add(judge->verdict->report, address, TOOL_SEVERITY_ERROR,
                    g_strdup(_("It is a PCI bridge, which VFIO does not give to guests.")),
                    _("Take it out, and pass the functions behind it."));
    return FALSE;
}

/* A driver that lets go of a physical function removes the virtual ones. With both at VFIO, one can
 * be opened only with a token that libvirt does not give: vfio_pci_validate_vf_token() in the
 * kernel. */
static gboolean
tool_verdict_check_physical(const ToolJudge *judge, const char *address, const ZpciBinding *binding)
{
    g_autofree char *hint = NULL;

    if (binding->physical == NULL || !tool_verdict_passes(judge, binding->physical))
        return TRUE;
    hint = g_strdup_printf(_("Take out either %s or its virtual functions."), binding->physical);
    tool_report_add(judge->verdict->report, address, TOOL_SEVERITY_ERROR,
                    g_strdup_printf(_("It is a virtual function of %s, which the domain has too; a "
                                      "guest cannot have both."),
                                    binding->physical),
                    hint);
    return FALSE;
}

/* Of a captured host, everything counts as free. */
static gboolean
tool_verdict_is_free(const ToolJudge *judge, const char *name, ZpciBindingUses uses, char **reason)
{
    g_autoptr(GError) problem = NULL;

    if (zpci_binding_is_free(judge->inventory, name, uses, &problem))
        return TRUE;
    if (!g_error_matches(problem, ZPCI_ERROR, ZPCI_ERROR_IN_USE)) {
        tool_report_add_unknown(judge->verdict->report, UNKNOWN_USE);
        return TRUE;
    }
    *reason = g_strdup(problem->message);
    return FALSE;
}

/* Whoever takes the physical function takes the virtual ones away. */
static gboolean
tool_verdict_check_virtual(const ToolJudge *judge, const char *address, const ZpciBinding *binding)
{
    for (char **function = binding->virtual_functions; *function != NULL; function++) {
        g_autofree char *name = zpci_inventory_resolve(judge->inventory, *function, NULL);
        g_autofree char *holder = tool_verdict_find_running_holder(judge, *function);
        g_autofree char *reason = NULL;

        if (holder != NULL) {
            tool_verdict_add(judge, address, TOOL_SEVERITY_ERROR,
                             _("Its virtual function %s belongs to the running domain %s."),
                             *function, holder);
            return FALSE;
        }
        if (name != NULL && !tool_verdict_is_free(judge, name, ZPCI_BINDING_USE_GUEST, &reason)) {
            tool_verdict_add(judge, address, TOOL_SEVERITY_ERROR,
                             _("One of its virtual functions is in use. %s"), reason);
            return FALSE;
        }
    }
    /* Of this machine, that has been told as a use of the host. */
    if (judge->verdict->root != NULL && binding->virtual_functions[0] != NULL && !binding->is_vfio)
        tool_verdict_add(judge, address, TOOL_SEVERITY_WARNING,
                         _("Its virtual functions vanish when the guest gets it: there are %u, the "
                           "first is %s."),
                         g_strv_length(binding->virtual_functions), binding->virtual_functions[0]);
    return TRUE;
}

/* Drivers that do not touch the function leave its group to VFIO; the kernel calls that
 * driver_managed_dma. */
static gboolean
tool_verdict_is_in_the_way(const ZpciBinding *member)
{
    static const char *const harmless[] = { "pci-stub", "pcieport", NULL };

    return member->driver != NULL && !member->is_vfio && !member->is_bridge &&
           !g_strv_contains(harmless, member->driver);
}

static gboolean
tool_verdict_check_member(const ToolJudge *judge, const char *address, const char *member)
{
    g_autoptr(ZpciBinding) binding = tool_verdict_read_binding(judge, member);
    g_autofree char *holder = tool_verdict_find_running_holder(judge, member);

    if (holder != NULL) {
        tool_verdict_add(judge, address, TOOL_SEVERITY_ERROR,
                         _("The function %s of the same IOMMU group belongs to the running domain "
                           "%s."),
                         member, holder);
        return FALSE;
    }
    if (binding != NULL && tool_verdict_is_in_the_way(binding)) {
        tool_verdict_add(judge, address, TOOL_SEVERITY_ERROR,
                         _("The function %s of the same IOMMU group is bound to %s; take it from "
                           "that driver, or give it to the guest too."),
                         member, binding->driver);
        return FALSE;
    }
    tool_verdict_add(judge, address, TOOL_SEVERITY_WARNING,
                     _("The function %s of the same IOMMU group stays behind; nobody else can use "
                       "it while the guest runs."),
                     member);
    return TRUE;
}

/* Who has the node of a group opens none of a function in it, and the other way round:
 * vfio_device_block_group() in the kernel. */
static gboolean
tool_verdict_check_companion(const ToolJudge *judge, const char *address, const char *member)
{
    if (tool_verdict_is_by_iommufd(judge, address) == tool_verdict_is_by_iommufd(judge, member))
        return TRUE;
    tool_report_add(judge->verdict->report, address, TOOL_SEVERITY_ERROR,
                    g_strdup_printf(_("The domain also has %s of its IOMMU group; one of them goes "
                                      "through an iommufd, and the other does not."),
                                    member),
                    _("Give both of them the same iommufd='yes' or 'no'."));
    return FALSE;
}

/* VFIO gives a group away as a whole, so nobody else may have a part of it. That holds for an
 * iommufd, too: iommu_device_claim_dma_owner() in the kernel claims the group of the function. */
static gboolean
tool_verdict_check_group(const ToolJudge *judge, const char *address, const ZpciBinding *binding)
{
    if (binding->members[0] == NULL)
        tool_report_add_unknown(judge->verdict->report, UNKNOWN_GROUPS);
    for (char **member = binding->members; *member != NULL; member++) {
        if (g_str_equal(*member, address))
            continue;
        if (tool_verdict_passes(judge, *member)
                ? !tool_verdict_check_companion(judge, address, *member)
                : !tool_verdict_check_member(judge, address, *member))
            return FALSE;
    }
    return TRUE;
}

/* libvirt opens /dev/iommu, and the node that VFIO makes for each function beside that of the
 * group. Before the function is bound to VFIO, nobody knows whether there will be one. */
static gboolean
tool_verdict_check_iommufd(const ToolJudge *judge, const char *address, const ZpciBinding *binding)
{
    g_autofree char *group = NULL;

    if (!tool_verdict_is_by_iommufd(judge, address))
        return TRUE;
    if (binding->has_iommufd == 0) {
        tool_report_add(judge->verdict->report, address, TOOL_SEVERITY_ERROR,
                        g_strdup(_("It goes through an iommufd, but this host has no /dev/iommu.")),
                        _("Load the module iommufd, if the kernel has it, or take iommufd out of "
                          "the domain."));
        return FALSE;
    }
    if (binding->has_node == 0) {
        tool_report_add(judge->verdict->report, address, TOOL_SEVERITY_ERROR,
                        g_strdup(_("It goes through an iommufd, but VFIO has made no node for it "
                                   "below /dev/vfio/devices.")),
                        _("Take iommufd out of the domain; the kernel needs VFIO_DEVICE_CDEV for "
                          "it."));
        return FALSE;
    }
    if (binding->has_iommufd < 0 || binding->has_node < 0)
        tool_report_add_unknown(judge->verdict->report, UNKNOWN_IOMMUFD);
    if (judge->fd_group != NULL) {
        group = text_quote(judge->fd_group);
        tool_verdict_add(judge, address, TOOL_SEVERITY_WARNING,
                         _("It goes through an iommufd of the file descriptor group %s, which an "
                           "application has to hand to libvirt before the guest starts."),
                         group);
    }
    return TRUE;
}

/* QEMU refuses a function without MSI-X unless the machine interprets its instructions, which takes
 * KVM: s390_pcihost_plug() in its hw/s390x/s390-pci-bus.c. ISM devices have none. */
static gboolean
tool_verdict_check_interrupts(const ToolJudge *judge, const char *address,
                              const ZpciFunction *function, const ZpciBinding *binding)
{
    guint64 pft = 0;
    gboolean is_ism = zpci_function_get(function, ZPCI_FACT_PFT, &pft) && pft == PFT_ISM;

    if (g_strcmp0(judge->type, "qemu") != 0)
        return TRUE;
    if (is_ism) {
        tool_verdict_add(judge, address, TOOL_SEVERITY_ERROR,
                         _("An ISM device has no MSI-X, and works only in a guest of the type "
                           "'kvm'."));
        return FALSE;
    }
    if (binding->has_msix < 0)
        tool_report_add_unknown(judge->verdict->report, UNKNOWN_INTERRUPTS);
    if (binding->has_msix != 0)
        return TRUE;
    tool_verdict_add(judge, address, TOOL_SEVERITY_ERROR,
                     _("The function has no MSI-X, and so works only in a guest of the type "
                       "'kvm'."));
    return FALSE;
}

/* What the host does with a function is lost for it when libvirt takes it; that is no obstacle. */
static gboolean
tool_verdict_check_use(const ToolJudge *judge, const char *address, const char *name,
                       const ZpciBinding *binding)
{
    g_autofree char *by_guest = NULL;
    g_autofree char *by_host = NULL;

    if (!judge->verdict->runs &&
        !tool_verdict_is_free(judge, name, ZPCI_BINDING_USE_GUEST, &by_guest)) {
        tool_verdict_add(judge, address, TOOL_SEVERITY_ERROR, "%s", by_guest);
        return FALSE;
    }
    if (!binding->is_vfio && !tool_verdict_is_free(judge, name, ZPCI_BINDING_USE_HOST, &by_host))
        tool_verdict_add(judge, address, TOOL_SEVERITY_WARNING, "%s", by_host);
    return TRUE;
}

static void
tool_verdict_add_good(const ToolJudge *judge, const char *address, const ZpciBinding *binding)
{
    const char *driver = binding->driver != NULL ? binding->driver : "-";
    g_autofree char *group =
        binding->iommu_group >= 0 ? g_strdup_printf("%d", binding->iommu_group) : g_strdup("-");
    const char *msix = binding->has_msix < 0 ? "-" : binding->has_msix > 0 ? _("yes") : _("no");

    if (tool_verdict_is_by_iommufd(judge, address))
        tool_verdict_add(judge, address, TOOL_SEVERITY_OK,
                         _("driver %s, IOMMU group %s, MSI-X %s, through an iommufd"), driver,
                         group, msix);
    else
        tool_verdict_add(judge, address, TOOL_SEVERITY_OK, _("driver %s, IOMMU group %s, MSI-X %s"),
                         driver, group, msix);
}

/* One that is not there has been told by the validation. */
static void
tool_verdict_check_source(const ToolJudge *judge, const char *address)
{
    g_autofree char *name = zpci_inventory_resolve(judge->inventory, address, NULL);
    g_autoptr(ZpciBinding) binding = tool_verdict_read_binding(judge, address);
    g_autoptr(ZpciFunction) function = NULL;

    if (name == NULL || binding == NULL || !tool_verdict_check_kind(judge, address, binding) ||
        !zpci_inventory_get_function(judge->inventory, name, &function, NULL))
        return;
    if (function == NULL) {
        tool_verdict_add(judge, address, TOOL_SEVERITY_ERROR,
                         _("It is no zPCI function of an s390x host."));
        return;
    }
    if (tool_verdict_check_use(judge, address, name, binding) &&
        tool_verdict_check_physical(judge, address, binding) &&
        tool_verdict_check_virtual(judge, address, binding) &&
        tool_verdict_check_group(judge, address, binding) &&
        tool_verdict_check_iommufd(judge, address, binding) &&
        tool_verdict_check_interrupts(judge, address, function, binding))
        tool_verdict_add_good(judge, address, binding);
}

/* The faults of the document, and what the host and other domains say to it. */
static gboolean
tool_verdict_validate(const ToolJudge *judge, const char *text, gsize size, GError **error)
{
    g_autoptr(GPtrArray) findings = NULL;

    if (!zpci_validation_run(text, size, tool_host_state_look_up, judge->host, &findings, error))
        return FALSE;
    for (guint i = 0; i < findings->len; i++)
        tool_report_add_finding(judge->verdict->report, g_ptr_array_index(findings, i));
    return TRUE;
}

/* A capture has no processes and no domains; and only root sees what all processes have open. */
static void
tool_verdict_note_unknown(const ToolJudge *judge)
{
    if (judge->sources[0] == NULL)
        return;
    if (!tool_host_state_knows_holders(judge->host))
        tool_report_add_unknown(judge->verdict->report, UNKNOWN_HOLDERS);
    else if (judge->verdict->root != NULL || geteuid() != 0)
        tool_report_add_unknown(judge->verdict->report, UNKNOWN_USE);
}

gboolean
tool_verdict_judge(const ToolVerdict *verdict, const char *text, gsize size, GError **error)
{
    g_autoptr(ZpciDomainDocument) document = zpci_domain_document_new(text, size, error);
    g_auto(ToolJudge) judge = { .verdict = verdict };

    if (document == NULL)
        return FALSE;
    judge.name = zpci_domain_document_get_name(document);
    judge.type = zpci_domain_document_get_domain_type(document);
    judge.sources = zpci_domain_document_list_sources(document);
    judge.by_iommufd = zpci_domain_document_list_by_iommufd(document);
    judge.fd_group = zpci_domain_document_get_iommufd_group(document);
    judge.host = tool_host_state_new(verdict->root, verdict->uri, error);
    if (judge.host == NULL)
        return FALSE;
    judge.inventory = tool_open_inventory(verdict->root, error);
    if (judge.inventory == NULL || !tool_verdict_validate(&judge, text, size, error))
        return FALSE;
    for (char **source = judge.sources; *source != NULL; source++)
        tool_verdict_check_source(&judge, *source);
    tool_verdict_note_unknown(&judge);
    return TRUE;
}
