/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "file-lock.h"
#include "pci-address.h"
#include "zpci-host.h"

/* For how long to wait for whoever changes a function: longer than any of our operations take, of
 * which switching a slot on takes longest. */
#define FUNCTION_LOCK_WAIT_SECONDS 30

/**
 * FunctionLock:
 *
 * What changes a function has it meanwhile, so that none undoes what another, in this process or in
 * that of another client, has just done. A PCI function and a slot have one each; who needs both
 * takes that of the function first.
 */
typedef FileLock FunctionLock;

/**
 * function_lock_take:
 * @host: this machine, not a capture
 *
 * Returns: (transfer full): free with function_lock_free(); %NULL with %ZPCI_ERROR_IN_USE if
 *   somebody else changes the function all the time, or with another code if others cannot be kept
 *   out.
 */
FunctionLock *function_lock_take(const ZpciHost *host, const PciAddress *address, GError **error);

/** function_lock_take_slot: as function_lock_take(), of the slot of the function ID @fid. */
FunctionLock *function_lock_take_slot(const ZpciHost *host, guint32 fid, GError **error);

/** function_lock_free: gives it back; @lock may be %NULL. */
void function_lock_free(FunctionLock *lock);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FunctionLock, function_lock_free)
