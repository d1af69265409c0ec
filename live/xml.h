/* XML replies, read by local names.
 *
 * No network, no document type, no entity but the five predefined ones and characters by number:
 * a document with a DOCTYPE is refused. Namespaces are not looked at.
 */
#ifndef LIVE_XML_H
#define LIVE_XML_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct _xmlNode; /* libxml2's element */
struct _xmlDoc;

struct xml {
    struct _xmlDoc *document;
    const struct _xmlNode *root;
    bool secret; /* texts are wiped when it is cleaned up */
};

int xml_parse(struct xml *out_xml, const char *bytes, size_t size, bool secret, struct error *err);
void xml_clean_up(struct xml *xml);

bool xml_is(const struct _xmlNode *node, const char *name);

/* The first element down the path ("Error/Code") below `node`, or NULL; of NULL, NULL. */
const struct _xmlNode *xml_find(const struct _xmlNode *node, const char *path);
/* The next element of the same name beside `node`, or NULL. */
const struct _xmlNode *xml_next(const struct _xmlNode *node);

/* The text of the element down the path ("" for `node` itself), blanks cut off both ends. False,
 * and "" in out_text, if it is absent or does not fit. */
bool xml_text(const struct _xmlNode *node, const char *path, char *out_text, size_t size);
/* The same in secret memory (secret_free); NULL if absent. */
char *xml_secret(const struct _xmlNode *node, const char *path);
/* A whole number within int64_t; false if absent or none. */
bool xml_int64(const struct _xmlNode *node, const char *path, int64_t *out_value);
/* A number in millionths, such as "24.0", "8", "1E-3"; finer ones are rounded toward zero. False if
 * absent, no number, or out of range. */
bool xml_micro(const struct _xmlNode *node, const char *path, int64_t *out_micro);
/* ISO 8601, a fraction dropped. */
bool xml_time(const struct _xmlNode *node, const char *path, int64_t *out_time_s);

/* A number as AWS writes doubles, in millionths, finer ones rounded toward zero. */
bool wire_micro(const char *text, int64_t *out_micro);

#endif
