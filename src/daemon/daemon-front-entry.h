/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "daemon-front-work.h"
#include "daemon-front.h"
#include "rpc-frame.h"

/* How the client of a front gets to libvirtd. */

/**
 * daemon_front_entry_let_in:
 * @answer: the one by which the client learns that it has authenticated; it gets that once libvirtd
 *   is there, and an error if it is not
 */
void daemon_front_entry_let_in(DaemonFront *front, const GByteArray *answer);

/** daemon_front_entry_on_greeted: libvirtd has said whether it lets us in. */
void daemon_front_entry_on_greeted(DaemonFront *front, const RpcFrame *frame,
                                   const GByteArray *packet);

/** daemon_front_entry_on_named: @naming: has found out how the client is called, or failed to. */
void daemon_front_entry_on_named(DaemonFront *front, DaemonFrontWork *naming);
