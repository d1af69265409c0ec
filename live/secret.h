/* Memory for secrets: keys, tokens, and the files and replies they come in.
 *
 * Each has pages of its own that are left out of core dumps, are kept out of swap where the system
 * allows, and are overwritten before they are given back. What a library copies on its way (libcurl
 * the headers it sends, libcrypto a key) is beyond this; secrets_no_core keeps it off the disk.
 */
#ifndef LIVE_SECRET_H
#define LIVE_SECRET_H

#include <cjson/cJSON.h>
#include <stddef.h>

/* Zeroed room for size bytes and a NUL. Ends the program when out of memory, as memory_new does. */
char *secret_new(size_t size);
char *secret_copy(const char *text); /* NULL of NULL */
void secret_free(char *secret);      /* wiped first; NULL is fine */

/* Overwrite every text in a tree of cJSON, then delete it. */
void secret_json_delete(cJSON *root);

/* No core file of this process, whatever the limits say. */
void secrets_no_core(void);

#endif
