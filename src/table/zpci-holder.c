/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-holder.h"

/* Words for people and programs alike, so they are not translated. */
static const char *const kinds[] = {
    [ZPCI_HOLDER_NOBODY] = "nobody",   [ZPCI_HOLDER_GUEST] = "guest",
    [ZPCI_HOLDER_PROCESS] = "process", [ZPCI_HOLDER_MOUNT] = "mount",
    [ZPCI_HOLDER_SWAP] = "swap",       [ZPCI_HOLDER_DISK] = "disk",
    [ZPCI_HOLDER_MASTER] = "master",   [ZPCI_HOLDER_INTERFACE] = "interface",
};

ZpciHolder *
zpci_holder_new(ZpciHolderKind kind, const char *name, guint process)
{
    ZpciHolder *holder = g_new0(ZpciHolder, 1);

    holder->kind = kind;
    holder->name = g_strdup(name);
    holder->process = process;
    return holder;
}

void
zpci_holder_free(ZpciHolder *holder)
{
    if (holder == NULL)
        return;
    g_free(holder->name);
    g_free(holder);
}

const char *
zpci_holder_get_kind_name(const ZpciHolder *holder)
{
    return kinds[holder->kind];
}

char *
zpci_holder_format(const ZpciHolder *holder)
{
    if (holder->name == NULL)
        return g_strdup(kinds[holder->kind]);
    if (holder->kind == ZPCI_HOLDER_PROCESS)
        return g_strdup_printf("process %u (%s)", holder->process, holder->name);
    return g_strdup_printf("%s %s", kinds[holder->kind], holder->name);
}
