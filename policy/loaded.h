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

/* A function, or a variable, that the file's code takes from another library. */
struct policy_import {
    const char *name;    /* lives as long as what it was found in */
    const char *why_not; /* what it is that no policy may go by; NULL: nothing is known of it */
};

/* What its code takes from elsewhere, but for what is known to answer the same to the same
 * arguments. Returns how many there are, at most `capacity`. What it finds is what could be called:
 * a policy need not call it when it decides. */
size_t policy_loaded_imports(const struct policy_loaded *loaded, struct policy_import *out_imports,
                             size_t capacity);

#endif
