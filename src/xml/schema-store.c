/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Copyright (C) The libvirt-zpci developers */

#include "config.h"

#include "schema-store.h"

#include <glib/gi18n-lib.h>
#include <libxml/parser.h>

#include "names.h"
#include "xml-problem.h"
#include "zpci-error.h"

static GMutex schema_store_lock;
static GHashTable *schema_store_schemas;

/* The first complaint is the cause, what follows are its consequences. */
static void
schema_store_note_problem(void *data, XmlProblem *problem)
{
    char **message = data;

    if (*message == NULL && problem->message != NULL)
        *message = g_strchomp(g_strdup(problem->message));
}

/* libxml2 reads included files with contexts of its own, so only the handler of the thread hears of
 * all that goes wrong. */
static xmlRelaxNG *
schema_store_parse(const char *path, char **problem)
{
    xmlStructuredErrorFunc old_handler = xmlStructuredError;
    void *old_data = xmlStructuredErrorContext;
    xmlRelaxNGParserCtxt *context;
    xmlRelaxNG *schema = NULL;

    xmlSetStructuredErrorFunc(problem, schema_store_note_problem);
    context = xmlRelaxNGNewParserCtxt(path);
    if (context != NULL) {
        schema = xmlRelaxNGParse(context);
        xmlRelaxNGFreeParserCtxt(context);
    }
    xmlSetStructuredErrorFunc(old_data, old_handler);
    return schema;
}

static xmlRelaxNG *
schema_store_load(const char *path, GError **error)
{
    g_autofree char *problem = NULL;
    xmlRelaxNG *schema;

    if (!g_file_test(path, G_FILE_TEST_IS_REGULAR)) {
        g_set_error(error, ZPCI_ERROR, ZPCI_ERROR_NOT_FOUND,
                    _("The schema %s does not exist; install libvirt-zpci completely, or set %s to "
                      "the directory of its schemas."),
                    path, NAME_ENV_SCHEMA_DIR);
        return NULL;
    }
    schema = schema_store_parse(path, &problem);
    if (schema == NULL)
        g_set_error(
            error, ZPCI_ERROR, ZPCI_ERROR_UNREADABLE,
            _("The schema %s cannot be loaded, with libvirt's schemas that it includes: %s"), path,
            problem != NULL ? problem : _("The cause is not known."));
    return schema;
}

static xmlRelaxNG *
schema_store_get_locked(const char *path, GError **error)
{
    xmlRelaxNG *schema;

    if (schema_store_schemas == NULL) {
        xmlInitParser();
        schema_store_schemas = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    }
    schema = g_hash_table_lookup(schema_store_schemas, path);
    if (schema == NULL) {
        schema = schema_store_load(path, error);
        if (schema != NULL)
            g_hash_table_insert(schema_store_schemas, g_strdup(path), schema);
    }
    return schema;
}

char *
schema_store_get_path(const char *name)
{
    const char *directory = g_getenv(NAME_ENV_SCHEMA_DIR);

    if (directory == NULL || *directory == '\0')
        directory = SCHEMA_DIR;
    return g_build_filename(directory, name, NULL);
}

xmlRelaxNG *
schema_store_get(const char *name, GError **error)
{
    g_autofree char *path = schema_store_get_path(name);
    xmlRelaxNG *schema;

    g_mutex_lock(&schema_store_lock);
    schema = schema_store_get_locked(path, error);
    g_mutex_unlock(&schema_store_lock);
    return schema;
}
