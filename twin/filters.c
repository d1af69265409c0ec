#include "twin/filters.h"

#include <string.h>

bool filters_read(struct call *call, const char *const *names, const struct tree **out_first)
{
    if (!call_list(call, call->input, "Filter", out_first))
        return false;
    for (const struct tree *at = *out_first; at; at = at->next) {
        const char *name = "";
        const struct tree *values = NULL;
        if (!call_need(call, at, "Name") || !call_text(call, at, "Name", &name) ||
            !call_list(call, at, "Value", &values))
            return false;
        const char *const *known = names;
        while (*known && strcmp(*known, name) != 0)
            known++;
        if (!*known)
            return call_bad_value(call, "The filter '%.64s' is invalid", name);
    }
    return true;
}

/* Goes back to the last star only, so that no pattern takes long. */
static bool fits(const char *pattern, const char *value)
{
    const char *star = NULL;
    const char *again = NULL;
    while (*value) {
        if (*pattern == '*') {
            star = pattern++;
            again = value;
        } else if (*pattern == '?' || *pattern == *value) {
            pattern++;
            value++;
        } else if (star) {
            pattern = star + 1;
            value = ++again;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return !*pattern;
}

bool filters_pass(const struct tree *first, const char *name, const char *value)
{
    for (const struct tree *at = first; at; at = at->next) {
        const char *filter = "";
        tree_text(tree_find(at, "Name"), &filter);
        if (strcmp(filter, name) != 0)
            continue;
        bool any = false;
        const struct tree *values = tree_find(at, "Value");
        for (const struct tree *v = values ? values->first : NULL; v; v = v->next) {
            const char *pattern = "";
            any = any || (tree_text(v, &pattern) && fits(pattern, value));
        }
        if (!any)
            return false;
    }
    return true;
}
