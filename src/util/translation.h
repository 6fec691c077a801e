/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

/**
 * translation_start:
 *
 * For programs, before anything else: messages are those of the user's language from then on. They
 * come from the directory that LIBVIRT_ZPCI_LOCALE_DIR names, else from the installed one.
 */
void translation_start(void);
