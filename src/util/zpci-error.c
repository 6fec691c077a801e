/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "zpci-error.h"

/* clang-format off */
G_DEFINE_QUARK(zpci-error-quark, zpci_error)
