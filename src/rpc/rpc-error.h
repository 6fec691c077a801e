/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

/* Longest message that is taken, in bytes; a longer one is cut. */
#define RPC_ERROR_MAX_MESSAGE 8192

/* What went wrong, as clients tell it apart; those of the protocol's codes that a server of ours
 * sends, whatever it serves. */
typedef enum {
    RPC_ERROR_INTERNAL = 1,
    RPC_ERROR_NO_SUPPORT = 3,
    RPC_ERROR_NO_CONNECT = 5,
    RPC_ERROR_INVALID_ARGUMENT = 8,
    RPC_ERROR_OPERATION_FAILED = 9,
    RPC_ERROR_OPERATION_DENIED = 29,
    RPC_ERROR_SYSTEM = 38,
    RPC_ERROR_RPC = 39,
    RPC_ERROR_AUTH_FAILED = 45,
    RPC_ERROR_OPERATION_INVALID = 55,
    RPC_ERROR_CONFIG_UNSUPPORTED = 67,
    RPC_ERROR_ARGUMENT_UNSUPPORTED = 74,
    RPC_ERROR_AUTH_CANCELLED = 79,
    RPC_ERROR_OPERATION_UNSUPPORTED = 84,
    RPC_ERROR_ACCESS_DENIED = 88,
    RPC_ERROR_AUTH_UNAVAILABLE = 94,
} RpcErrorCode;

/* Which part of libvirt an error comes from. */
typedef enum {
    RPC_DOMAIN_NONE = 0,
    RPC_DOMAIN_RPC = 7,
    RPC_DOMAIN_DBUS = 47,
    RPC_DOMAIN_ACCESS = 55,
    RPC_DOMAIN_POLKIT = 60,
} RpcErrorDomain;

/**
 * RpcError:
 * @code: a #RpcErrorCode, or one that belongs to what is served
 * @domain: a #RpcErrorDomain, or one that belongs to what is served
 * @prefix: static text with which the message begins, "" if none
 * @detail: (nullable): the rest of the message, valid UTF-8; %NULL means that no error is set
 *
 * What an error reply says.
 */
typedef struct {
    int code;
    int domain;
    const char *prefix;
    char *detail;
} RpcError;

/**
 * rpc_error_prefix:
 *
 * Returns: the text with which libvirt begins the messages of @code, "" if it has none. It is part
 * of the protocol and not translated.
 */
const char *rpc_error_prefix(RpcErrorCode code);

/**
 * rpc_error_set:
 * @error: no error set yet
 * @prefix: static text
 * @detail: may hold any bytes: what is not UTF-8 is replaced
 */
void rpc_error_set(RpcError *error, int code, int domain, const char *prefix, const char *detail);

/**
 * rpc_error_encode:
 *
 * Appends the payload of the error reply to @out.
 */
void rpc_error_encode(const RpcError *error, GByteArray *out);

/**
 * rpc_error_clear:
 *
 * Frees what @error holds.
 */
void rpc_error_clear(RpcError *error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(RpcError, rpc_error_clear)
