/* JSON reading with locations, over cJSON.
 *
 * cJSON builds the tree but forgets where a value stood. A document keeps its text, and a location
 * is found again, only when there is an error to report, by walking text and tree side by side. So
 * every complaint about a scenario reads "fleet.json:12:17:
 * LaunchSpecifications[0].WeightedCapacity: ...".
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/error.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

struct json_document {
    char *name;  /* the file's name as the user gave it */
    char *text;  /* owned, NUL-terminated */
    size_t size; /* bytes in text, without the NUL */
    cJSON *root; /* owned */
};

enum { JSON_FILE_LIMIT = 64 * 1024 * 1024 }; /* bytes; larger files are refused */

/* Read and parse one file ("-" is standard input). A document that is not a single JSON value, has
 * a NUL byte, or an object with a repeated key is refused with its place. Clean up with
 * json_clean_up. */
int json_read(struct json_document *out_document, const char *path, struct error *err);

/* The same from memory; `name` is what errors call it. The text is copied. */
int json_parse(struct json_document *out_document, const char *name, const char *text, size_t size,
               struct error *err);

void json_clean_up(struct json_document *document);

/* Whether the file that json_read read still holds the same text. */
bool json_is_still(const struct json_document *document);
/* The nodes of a tree, its root among them. */
size_t json_nodes(const cJSON *root);

/* Report an error at `node` (a node of this document): "NAME:LINE:COLUMN: PATH: text",
 * STATUS_BAD_INPUT. */
int json_fail(const struct json_document *document, const cJSON *node, struct error *err,
              const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Readers of one value; each refuses another type with json_fail. `node` must not be NULL. */
int json_int64(const struct json_document *document, const cJSON *node, int64_t min, int64_t max,
               int64_t *out_value, struct error *err);
/* A number or, as AWS writes prices, a string of digits; in millionths. */
int json_decimal(const struct json_document *document, const cJSON *node, int64_t min_micro,
                 int64_t max_micro, int64_t *out_micro, struct error *err);
int json_bool(const struct json_document *document, const cJSON *node, bool *out_value,
              struct error *err);
/* ISO 8601 text with a zone (a date alone is midnight UTC). */
int json_time(const struct json_document *document, const cJSON *node, int64_t *out_time_s,
              struct error *err);
/* A string without NUL; borrowed from the document. */
int json_string(const struct json_document *document, const cJSON *node, const char **out_text,
                struct error *err);

#endif
