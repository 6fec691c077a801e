/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

/**
 * system_error_set:
 * @error: where to put it; %NULL ignores it
 * @number: an errno value
 * @format: printf format of a sentence's beginning: what was tried, on what
 *
 * Sets an error of our domain for a failed system call: the text of @format, then the system's own
 * words. The only place where errno becomes a #ZpciError code.
 */
void system_error_set(GError **error, int number, const char *format, ...) G_GNUC_PRINTF(3, 4);
