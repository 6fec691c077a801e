/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

/**
 * VfioIoctl:
 *
 * The shape of ioctl(2): returns -1 and sets errno on failure. Tests pass a script instead of the
 * kernel.
 */
typedef int (*VfioIoctl)(int fd, unsigned long request, void *argument);

/**
 * vfio_ioctl:
 *
 * Asks the kernel; repeats a call that a signal interrupted. The only ioctl call of the project.
 */
int vfio_ioctl(int fd, unsigned long request, void *argument);
