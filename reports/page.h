/* Text and numbers of a page that stands alone: HTML that needs no other file. */
#ifndef REPORTS_PAGE_H
#define REPORTS_PAGE_H

#include "base/decimal.h"
#include "base/text.h"

/* Text within HTML, or within a quoted attribute; control characters become question marks. */
void html_add(struct text *page, const char *text);

/* A path of a scenario likewise, that may break after its dots. */
void html_add_path(struct text *page, const char *path);

/* All up to the heading, which is the title. */
void page_begin(struct text *page, const char *title);
/* A scenario, folded up under what it is. */
void page_add_scenario(struct text *page, const char *what, const char *scenario_json);
void page_end(struct text *page);

/* numerator / denominator with two decimals and thousands apart. */
void page_number(struct text *page, int128 numerator, int128 denominator);
/* With thousands apart. */
void page_count(struct text *page, int128 value);
void page_usd(struct text *page, int128 micro_usd);
void page_unit_hours(struct text *page, int128 micro_unit_s);

#endif
