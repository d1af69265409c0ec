/* Records printed like the one before them.
 *
 * What prints a history prints every record alike: the same keys in the same order and the same
 * blanks between them; only the values differ. A shape is learnt from an element of a list that the
 * scanner of read_json.c has taken for a record: the texts between its values, from the comma
 * before it to its own end. Where just these texts follow in a list, with plain strings between
 * them, there is such a record again, and comparing finds it. A shape never says what JSON is, nor
 * that a record is bad: what does not match is left to the scanner.
 *
 * Inside traces/ only.
 */
#ifndef TRACES_JSON_SHAPE_H
#define TRACES_JSON_SHAPE_H

#include "traces/reader.h"

/* The members of a price record; MEMBERS is any other. */
enum json_member { ZONE, TYPE, PRODUCT, PRICE, TIME, ZONE_ID, MEMBERS };

int json_member_of(struct field key);
bool json_is_history(struct field key); /* a page's */

enum { SHAPE_PARTS = 16, SHAPE_TEXT = 2048 };

struct json_shape {
    size_t count;         /* of values; 0: nothing is known */
    int64_t lines_before; /* line ends before the record */
    int64_t lines;        /* and with those within it */
    /* Before each value and, at `count`, behind the last: where the text ends in `text`. */
    size_t ends[SHAPE_PARTS];
    int members[SHAPE_PARTS]; /* which value stands there */
    unsigned char text[SHAPE_TEXT];
};

/* From an element of a list and what stands between it and the element before. Nothing is known
 * afterwards where a value is anything but a plain string, where no member of a price record is
 * there, and where the element is the first. */
void json_shape_learn(struct json_shape *shape, const unsigned char *bytes, size_t length);

/* The length of a record of this shape that `bytes` begin with, and of what stands before it; 0 if
 * there is none. Its values are borrowed from the bytes; those it does not have are empty, the last
 * field is of no meaning. */
size_t json_shape_match(const struct json_shape *shape, const unsigned char *bytes, size_t length,
                        struct field out_values[MEMBERS + 1]);

#endif
