/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

/* How much of a foreign text an error message repeats. */
#define TEXT_QUOTE_MAX 80

/**
 * text_quote:
 * @text: anything a peer, a file or the kernel sent
 *
 * Returns: (transfer full): @text in quotes, safe to print and to send: control characters and
 * bytes that are not UTF-8 escaped, cut after %TEXT_QUOTE_MAX bytes. (A reply over 4 MiB cannot be
 * sent, and a device name of that size quoted in an error would make one.)
 */
char *text_quote(const char *text);

/** text_quote_escape: (transfer full): the whole @text without quotes, made safe in the same way.
 */
char *text_quote_escape(const char *text);
