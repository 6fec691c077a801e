/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "daemon-client.h"

/* How many calls of one client may be under way that are looked at. */
#define DAEMON_FRONT_MAX_CALLS 32

/* While answers of more bytes than this wait to be looked at, nothing more is read from libvirtd.
 */
#define DAEMON_FRONT_MAX_QUEUED_BYTES (1024 * 1024)

/**
 * DaemonFront:
 *
 * A client of libvirtd, in front of which we stand: it shows us who it is, as it would libvirtd; we
 * tell libvirtd; then frames pass. Only calls about this machine's node devices are looked at.
 */
typedef struct _DaemonFront DaemonFront;

/** daemon_front_kind: each is a #DaemonFront; daemon_service_set_behind() has been called. */
extern const DaemonClientKind daemon_front_kind;
