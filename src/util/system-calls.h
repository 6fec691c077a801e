/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

/**
 * SystemIoctl:
 *
 * The shape of ioctl(2): returns -1 and sets errno on failure.
 */
typedef int (*SystemIoctl)(int fd, unsigned long request, void *argument);

/**
 * SystemCalls:
 * @open: open(2) for reading and writing, closed on exec
 * @close: close(2)
 * @ioctl: ioctl(2)
 * @socket: socket(2) for datagrams, closed on exec
 * @exchange: sends a message to the kernel and takes the one that it answers with before the
 * sending ends, at most @size bytes of it: how many they are, or -1 with errno set. It never blocks
 * @claim: has the block device at @path to itself for a moment: 0; or -1 with errno set, EBUSY if
 * somebody has it
 *
 * The calls by which devices are asked. Tests pass a script instead of the kernel.
 */
typedef struct {
    int (*open)(const char *path);
    int (*close)(int fd);
    SystemIoctl ioctl;
    int (*socket)(int domain, int protocol);
    gssize (*exchange)(int fd, const void *message, gsize length, void *answer, gsize size);
    int (*claim)(const char *path);
} SystemCalls;

/** system_calls_kernel: the real ones; ioctl repeats a call that a signal interrupted. */
extern const SystemCalls system_calls_kernel;
