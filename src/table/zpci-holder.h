/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

/**
 * ZpciHolderKind:
 * @ZPCI_HOLDER_NOBODY: nobody uses the function
 * @ZPCI_HOLDER_GUEST: a running guest has it, or another function of its IOMMU group
 * @ZPCI_HOLDER_PROCESS: a process has it, or another function of its IOMMU group, or a disk of it
 * @ZPCI_HOLDER_MOUNT: a file system on a disk of it is mounted
 * @ZPCI_HOLDER_SWAP: a disk of it is swapped to
 * @ZPCI_HOLDER_DISK: a disk of it is a part of another block device
 * @ZPCI_HOLDER_MASTER: a network interface of it belongs to a bond, bridge or team
 * @ZPCI_HOLDER_INTERFACE: a network interface of it is up
 *
 * Who uses a function: whoever has it through VFIO, else who uses a disk of it, else its networks.
 */
typedef enum {
    ZPCI_HOLDER_NOBODY,
    ZPCI_HOLDER_GUEST,
    ZPCI_HOLDER_PROCESS,
    ZPCI_HOLDER_MOUNT,
    ZPCI_HOLDER_SWAP,
    ZPCI_HOLDER_DISK,
    ZPCI_HOLDER_MASTER,
    ZPCI_HOLDER_INTERFACE,
} ZpciHolderKind;

/**
 * ZpciHolder:
 * @kind: what it is
 * @name: (nullable): of the guest, the program, the directory or the device; foreign bytes
 * @process: its number, 0 if it is none, or if it is a guest of which libvirt tells
 */
typedef struct {
    ZpciHolderKind kind;
    char *name;
    guint process;
} ZpciHolder;

/** zpci_holder_new: (transfer full): @name is copied. */
ZpciHolder *zpci_holder_new(ZpciHolderKind kind, const char *name, guint process);

/** zpci_holder_free: @holder may be %NULL. */
void zpci_holder_free(ZpciHolder *holder);

/** zpci_holder_get_kind_name: "guest", "mount"; "nobody". */
const char *zpci_holder_get_kind_name(const ZpciHolder *holder);

/** zpci_holder_format: (transfer full): "guest web", "mount /srv", "nobody"; foreign bytes in it.
 */
char *zpci_holder_format(const ZpciHolder *holder);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ZpciHolder, zpci_holder_free)
