/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "zpci-error.h"

/**
 * expect_error:
 * @error: what the call under test left there; cleared, so that the next call can use it
 * @part: what its message must hold
 *
 * Asserts that the call failed with @code of %ZPCI_ERROR, in one valid UTF-8 text.
 */
void expect_error(GError **error, ZpciError code, const char *part);

/** expect_has: asserts that @part stands in @text, and shows both if it does not. */
void expect_has(const char *text, const char *part);

/** expect_has_not: asserts that @part stands nowhere in @text. */
void expect_has_not(const char *text, const char *part);

/** expect_strings: asserts that @strings, joined by blanks, are @joined. */
void expect_strings(const char *const *strings, const char *joined);
