/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>
#include <libxml/relaxng.h>

/**
 * schema_store_get:
 * @name: the file name of one of our schemas, such as "nodedev.rng"
 *
 * Loads a schema from the directory that LIBVIRT_ZPCI_SCHEMA_DIR names, else from the installed
 * one. Each file is loaded once in a process. May be called from any thread.
 *
 * Returns: (transfer none): the schema, which is never freed; %NULL with %ZPCI_ERROR_NOT_FOUND if
 *   there is no such file, %ZPCI_ERROR_UNREADABLE if it, or one of libvirt's that it includes, is
 * no usable grammar.
 */
xmlRelaxNG *schema_store_get(const char *name, GError **error);

/** schema_store_get_path: (transfer full): where the schema of this file name is. */
char *schema_store_get_path(const char *name);
