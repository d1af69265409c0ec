/* Trees to and from the bytes of AWS's protocols.
 *
 * Readers take what anybody may send: they refuse what is malformed, nested deeper than
 * TREE_DEPTH_MAX or holds a NUL in a text, and return NULL then. An empty body is an empty object.
 */
#ifndef TWIN_WIRE_H
#define TWIN_WIRE_H

#include "base/text.h"
#include "twin/tree.h"

/* A form: "A.member.2.B=x" and "A.2.B=x" are the member B of the second item of the list A. '+' and
 * %20 are spaces. Items come in the order of their numbers, whatever gaps there are. */
struct tree *form_read(struct arena *arena, const char *bytes, size_t size);

struct tree *json_read_tree(struct arena *arena, const char *bytes, size_t size);
void json_write(struct text *out, const struct tree *tree);

/* CBOR of any width, definite or not; null and undefined are TREE_NULL. */
struct tree *cbor_read(struct arena *arena, const unsigned char *bytes, size_t size);
void cbor_write(struct text *out, const struct tree *tree);

/* The members of an object as XML elements, items of lists each as `item`. */
void xml_write(struct text *out, const struct tree *object, const char *item);
void xml_escape(struct text *out, const char *text);

/* A gzip stream of at most `limit` bytes when inflated; false if it is none, or longer. */
bool gzip_inflate(struct text *out, const char *bytes, size_t size, size_t limit);

#endif
