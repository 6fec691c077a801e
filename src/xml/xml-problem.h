/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#pragma once

#include <glib.h>
#include <libxml/xmlerror.h>
#include <libxml/xmlversion.h>

/* What libxml2 hands to an xmlStructuredErrorFunc: since 2.12 not to be changed. */
#if LIBXML_VERSION >= 21200
typedef const xmlError XmlProblem;
#else
typedef xmlError XmlProblem;
#endif

/**
 * xml_problem_get_message:
 *
 * Returns: (transfer full): libxml2's words as valid UTF-8, without the newline at their end, with
 * a full stop.
 */
char *xml_problem_get_message(const xmlError *problem);

/** xml_problem_ignore: an xmlStructuredErrorFunc for what is told elsewhere. */
void xml_problem_ignore(void *data, XmlProblem *problem);
