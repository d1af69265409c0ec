/* Decisions in words: a reason's template with its figures filled in. */
#ifndef POLICY_WORDS_H
#define POLICY_WORDS_H

#include "policy/policy.h"

/* Write the reason of `decision` in words into out_text[size]; always NUL-terminated. Units are
 * written as decimals, times as ISO 8601. Returns out_text. */
char *policy_reason_words(const struct ballast_policy *policy, uint32_t reason,
                          const int64_t *figures, char *out_text, size_t size);

#endif
