/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "other-process.h"

#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct _OtherProcess {
    pid_t id; /* 0 if it was killed */
    int commands;
};

/* Each byte that comes is a command, and is answered with one. */
G_GNUC_NORETURN static void
obey(int commands, OtherProcessWork work, gpointer data)
{
    char byte;

    for (guint round = 0; read(commands, &byte, 1) == 1; round++) {
        if (!work(data, round) || write(commands, &byte, 1) != 1)
            _exit(1);
    }
    _exit(0);
}

OtherProcess *
other_process_start(OtherProcessWork work, gpointer data)
{
    OtherProcess *process = g_new0(OtherProcess, 1);
    int pair[2];

    g_assert_no_errno(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair));
    process->id = fork();
    g_assert_cmpint(process->id, >=, 0);
    if (process->id == 0) {
        close(pair[0]);
        obey(pair[1], work, data);
    }
    close(pair[1]);
    process->commands = pair[0];
    return process;
}

void
other_process_begin(OtherProcess *process)
{
    g_assert_cmpint(write(process->commands, "x", 1), ==, 1);
}

void
other_process_finish(OtherProcess *process)
{
    char byte;

    g_assert_cmpint(read(process->commands, &byte, 1), ==, 1);
}

void
other_process_kill(OtherProcess *process)
{
    g_assert_no_errno(kill(process->id, SIGKILL));
    g_assert_cmpint(waitpid(process->id, NULL, 0), ==, process->id);
    process->id = 0;
}

void
other_process_free(OtherProcess *process)
{
    int status = -1;

    close(process->commands);
    if (process->id != 0) {
        g_assert_cmpint(waitpid(process->id, &status, 0), ==, process->id);
        g_assert_cmpint(status, ==, 0);
    }
    g_free(process);
}
