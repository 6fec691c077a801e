/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "daemon-front.h"
#include "rpc-frame.h"

/* What happens when the client of a front opens a connection: libvirtd opens it for us, is told for
 * whom it is, and asked whether that one may. Only then the client has its answer. */

/** daemon_front_opening_begin: @packet: the client's call. */
void daemon_front_opening_begin(DaemonFront *front, const GByteArray *packet);

/** daemon_front_opening_try: libvirtd may have answered all that came before. */
void daemon_front_opening_try(DaemonFront *front);

/** daemon_front_opening_on_answer: libvirtd has answered what it was asked for that. */
void daemon_front_opening_on_answer(DaemonFront *front, const RpcFrame *frame,
                                    const GByteArray *packet);
