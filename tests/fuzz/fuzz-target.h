/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

/* The function that libFuzzer calls; fuzz-main.c calls it with the files of a corpus. Input that is
 * refused is fine, so all return 0; what counts is what the sanitizers see. */
int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);
