/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <libvirt/libvirt.h>

/* What differs between the releases of libvirt; the one that this is built with decides. */

/* virNodeDeviceUpdate(). */
#define LIBVIRT_RELEASE_UPDATES LIBVIR_CHECK_VERSION(10, 1, 0)
/* Lists may be restricted to persistent or transient devices. */
#define LIBVIRT_RELEASE_LISTS_PERSISTENT LIBVIR_CHECK_VERSION(10, 1, 0)
/* A field of vendor or system without a value, in Vital Product Data, is one tag. */
#define LIBVIRT_RELEASE_CLOSES_EMPTY_FIELDS LIBVIR_CHECK_VERSION(10, 1, 0)
/* The capabilities "ccwgroup" and "ccwgroup_member". */
#define LIBVIRT_RELEASE_CCWGROUPS LIBVIR_CHECK_VERSION(11, 1, 0)
