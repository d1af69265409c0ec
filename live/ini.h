/* The format of AWS's shared config and credentials files.
 *
 *   [section]            blanks around the name do not count, nor do runs of them inside it
 *   key = value          keys in any case; the value is trimmed; '#' and ';' inside it are its own
 *   # comment            also with ';'; only at the start of a line
 *   parent =             a key without a value, and indented lines below it: settings inside a
 *     key = value        setting
 *
 * Of a key that occurs twice the last one counts. The text stays where it is, in secret memory, and
 * entries point into it. No error repeats what a line holds: it may be a key.
 */
#ifndef LIVE_INI_H
#define LIVE_INI_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

struct ini_entry {
    const char *section;
    const char *parent; /* NULL but for a setting inside a setting */
    const char *key;    /* lower case; "" marks that the section is there */
    const char *value;
};

struct ini {
    char *text; /* secret memory, owned */
    struct ini_entry *entries;
    size_t count;
    size_t capacity;
};

enum { INI_FILE_LIMIT = 1 << 20 }; /* bytes; larger files are refused */

/* Take `text` (of secret_new; `size` bytes) over and read it; `name` is what errors call it. On
 * error it is freed, and nothing needs cleaning up. */
int ini_parse(struct ini *out_ini, const char *name, char *text, size_t size, struct error *err);

/* The value, borrowed, or NULL. `parent` as in ini_entry. */
const char *ini_get(const struct ini *ini, const char *section, const char *parent,
                    const char *key);
bool ini_has_section(const struct ini *ini, const char *section);
void ini_clean_up(struct ini *ini);

#endif
