/* A comparison as people and machines read it. */
#ifndef CLI_COMPARE_PRINT_H
#define CLI_COMPARE_PRINT_H

#include "base/text.h"
#include "study/compare.h"

#include <stdio.h>

void compare_print(const struct comparison *comparison, FILE *out);
void compare_json(const struct comparison *comparison, struct text *out_text);

#endif
