/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

/**
 * FileLock:
 *
 * A lock that one has at a time, among all threads of all processes of this user. The kernel drops
 * it when the process ends, however that happens.
 */
typedef struct _FileLock FileLock;

/**
 * file_lock_take:
 * @directory: one of our own, see own_directory_open(); made if it is not there
 * @name: of a file in it, which is made, and stays: who removed it would let in two at once
 * @seconds: for how long to wait at most; 0 looks once
 *
 * Returns: (transfer full): free with file_lock_free(); %NULL with %ZPCI_ERROR_IN_USE if others
 *   have had it all the time, or with another code.
 */
FileLock *file_lock_take(const char *directory, const char *name, guint seconds, GError **error);

/* The longest note, in bytes; a longer one is cut. */
#define FILE_LOCK_NOTE_MAX 4096

/**
 * file_lock_read_note:
 *
 * Returns: (transfer full) (nullable): what was left in the file for those who have the lock later;
 *   %NULL if there is none.
 */
char *file_lock_read_note(const FileLock *lock);

/** file_lock_write_note: leaves @note there, or, with %NULL, none; a failure leaves it cut. */
void file_lock_write_note(FileLock *lock, const char *note);

/** file_lock_free: gives it back; @lock may be %NULL. */
void file_lock_free(FileLock *lock);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FileLock, file_lock_free)
