/* Policies of users' own, out of shared objects. */
#ifndef POLICY_LOADED_H
#define POLICY_LOADED_H

#include "base/error.h"
#include "base/hash.h"
#include "policy/policy.h"

#include <stdbool.h>

struct policy_loaded; /* heap object */

/* How many bytes of `written` (PATH[:PRESET][+MODIFIER]...) are the path of a file, which has a
 * '/' in it or ends in ".so"; 0: it names no file. */
size_t policy_file_length(const char *written);

/* Load the shared object at `path`, which has a '/' in it. `sha256` of its bytes is demanded before
 * any of its code runs; NULL: any. Refused, in one line that names it: what
 * is no shared object of this machine, does not load, exports no ballast_policy_v1, or whose tables
 * policy_check refuses. All that is tried in a child process first, so that code that crashes when
 * it is loaded is refused as well. The code runs: load only what you would run. */
int policy_load(struct policy_loaded **out, const char *path, const char *sha256,
                struct error *err);
void policy_unload(struct policy_loaded *loaded);

/* It lives as long as `loaded`. */
const struct ballast_policy *policy_loaded_policy(const struct policy_loaded *loaded);
/* SHA-256 of the file's bytes, in hex. */
const char *policy_loaded_sha256(const struct policy_loaded *loaded);

#endif
