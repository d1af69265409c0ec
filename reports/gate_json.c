/* The gate's verdict for machines. */
#include "reports/gate.h"

static void add_line(const struct gate_line *line, struct text *text)
{
    text_add(text, line->condition ? "{\"condition\":" : "{\"figure\":");
    text_add_json_string(text, line->text);
    text_addf(text, ",\"holds\":%s", line->holds ? "true" : "false");
    if (*line->over)
        text_addf(text, ",\"over\":\"%s\"", line->over);
    if (line->condition)
        text_addf(text, ",\"left\":%s,\"relation\":\"%s\",\"right\":%s}", line->left,
                  line->relation, line->right);
    else
        text_addf(text, ",\"was\":%s,\"is\":%s}", line->left, line->right);
}

static void add_call(const char *key, const char *call, struct text *text)
{
    text_addf(text, "\"%s\":", key);
    if (call)
        text_add_json_string(text, call);
    else
        text_add(text, "null");
}

void gate_json(const struct gate_report *report, struct text *text)
{
    text_add(text, "{\"baseline\":");
    text_add_json_string(text, report->baseline);
    text_addf(text, ",\"holds\":%s,\"scenarios\":[", report->breached ? "false" : "true");
    for (size_t i = 0; i < report->count; i++) {
        const struct gate_verdict *verdict = &report->verdicts[i];
        text_add(text, i ? ",{\"name\":" : "{\"name\":");
        text_add_json_string(text, verdict->name);
        text_add(text, ",\"file\":");
        text_add_json_string(text, verdict->file);
        text_addf(text, ",\"holds\":%s,\"%s\":[", verdict->holds ? "true" : "false",
                  verdict->gated ? "gates" : "differences");
        for (size_t k = 0; k < verdict->line_count; k++) {
            text_add(text, k ? "," : "");
            add_line(&verdict->lines[k], text);
        }
        text_add(text, "],\"first_call_that_differs\":");
        if (verdict->diverges) {
            text_add(text, "{");
            add_call("was", verdict->was, text);
            text_add(text, ",");
            add_call("is", verdict->is, text);
            text_add(text, "}}");
        } else {
            text_add(text, "null}");
        }
    }
    text_add(text, "]}\n");
}
