/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "tool-path-text.h"

#include <glib/gi18n.h>
#include <stdio.h>

#include "tool-hosts.h"

/* Returns (transfer full): the value, or what stands for one that is not known. */
static char *
tool_path_text_format(const char *column, const ZpciRow *row)
{
    char *text = zpci_column_format(zpci_column_find(column), row);

    return text != NULL ? text : g_strdup(_("not known"));
}

static void
tool_path_text_print_card(const ToolPath *path)
{
    g_autofree char *first = tool_path_text_format("pchid", path->first);
    g_autofree char *second = tool_path_text_format("pchid", path->second);

    switch (path->card) {
    case TOOL_PATH_SHARED:
        printf(_("  card: shared, PCHID %s: when it fails, both are gone.\n"), first);
        break;
    case TOOL_PATH_SEPARATE:
        printf(_("  card: not shared: the PCHIDs are %s and %s.\n"), first, second);
        break;
    case TOOL_PATH_UNKNOWN:
    case TOOL_PATH_NONE:
    case TOOL_PATH_PARTLY:
    default:
        printf(_("  card: not known whether it is shared: the PCHIDs are %s and %s.\n"), first,
               second);
        break;
    }
}

static void
tool_path_text_print_port(const ToolPath *path)
{
    g_autofree char *first = tool_path_text_format("port", path->first);
    g_autofree char *second = tool_path_text_format("port", path->second);

    switch (path->port) {
    case TOOL_PATH_SHARED:
        printf(_("  port: shared, port %s: when its link fails, both are gone.\n"), first);
        break;
    case TOOL_PATH_SEPARATE:
        if (path->card == TOOL_PATH_SEPARATE)
            printf("%s\n", _("  port: not shared: the cards are different ones."));
        else
            printf(_("  port: not shared: the ports are %s and %s.\n"), first, second);
        break;
    case TOOL_PATH_NONE:
        printf("%s\n", _("  port: the card has none."));
        break;
    case TOOL_PATH_UNKNOWN:
    case TOOL_PATH_PARTLY:
    default:
        printf(_("  port: not known whether it is shared: the ports are %s and %s.\n"), first,
               second);
        break;
    }
}

static void
tool_path_text_print_segments(const ToolPath *path)
{
    g_autofree char *first = tool_path_text_format("pfip", path->first);
    g_autofree char *second = tool_path_text_format("pfip", path->second);

    switch (path->path) {
    case TOOL_PATH_SHARED:
        printf(_("  internal path: the same, %s: one failure on it takes both.\n"), first);
        break;
    case TOOL_PATH_SEPARATE:
        printf(_("  internal path: different in every segment: %s and %s.\n"), first, second);
        break;
    case TOOL_PATH_PARTLY:
        printf(_("  internal path: the same in %u of %d segments: %s and %s.\n"),
               tool_path_count_segments(path), TOOL_PATH_SEGMENTS, first, second);
        break;
    case TOOL_PATH_UNKNOWN:
    case TOOL_PATH_NONE:
    default:
        printf(_("  internal path: not known whether it is shared: %s and %s.\n"), first, second);
        break;
    }
}

static void
tool_path_text_print_class(const ToolPath *path)
{
    ToolPathClass first = tool_path_get_class(path->first);
    ToolPathClass second = tool_path_get_class(path->second);

    if (first == TOOL_PATH_CLASS_UNKNOWN || second == TOOL_PATH_CLASS_UNKNOWN)
        printf("%s\n", _("  kind: not known whether one can stand in for the other."));
    else if (first != second || first == TOOL_PATH_CLASS_NONE)
        printf("%s\n", _("  kind: one cannot stand in for the other: they are not both network "
                         "interfaces, and not both disks."));
}

void
tool_path_text_print(const ToolPath *path)
{
    g_autofree char *first = tool_hosts_format_name(path->first);
    g_autofree char *second = tool_hosts_format_name(path->second);

    printf(_("%s and %s:\n"), first, second);
    tool_path_text_print_card(path);
    tool_path_text_print_port(path);
    tool_path_text_print_segments(path);
    tool_path_text_print_class(path);
}

void
tool_path_text_print_verdict(ToolPathAnswer verdict)
{
    switch (verdict) {
    case TOOL_PATH_SHARED:
        puts(_("verdict: shared: one failure can take more than one of them."));
        break;
    case TOOL_PATH_SEPARATE:
        puts(_("verdict: separate: no two of them share a card or a whole internal path."));
        break;
    case TOOL_PATH_UNKNOWN:
    case TOOL_PATH_NONE:
    case TOOL_PATH_PARTLY:
    default:
        puts(_("verdict: unknown: this host does not tell enough."));
        break;
    }
}

void
tool_path_text_print_partner(const ToolPath *path)
{
    printf(_("%s: card %s, port %s, internal path %s"), path->second->name,
           tool_path_get_answer_name(path->card), tool_path_get_answer_name(path->port),
           tool_path_get_answer_name(path->path));
    if (path->path == TOOL_PATH_PARTLY)
        printf(_(" (%u of %d segments the same)"), tool_path_count_segments(path),
               TOOL_PATH_SEGMENTS);
    printf("\n");
}
