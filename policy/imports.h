/* What the code of a shared object calls that is not its own. Inside policy/ only. */
#ifndef POLICY_IMPORTS_H
#define POLICY_IMPORTS_H

#include "policy/loaded.h"

/* See policy_loaded_imports; `handle` is dlopen's. */
size_t imports_find(void *handle, struct policy_import *out_imports, size_t capacity);

#endif
