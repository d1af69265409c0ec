/* A streaming scanner for what `aws ec2 describe-spot-price-history` prints: one object, or many
 * pages one after the other. Only records are kept, one at a time; everything else is passed over.
 */
#include "traces/reader.h"

#include <string.h>

enum { DEPTH_LIMIT = 64, STRING_LIMIT = NAME_LIMIT };

struct scanner {
    struct input *input;
    const struct record_receiver *receiver;
    struct error *err;
    int status;
};

/* A JSON string as far as it matters: longer ones keep their length only. */
struct json_string {
    char text[STRING_LIMIT];
    size_t length; /* STRING_LIMIT or more: too long */
};

static bool broken(struct scanner *s, const char *what)
{
    if (!s->status && s->input->status)
        s->status = s->input->status;
    if (!s->status)
        s->status = error_set(s->err, STATUS_BAD_INPUT, "%s:%lld: not valid JSON: %s",
                              s->input->name, (long long)s->input->line, what);
    return false;
}

static int peek_token(struct scanner *s)
{
    int c = 0;
    while ((c = input_peek(s->input)) == ' ' || c == '\n' || c == '\r' || c == '\t')
        input_next(s->input);
    return c;
}

static bool expect(struct scanner *s, int wanted, const char *what)
{
    int c = peek_token(s);
    if (c != wanted)
        return broken(s, c < 0 ? "it ends too early" : what);
    input_next(s->input);
    return true;
}

static void put(struct json_string *string, int c)
{
    if (string->length < STRING_LIMIT - 1)
        string->text[string->length] = (char)c;
    string->length++;
}

static bool scan_escape(struct scanner *s, struct json_string *out)
{
    int c = input_next(s->input);
    static const char from[] = "\"\\/bfnrt";
    static const char to[] = "\"\\/\b\f\n\r\t";
    const char *found = c > 0 ? strchr(from, c) : NULL;
    if (found) {
        put(out, to[found - from]);
        return true;
    }
    if (c != 'u')
        return broken(s, "unknown escape in a string");
    unsigned code = 0;
    for (int i = 0; i < 4; i++) {
        int h = input_next(s->input);
        if (h < 0 || !strchr("0123456789abcdefABCDEF", h))
            return broken(s, "unknown escape in a string");
        code = code * 16 + (unsigned)(h <= '9' ? h - '0' : (h | 32) - 'a' + 10);
    }
    /* Names and prices are ASCII ("\u002f" is "/"); other characters make no known name. */
    put(out, code >= 0x20 && code < 0x7f ? (int)code : '?');
    return true;
}

static bool scan_string(struct scanner *s, struct json_string *out)
{
    out->length = 0;
    if (!expect(s, '"', "a string was expected"))
        return false;
    for (;;) {
        int c = input_next(s->input);
        if (c == '"')
            break;
        if (c < 0)
            return broken(s, "it ends too early");
        if (c < 0x20)
            return broken(s, "a control character in a string");
        if (c != '\\')
            put(out, c);
        else if (!scan_escape(s, out))
            return false;
    }
    out->text[out->length < STRING_LIMIT ? out->length : STRING_LIMIT - 1] = '\0';
    return true;
}

/* A number, true, false or null. */
static bool scan_word(struct scanner *s, struct json_string *out)
{
    out->length = 0;
    int c = 0;
    while ((c = input_peek(s->input)) > 0 &&
           strchr("+-.0123456789abcdefghijklmnopqrstuvwxyzE", c)) {
        put(out, c);
        input_next(s->input);
    }
    out->text[out->length < STRING_LIMIT ? out->length : STRING_LIMIT - 1] = '\0';
    bool number = out->length > 0 && strchr("-0123456789", out->text[0]);
    bool word = strcmp(out->text, "true") == 0 || strcmp(out->text, "false") == 0 ||
                strcmp(out->text, "null") == 0;
    return number || word || broken(s, c < 0 ? "it ends too early" : "a value was expected");
}

static bool skip_value(struct scanner *s, int depth);

/* After '{' or '[': pass over everything up to its end. */
static bool skip_members(struct scanner *s, bool object, int depth) // NOLINT(misc-no-recursion)
{
    int close = object ? '}' : ']';
    struct json_string key;
    if (peek_token(s) == close)
        return expect(s, close, "");
    for (;;) {
        if (object && (!scan_string(s, &key) || !expect(s, ':', "a colon was expected")))
            return false;
        if (!skip_value(s, depth + 1))
            return false;
        int c = peek_token(s);
        if (c == close)
            return expect(s, close, "");
        if (!expect(s, ',', "a comma was expected"))
            return false;
    }
}

static bool skip_value(struct scanner *s, int depth) // NOLINT(misc-no-recursion)
{
    struct json_string ignored;
    int c = peek_token(s);
    if (depth > DEPTH_LIMIT)
        return broken(s, "nested too deeply");
    if (c == '{' || c == '[') {
        input_next(s->input);
        return skip_members(s, c == '{', depth);
    }
    return c == '"' ? scan_string(s, &ignored) : scan_word(s, &ignored);
}

enum { ZONE, TYPE, PRODUCT, PRICE, TIME, MEMBERS };

static const char *const member_names[MEMBERS] = {"AvailabilityZone", "InstanceType",
                                                  "ProductDescription", "SpotPrice", "Timestamp"};

static bool emit(struct scanner *s, const struct json_string *values, int64_t line)
{
    const char *reason = NULL;
    struct price_record record;
    struct field fields[MEMBERS];
    for (int i = 0; i < MEMBERS; i++) {
        fields[i] = (struct field){values[i].text, values[i].length};
        if (values[i].length >= STRING_LIMIT)
            reason = "a value is too long";
    }
    /* An AvailabilityZoneId alone will do: it has taken the zone's place below. */
    if (!reason)
        reason = reader_price(&record, fields[ZONE], fields[TYPE], fields[PRODUCT], fields[PRICE],
                              fields[TIME]);
    s->status = reason ? s->receiver->refused(line, reason, s->receiver->context)
                       : s->receiver->price(&record, line, s->receiver->context);
    return !s->status;
}

/* One member of a record: which value it is, or none of ours. */
static struct json_string *target(struct json_string *values, const char *key)
{
    for (int i = 0; i < MEMBERS; i++) {
        if (strcmp(key, member_names[i]) == 0)
            return &values[i];
    }
    if (strcmp(key, "AvailabilityZoneId") == 0 && values[ZONE].length == 0)
        return &values[ZONE];
    return NULL;
}

static bool scan_record(struct scanner *s)
{
    struct json_string values[MEMBERS];
    struct json_string key;
    int64_t line = s->input->line;
    for (int i = 0; i < MEMBERS; i++) {
        values[i].length = 0;
        values[i].text[0] = '\0';
    }
    if (peek_token(s) != '{') {
        s->status = s->receiver->refused(line, "not a record", s->receiver->context);
        return !s->status && skip_value(s, 3);
    }
    input_next(s->input);
    if (peek_token(s) == '}')
        return expect(s, '}', "") && emit(s, values, line);
    for (;;) {
        if (!scan_string(s, &key) || !expect(s, ':', "a colon was expected"))
            return false;
        struct json_string *value = target(values, key.text);
        int c = peek_token(s);
        bool read = !value || c == '{' || c == '['
                        ? skip_value(s, 3)
                        : (c == '"' ? scan_string(s, value) : scan_word(s, value));
        if (!read)
            return false;
        if (peek_token(s) == '}')
            return expect(s, '}', "") && emit(s, values, line);
        if (!expect(s, ',', "a comma was expected"))
            return false;
    }
}

static bool scan_history(struct scanner *s)
{
    if (!expect(s, '[', "SpotPriceHistory must be a list"))
        return false;
    if (peek_token(s) == ']')
        return expect(s, ']', "");
    for (;;) {
        peek_token(s);
        if (!scan_record(s))
            return false;
        if (peek_token(s) == ']')
            return expect(s, ']', "");
        if (!expect(s, ',', "a comma was expected"))
            return false;
    }
}

/* One page. *out_found tells whether it had a history. */
static bool scan_page(struct scanner *s, bool *out_found)
{
    struct json_string key;
    if (!expect(s, '{', "an object was expected"))
        return false;
    if (peek_token(s) == '}')
        return expect(s, '}', "");
    for (;;) {
        if (!scan_string(s, &key) || !expect(s, ':', "a colon was expected"))
            return false;
        bool history = strcmp(key.text, "SpotPriceHistory") == 0;
        *out_found = *out_found || history;
        if (history ? !scan_history(s) : !skip_value(s, 1))
            return false;
        if (peek_token(s) == '}')
            return expect(s, '}', "");
        if (!expect(s, ',', "a comma was expected"))
            return false;
    }
}

int read_prices_json(struct input *input, const struct record_receiver *receiver, struct error *err)
{
    struct scanner s = {.input = input, .receiver = receiver, .err = err};
    bool found = false;
    if (input_peek(input) == 0xef) { /* a byte order mark */
        for (int i = 0; i < 3; i++)
            input_next(input);
    }
    while (peek_token(&s) >= 0) {
        if (!scan_page(&s, &found))
            return s.status;
    }
    if (input->status)
        return input->status;
    if (!found)
        return error_set(err, STATUS_BAD_INPUT,
                         "%s: JSON without a SpotPriceHistory list: is this the output of "
                         "describe-spot-price-history?",
                         input->name);
    return STATUS_OK;
}
