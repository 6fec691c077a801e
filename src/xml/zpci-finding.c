/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-finding.h"

#include "boxed-type.h"
#include "zpci-finding-private.h"

ZpciFinding *
zpci_finding_new(glong line, const char *element, char *message)
{
    ZpciFinding *finding = g_new0(ZpciFinding, 1);

    finding->line = line > 0 ? (guint)line : 0;
    finding->element = g_strdup(element);
    finding->message = message;
    return finding;
}

ZpciFinding *
zpci_finding_new_at(const xmlNode *element, char *message)
{
    return zpci_finding_new(xmlGetLineNo(element), (const char *)element->name, message);
}

void
zpci_finding_free(gpointer data)
{
    ZpciFinding *finding = data;

    if (finding == NULL)
        return;
    g_free(finding->element);
    g_free(finding->message);
    g_free(finding->hint);
    g_free(finding);
}

gboolean
zpci_finding_is_at_same_place(gconstpointer first, gconstpointer second)
{
    const ZpciFinding *one = first, *other = second;

    return one->line == other->line && g_strcmp0(one->element, other->element) == 0;
}

int
zpci_finding_compare(gconstpointer first, gconstpointer second)
{
    const ZpciFinding *one = *(ZpciFinding *const *)first;
    const ZpciFinding *other = *(ZpciFinding *const *)second;

    return one->line < other->line ? -1 : one->line > other->line;
}

const char *
zpci_finding_get_severity_name(const ZpciFinding *finding)
{
    return finding->severity == ZPCI_SEVERITY_WARNING ? "warning" : "error";
}

static ZpciFinding *
zpci_finding_copy(ZpciFinding *finding)
{
    ZpciFinding *copy = g_memdup2(finding, sizeof *finding);

    copy->element = g_strdup(finding->element);
    copy->message = g_strdup(finding->message);
    copy->hint = g_strdup(finding->hint);
    return copy;
}

/* clang-format off */
BOXED_TYPE_DEFINE(ZpciFinding, zpci_finding, zpci_finding_copy, zpci_finding_free)
