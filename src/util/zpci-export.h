/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

/* The library is built with hidden visibility; what carries this mark is its public face, and
 * src/libvirt-zpci.map lists the same names with the version that brought them. */
#define ZPCI_EXPORT __attribute__((visibility("default")))
