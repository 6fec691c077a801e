/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>

/* The most links that one path may go through, as many as the kernel follows. */
#define SYSFS_RECORDER_MAX_LINKS 40

/**
 * SysfsReadingKind:
 * @SYSFS_READING_FILE: bytes of a file
 * @SYSFS_READING_LINK: where a link points
 * @SYSFS_READING_LIST: the names in a directory
 */
typedef enum {
    SYSFS_READING_FILE,
    SYSFS_READING_LINK,
    SYSFS_READING_LIST,
} SysfsReadingKind;

/**
 * SysfsReading:
 * @path: where, from the root of sysfs, through no link
 * @size: of a file: how many bytes were asked for; never less than an attribute may have
 *
 * One thing that somebody asked for, whether it was there or not.
 */
typedef struct {
    SysfsReadingKind kind;
    char *path;
    gsize size;
} SysfsReading;

/** sysfs_recorder_free_reading: @reading may be %NULL. */
void sysfs_recorder_free_reading(SysfsReading *reading);

/**
 * SysfsRecorder:
 *
 * Keeps what is read of one sysfs, through one descriptor of its root and the directories that are
 * opened from there, by the thread that started it. Others, and other descriptors, are not
 * recorded.
 */
typedef struct _SysfsRecorder SysfsRecorder;

/**
 * sysfs_recorder_start:
 * @root: descriptor of the root of sysfs
 *
 * Returns: (transfer full): to be stopped in the same thread with sysfs_recorder_stop(), the last
 * one first; %NULL with @error set.
 */
SysfsRecorder *sysfs_recorder_start(int root, GError **error);

/** sysfs_recorder_stop: @recorder may be %NULL. */
void sysfs_recorder_stop(SysfsRecorder *recorder);

/**
 * sysfs_recorder_take:
 *
 * Returns: (transfer full) (nullable): what was read next, in order; each comes once, however often
 *   it was read. %NULL if that was all, until more is read.
 */
SysfsReading *sysfs_recorder_take(SysfsRecorder *recorder);

/** sysfs_recorder_add: sysfs.c tells of a reading; does nothing if no recorder is concerned. */
void sysfs_recorder_add(SysfsReadingKind kind, int directory, const char *name, gsize size);

/** sysfs_recorder_add_directory: sysfs.c tells that it opened @path below @parent as @directory. */
void sysfs_recorder_add_directory(int parent, const char *path, int directory);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SysfsRecorder, sysfs_recorder_stop)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SysfsReading, sysfs_recorder_free_reading)
