/* Where a value of a document stands in its text. Inside base/ only.
 *
 * Text and tree are walked side by side, which takes as long as the text is: for errors, and for
 * the few values whose spelling matters.
 */
#ifndef BASE_JSON_PLACE_H
#define BASE_JSON_PLACE_H

#include "base/json.h"
#include "base/text.h"

/* The text is known to be valid JSON for this tree. */
struct json_place {
    const char *at; /* of a member, its key: that is where one looks */
    const cJSON *wanted;
    struct text path; /* LaunchSpecifications[0].WeightedCapacity; nothing at the top */
    bool found;
};

/* Clean up with text_clean_up(&out_place->path). */
void json_place_find(struct json_place *out_place, const struct json_document *document,
                     const cJSON *node);

/* The value's own text, of `*out_length` bytes, where it is neither an object nor an array; nothing
 * of a value that was not found. The place is moved behind it. */
const char *json_place_scalar(struct json_place *place, size_t *out_length);

/* Both from 1 on. */
void json_place_line(const char *text, const char *at, int *out_line, int *out_column);

#endif
