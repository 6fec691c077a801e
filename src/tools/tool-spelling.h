/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

/**
 * tool_spelling_guess:
 * @word: what somebody has typed
 * @words: (array zero-terminated=1): what could have been meant
 *
 * Returns: (transfer none) (nullable): the one that @word begins, or else the one that takes the
 * fewest letters to be added, left out, changed or swapped; %NULL if two are as near, or none is
 * near.
 */
const char *tool_spelling_guess(const char *word, const char *const *words);
