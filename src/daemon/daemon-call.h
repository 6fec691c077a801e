/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include "daemon-session.h"
#include "rpc-error.h"
#include "rpc-xdr.h"

/* The codes and domain of the protocol that only a node-device server sends. */
#define DAEMON_CALL_NO_NODE_DEVICE 53
#define DAEMON_CALL_DOMAIN_NODE_DEVICE 22

/**
 * DaemonCall:
 * @session: who calls
 * @function: libvirt's name of the call, for messages
 * @args: stands before the arguments
 * @reply: the reply, begun; what a call that fails has appended is thrown away
 * @error: to be set by a call that fails
 *
 * One call of a client, while it is being answered.
 */
typedef struct {
    DaemonSession *session;
    const char *function;
    RpcXdr *args;
    GByteArray *reply;
    RpcError *error;
} DaemonCall;

/**
 * DaemonCallHandler:
 *
 * Returns: whether the call succeeded; if not, the call's error is set.
 */
typedef gboolean (*DaemonCallHandler)(DaemonCall *call);

/**
 * daemon_call_fail:
 * @code: a #RpcErrorCode; the message gets its standard prefix
 * @format: printf format of the rest of the message; a client's own text only through text_quote()
 *
 * Returns: %FALSE, for the handler to return.
 */
gboolean daemon_call_fail(DaemonCall *call, RpcErrorCode code, int domain, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

/**
 * daemon_call_fail_decoding:
 * @error: (transfer none): why the arguments, or the answer, do not fit the protocol
 *
 * Returns: %FALSE, for the handler to return.
 */
gboolean daemon_call_fail_decoding(DaemonCall *call, const GError *error);

/**
 * daemon_call_fail_device:
 * @name: the device's name, as the client sent it
 * @error: (transfer none): why the inventory did not answer
 *
 * The one place where an error of the inventory becomes one of the protocol.
 *
 * Returns: %FALSE, for the handler to return.
 */
gboolean daemon_call_fail_device(DaemonCall *call, const char *name, const GError *error);

/**
 * daemon_call_fail_missing:
 *
 * Returns: %FALSE, for the handler to return: there is no device of that @name.
 */
gboolean daemon_call_fail_missing(DaemonCall *call, const char *name);

/**
 * daemon_call_fail_denied:
 *
 * Returns: %FALSE, for the handler to return: the client has not the permission that it needs.
 */
gboolean daemon_call_fail_denied(DaemonCall *call);

/**
 * daemon_call_check_flags:
 * @known: the flag bits that this call has
 *
 * Returns: whether @flags has no others; if not, the call's error is set.
 */
gboolean daemon_call_check_flags(DaemonCall *call, guint32 flags, guint32 known);

/**
 * daemon_call_check_flags_passed_on:
 * @known: the flag bits that this call has without another daemon behind us
 *
 * The same for a call whose flags that daemon gets: if there is one, it knows which there are.
 */
gboolean daemon_call_check_flags_passed_on(DaemonCall *call, guint32 flags, guint32 known);

/**
 * daemon_call_get_name:
 * @name: (out) (transfer full): a device's name: any bytes, not yet looked up
 *
 * Returns: whether the next argument is one; if not, the call's error is set.
 */
gboolean daemon_call_get_name(DaemonCall *call, char **name);

/**
 * daemon_call_put_string:
 *
 * Returns: whether @text fits into an answer; if not, the call's error is set.
 */
gboolean daemon_call_put_string(DaemonCall *call, const char *text);

/**
 * daemon_call_put_names:
 * @maximum: how many of @names the client takes
 *
 * A device on the wire is a structure of its name alone, so this puts devices, too.
 *
 * Returns: whether they fit into an answer; if not, the call's error is set.
 */
gboolean daemon_call_put_names(DaemonCall *call, char **names, guint maximum);
