/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

#include "system-calls.h"

/**
 * CallStep:
 * @opens: an open(2) of this node, a path below the directory of device nodes; %NULL for an
 * ioctl(2)
 * @fd: on which descriptor the ioctl is made
 * @request: which one
 * @text: the argument is this string
 * @expects: the argument is a structure that begins with these @expects_size bytes
 * @page: behind @expects stands the address of an aligned page, which holds these 4096 bytes
 * @number: the argument is this number, if it is none of the above
 * @writes: @writes_size bytes that the kernel puts over the structure, or over the page
 * @gives_fd: @result is a new descriptor; always so for an open
 * @result: what the call returns
 * @error_number: if not 0, the call fails with this errno and writes nothing
 *
 * One expected call, and what the kernel does.
 */
typedef struct {
    const char *opens;
    int fd;
    unsigned long request;
    const char *text;
    const void *expects;
    gsize expects_size;
    const guint8 *page;
    guintptr number;
    const void *writes;
    gsize writes_size;
    gboolean gives_fd;
    int result;
    int error_number;
} CallStep;

/** call_script_kernel: plays the script. A call that is not next in it aborts the test. */
extern const SystemCalls call_script_kernel;

/**
 * call_script_begin:
 * @dev: the directory of device nodes
 *
 * Begins an empty script: until something is added, every call aborts.
 */
void call_script_begin(const char *dev);

/** call_script_add: puts @count more steps at the end; all they point at is copied. */
void call_script_add(const CallStep *steps, guint count);

/** call_script_fail: the script ends with step @index, from 0, which fails with @error_number. */
void call_script_fail(guint index, int error_number);

/**
 * call_script_end:
 *
 * Asserts that all of the script was played, and that each descriptor that it gave was closed. To
 * close or use one that is not open, or to open a node twice, aborts when it happens.
 */
void call_script_end(void);
