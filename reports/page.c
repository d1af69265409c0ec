/* Text and numbers of a page. */
#include "page.h"

#include <string.h>

static const char style[] =
    ":root{color-scheme:light dark;--line:#8886}*{box-sizing:border-box}"
    "body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:0 auto;padding:1rem}"
    "h1{font-size:1.5rem;margin:.5rem 0;overflow-wrap:anywhere}h3{font-size:1rem;margin:1.2rem 0 "
    ".3rem}h2{font-size:1.15rem;margin:2rem 0 "
    ".5rem}"
    "svg{width:100%;min-width:36rem;height:auto;display:block}figure{margin:0;overflow-x:auto}"
    "figcaption{margin:.3rem "
    "0;font-size:.9rem}"
    ".key{display:inline-block;width:.8em;height:.8em;margin:0 .3em 0 .8em}"
    ".key,.ramp i{-webkit-print-color-adjust:exact;print-color-adjust:exact}"
    ".ramp{display:block;max-width:30rem;margin:.3rem 0}.ramp i{display:block;height:.8em}"
    ".ramp span{display:flex;justify-content:space-between;font-variant-numeric:tabular-nums}"
    ".ramp b{font-weight:normal}@media(max-width:30rem){.ramp b:nth-child(even){display:none}}"
    ".wide{overflow-x:auto}table{border-collapse:collapse;font-size:.88rem;"
    "font-variant-numeric:tabular-nums}th,td{padding:.15rem .6rem;text-align:right;"
    "border-bottom:1px solid var(--line);white-space:nowrap}th:first-child,td:first-child,td.text"
    "{text-align:left}th.left,td.left{text-align:left}th.left{white-space:normal}td.left{max-width:"
    "22rem;white-space:normal;overflow-wrap:anywhere}td."
    "number{text-align:right}td.text{white-space:normal;min-width:14rem}details{margin:.5rem 0}"
    "pre{white-space:pre-wrap;overflow-wrap:anywhere;font-size:.85rem}pre.lines{white-space:pre;"
    "overflow-x:auto}ul.plain{list-style:none;padding:0}@media(max-width:40rem){.aside{display:"
    "none}td.name{white-space:normal}th,td{padding:.15rem .35rem}}"
    "@media "
    "print{pre.lines{white-space:pre-wrap}details{display:block}body{max-width:none}h2{break-after:"
    "avoid}figure{break-inside:"
    "avoid}}";

/* HTML and SVG know no others, and what reads a page may be a terminal. */
static bool is_control(char letter)
{
    return ((unsigned char)letter < ' ' && letter != '\n' && letter != '\t') || letter == 127;
}

void html_add(struct text *page, const char *text)
{
    for (; *text; text++) {
        switch (*text) {
        case '&':
            text_add(page, "&amp;");
            break;
        case '<':
            text_add(page, "&lt;");
            break;
        case '>':
            text_add(page, "&gt;");
            break;
        case '"':
            text_add(page, "&quot;");
            break;
        case '\'':
            text_add(page, "&#39;");
            break;
        default:
            text_add_bytes(page, is_control(*text) ? "?" : text, 1);
        }
    }
}

void html_add_path(struct text *page, const char *path)
{
    char letter[2] = "";
    for (; *path; path++) {
        letter[0] = *path;
        html_add(page, letter);
        if (strchr("._,", *path))
            text_add(page, "<wbr>");
    }
}

void page_begin(struct text *page, const char *title)
{
    text_add(page, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta "
                   "name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
    html_add(page, title);
    text_addf(page, "</title><style>%s</style></head><body><main>\n<h1>", style);
    html_add(page, title);
    text_add(page, "</h1>\n");
}

void page_add_scenario(struct text *page, const char *what, const char *scenario_json)
{
    text_addf(page, "<details><summary>%s</summary><pre>", what);
    html_add(page, scenario_json);
    text_add(page, "</pre></details>\n");
}

void page_end(struct text *page)
{
    text_add(page, "</main></body></html>\n");
}

void page_count(struct text *page, int128 value)
{
    char digits[DECIMAL_TEXT_SIZE];
    text_add(page, value < 0 ? "−" : "");
    int128_format(value < 0 ? -value : value, digits);
    size_t length = strlen(digits);
    for (size_t i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            text_add(page, ",");
        text_add_bytes(page, &digits[i], 1);
    }
}

void page_number(struct text *page, int128 numerator, int128 denominator)
{
    int128 hundredths = divide_half_even(numerator * 100, denominator);
    text_add(page, hundredths < 0 ? "−" : "");
    hundredths = hundredths < 0 ? -hundredths : hundredths;
    page_count(page, hundredths / 100);
    text_addf(page, ".%02d", (int)(hundredths % 100));
}

void page_usd(struct text *page, int128 micro_usd)
{
    page_number(page, micro_usd, MICRO);
}

void page_unit_hours(struct text *page, int128 micro_unit_s)
{
    page_number(page, micro_unit_s, (int128)MICRO * 3600);
}
