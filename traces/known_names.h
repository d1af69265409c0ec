/* Records by the names of their markets: most of a history is about few of them, whose names need
 * be checked and copied once. A name is found by a hash in one place, from which others may have
 * driven it: then it is checked again. Inside traces/ only.
 */
#ifndef TRACES_KNOWN_NAMES_H
#define TRACES_KNOWN_NAMES_H

#include "traces/reader.h"

struct known_names;

struct known_names *known_names_new(void);
void known_names_destroy(struct known_names *known);

/* As row_price; the record, with a mark, lives until the next call. */
const char *known_names_price(struct known_names *known, const struct price_fields *fields,
                              struct price_record **out_record);

#endif
