/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "xml-problem.h"

/* libxml2 ends its messages with a newline, and repeats text of the document in them. */
char *
xml_problem_get_message(const xmlError *problem)
{
    g_autofree char *text = g_strchomp(g_strdup(problem->message != NULL ? problem->message : ""));
    g_autofree char *valid = g_utf8_make_valid(text, -1);

    return g_strdup_printf("%s.", valid);
}

void
xml_problem_ignore(void *data, XmlProblem *problem)
{
    (void)data;
    (void)problem;
}
