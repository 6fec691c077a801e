/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

/* How many texts are kept: one for each function that a host can have. */
#define TEXT_STORE_MAX 65536

/**
 * TextStore:
 *
 * Texts that cost much to make, by name. Each has a stamp, which says for what state of the world
 * it was made. Threads use it together.
 */
typedef struct _TextStore TextStore;

/** text_store_new: (transfer full): an empty one. */
TextStore *text_store_new(void);

/** text_store_free: @store may be %NULL. */
void text_store_free(TextStore *store);

/**
 * text_store_find:
 * @stamp: (out) (transfer full): the state of the world for which the text was made
 *
 * Returns: (transfer full) (nullable): the text of @name, if there is one; @stamp is set then only.
 */
char *text_store_find(TextStore *store, const char *name, char **stamp);

/** text_store_keep: puts @text in the place of what was kept of @name. */
void text_store_keep(TextStore *store, const char *name, const char *stamp, const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(TextStore, text_store_free)
