/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "tool-path.h"

#include <string.h>

/* The upper byte of the PCI class, and how far it is up: the kernel's linux/pci_ids.h. */
#define CLASS_SHIFT 16
#define CLASS_STORAGE 0x01
#define CLASS_NETWORK 0x02

#define SEGMENT_BITS 8

/* Function types, docs/nodedev-xml.rst. */
static const char *const network_types[] = { "roce", "roce2", "networkExpressHybrid",
                                             "networkExpressDirect", NULL };

static const char *const answers[] = {
    [TOOL_PATH_SEPARATE] = "separate", [TOOL_PATH_UNKNOWN] = "unknown", [TOOL_PATH_NONE] = "none",
    [TOOL_PATH_PARTLY] = "partly",     [TOOL_PATH_SHARED] = "shared",
};

/* Hosts may be partitions of one machine, or of different ones: the same number proves nothing. */
static gboolean
tool_path_has_one_host(const ZpciRow *first, const ZpciRow *second)
{
    return g_strcmp0(first->host, second->host) == 0;
}

/* A number 0 is no channel and no path: it is what QEMU says of functions that have none. */
static ToolPathAnswer
tool_path_compare_facts(const ZpciRow *first, const ZpciRow *second, ZpciFact fact)
{
    guint64 a, b;

    if (!zpci_function_get(first->function, fact, &a) ||
        !zpci_function_get(second->function, fact, &b) || a == 0 || b == 0)
        return TOOL_PATH_UNKNOWN;
    if (a != b)
        return TOOL_PATH_SEPARATE;
    return tool_path_has_one_host(first, second) ? TOOL_PATH_SHARED : TOOL_PATH_UNKNOWN;
}

/* Ports of different cards are different ones, and so are those of different numbers. */
static ToolPathAnswer
tool_path_compare_ports(const ZpciRow *first, const ZpciRow *second, ToolPathAnswer card)
{
    guint64 a, b;

    if (card == TOOL_PATH_SEPARATE)
        return TOOL_PATH_SEPARATE;
    if (!zpci_function_get(first->function, ZPCI_FACT_PORT, &a) ||
        !zpci_function_get(second->function, ZPCI_FACT_PORT, &b))
        return TOOL_PATH_UNKNOWN;
    if (a == 0 || b == 0)
        return card == TOOL_PATH_SHARED ? TOOL_PATH_NONE : TOOL_PATH_UNKNOWN;
    if (a != b)
        return TOOL_PATH_SEPARATE;
    return card;
}

static void
tool_path_compare_segments(ToolPath *path)
{
    guint64 a = 0, b = 0;

    path->path = tool_path_compare_facts(path->first, path->second, ZPCI_FACT_PFIP);
    if (path->path == TOOL_PATH_UNKNOWN)
        return;
    zpci_function_get(path->first->function, ZPCI_FACT_PFIP, &a);
    zpci_function_get(path->second->function, ZPCI_FACT_PFIP, &b);
    for (guint i = 0; i < TOOL_PATH_SEGMENTS; i++) {
        guint shift = SEGMENT_BITS * (TOOL_PATH_SEGMENTS - 1 - i);

        path->segments[i] = ((a ^ b) >> shift & 0xff) == 0;
        if (path->segments[i] && path->path == TOOL_PATH_SEPARATE)
            path->path = TOOL_PATH_PARTLY;
    }
    if (path->path == TOOL_PATH_PARTLY && !tool_path_has_one_host(path->first, path->second)) {
        memset(path->segments, 0, sizeof path->segments);
        path->path = TOOL_PATH_UNKNOWN;
    }
}

ToolPath
tool_path_compare(const ZpciRow *first, const ZpciRow *second)
{
    ToolPath path = { .first = first, .second = second };

    path.card = tool_path_compare_facts(first, second, ZPCI_FACT_PCHID);
    path.port = tool_path_compare_ports(first, second, path.card);
    tool_path_compare_segments(&path);
    return path;
}

/* Of a path in parts it is not said what fails with a part: it is shown, and does not count. */
ToolPathAnswer
tool_path_judge(const ToolPath *path)
{
    if (path->card == TOOL_PATH_SHARED || path->path == TOOL_PATH_SHARED)
        return TOOL_PATH_SHARED;
    return path->card == TOOL_PATH_UNKNOWN || path->path == TOOL_PATH_UNKNOWN ? TOOL_PATH_UNKNOWN
                                                                              : TOOL_PATH_SEPARATE;
}

guint
tool_path_count_segments(const ToolPath *path)
{
    guint count = 0;

    for (guint i = 0; i < TOOL_PATH_SEGMENTS; i++)
        count += path->segments[i] ? 1 : 0;
    return count;
}

ToolPathClass
tool_path_get_class(const ZpciRow *row)
{
    guint64 type;
    const char *name = NULL;

    if (row->class_code != ZPCI_ROW_UNKNOWN && row->class_code >> CLASS_SHIFT == CLASS_NETWORK)
        return TOOL_PATH_CLASS_NETWORK;
    if (row->class_code != ZPCI_ROW_UNKNOWN && row->class_code >> CLASS_SHIFT == CLASS_STORAGE)
        return TOOL_PATH_CLASS_DISK;
    if (zpci_function_get(row->function, ZPCI_FACT_PFT, &type))
        name = zpci_pft_get_name(type);
    if (name != NULL && g_strv_contains(network_types, name))
        return TOOL_PATH_CLASS_NETWORK;
    if (g_strcmp0(name, "nvme") == 0)
        return TOOL_PATH_CLASS_DISK;
    if (row->class_code != ZPCI_ROW_UNKNOWN || g_strcmp0(name, "ism") == 0)
        return TOOL_PATH_CLASS_NONE;
    return TOOL_PATH_CLASS_UNKNOWN;
}

static gboolean
tool_path_has_one_type(const ToolPath *path)
{
    guint64 a, b;

    return zpci_function_get(path->first->function, ZPCI_FACT_PFT, &a) &&
           zpci_function_get(path->second->function, ZPCI_FACT_PFT, &b) && a == b;
}

/* Of which path nothing is known, all of it may be shared. */
static int
tool_path_rate_segments(const ToolPath *path)
{
    return path->path == TOOL_PATH_UNKNOWN ? TOOL_PATH_SEGMENTS
                                           : (int)tool_path_count_segments(path);
}

int
tool_path_rank(const ToolPath *a, const ToolPath *b)
{
    if (a->card != b->card)
        return (int)a->card - (int)b->card;
    if (a->port != b->port)
        return (int)a->port - (int)b->port;
    if (tool_path_rate_segments(a) != tool_path_rate_segments(b))
        return tool_path_rate_segments(a) - tool_path_rate_segments(b);
    return (int)tool_path_has_one_type(b) - (int)tool_path_has_one_type(a);
}

const char *
tool_path_get_answer_name(ToolPathAnswer answer)
{
    return answers[answer];
}
