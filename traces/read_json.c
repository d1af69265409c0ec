/* A streaming scanner for what `aws ec2 describe-spot-price-history` prints: one object, or many
 * pages one after the other; also the bare list or the bare records that --query and jq make of
 * it. Only one record is kept at a time; everything else is passed over. */
#include "traces/json_shape.h"
#include "traces/known_names.h"

#include <string.h>

enum { DEPTH_LIMIT = 64, STRING_LIMIT = NAME_LIMIT };

struct scanner {
    struct input *input;
    const struct record_receiver *receiver;
    struct error *err;
    int status;
    bool found;              /* a history, or a record */
    struct json_shape shape; /* of the records of lists */
    struct known_names *known;
};

/* A JSON string as far as it matters: of longer ones only the length is known. */
struct json_string {
    size_t length; /* STRING_LIMIT or more: too long */
    char text[STRING_LIMIT];
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

/* Eight blanks at once: half of what the command line prints is indentation. */
static bool eight_blanks(const unsigned char *at, const unsigned char *end)
{
    return end - at >= 8 && memcmp(at, "        ", 8) == 0;
}

/* The first byte of the next token, not taken; -1 at the end. */
static int peek_token(struct scanner *s)
{
    struct input *input = s->input;
    for (;;) {
        const unsigned char *at = input->buffer + input->at;
        const unsigned char *end = input->buffer + input->end;
        for (; at < end; at++) {
            if (*at > ' ')
                break;
            if (*at == '\n') {
                input->line++;
                while (eight_blanks(at + 1, end))
                    at += 8;
            } else if (*at != ' ' && *at != '\r' && *at != '\t') {
                break;
            }
        }
        input->at = (size_t)(at - input->buffer);
        if (at < end)
            return *at;
        if (!input_fill(input))
            return -1;
    }
}

static bool expect(struct scanner *s, int wanted, const char *what)
{
    int c = peek_token(s);
    if (c != wanted)
        return broken(s, c < 0 ? "it ends too early" : what);
    s->input->at++;
    return true;
}

static void put(struct json_string *string, unsigned char byte)
{
    if (string->length < STRING_LIMIT)
        string->text[string->length] = (char)byte;
    string->length++;
}

static bool scan_escape(struct scanner *s, struct json_string *out)
{
    int c = input_next(s->input);
    static const char from[] = "\"\\/bfnrt";
    static const unsigned char to[] = "\"\\/\b\f\n\r\t";
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
        if (h <= 0 || !strchr("0123456789abcdefABCDEF", h))
            return broken(s, "unknown escape in a string");
        code = code * 16 + (unsigned)(h <= '9' ? h - '0' : (h | 32) - 'a' + 10);
    }
    /* Every name and price is ASCII ("\u002f" is "/"); DEL stands for all that is not, and is
     * refused with the record. */
    put(out, code < 0x7f ? (unsigned char)code : 0x7f);
    return true;
}

/* Bytes at which the copying of a string stops: its end, an escape, what may not be there. */
static bool stops(unsigned char c)
{
    return c == '"' || c == '\\' || c < 0x20;
}

static bool scan_string(struct scanner *s, struct json_string *out)
{
    struct input *input = s->input;
    out->length = 0;
    if (!expect(s, '"', "a string was expected"))
        return false;
    for (;;) {
        if (input_peek(input) < 0)
            return broken(s, "it ends too early");
        const unsigned char *at = input->buffer + input->at;
        const unsigned char *end = input->buffer + input->end;
        size_t length = out->length;
        for (; at < end && !stops(*at); at++, length++) {
            if (length < STRING_LIMIT)
                out->text[length] = (char)*at;
        }
        out->length = length;
        input->at = (size_t)(at - input->buffer);
        if (at == end)
            continue;
        if (*at < 0x20)
            return broken(s, "a control character in a string");
        input->at++;
        if (*at == '"')
            return true;
        if (!scan_escape(s, out))
            return false;
    }
}

/* A number, true, false or null. */
static bool scan_word(struct scanner *s, struct json_string *out)
{
    out->length = 0;
    int c = 0;
    while ((c = input_peek(s->input)) > 0 && strchr("+-.0123456789aeflnrstuE", c)) {
        put(out, (unsigned char)c);
        input_next(s->input);
    }
    struct field word = {out->text, out->length < STRING_LIMIT ? out->length : STRING_LIMIT};
    bool number = word.length > 0 && strchr("-0123456789", word.text[0]);
    bool known = row_is(word, "true") || row_is(word, "false") || row_is(word, "null");
    return number || known || broken(s, c < 0 ? "it ends too early" : "a value was expected");
}

static bool skip_value(struct scanner *s, int depth);

/* After an element of a list or object: whether it ends here. False in *out_more at its end. */
static bool next_element(struct scanner *s, int close, bool *out_more)
{
    *out_more = peek_token(s) != close;
    return *out_more ? expect(s, ',', "a comma was expected") : expect(s, close, "");
}

/* After '{' or '[': pass over everything up to its end. */
static bool skip_members(struct scanner *s, bool object, int depth) // NOLINT(misc-no-recursion)
{
    int close = object ? '}' : ']';
    struct json_string key;
    if (peek_token(s) == close)
        return expect(s, close, "");
    for (bool more = true; more;) {
        if (object && (!scan_string(s, &key) || !expect(s, ':', "a colon was expected")))
            return false;
        if (!skip_value(s, depth + 1) || !next_element(s, close, &more))
            return false;
    }
    return true;
}

static bool skip_value(struct scanner *s, int depth) // NOLINT(misc-no-recursion)
{
    struct json_string ignored;
    int c = peek_token(s);
    if (depth > DEPTH_LIMIT)
        return broken(s, "nested too deeply");
    if (c == '{' || c == '[') {
        s->input->at++;
        return skip_members(s, c == '{', depth);
    }
    return c == '"' ? scan_string(s, &ignored) : scan_word(s, &ignored);
}

/* ---- records -----------------------------------------------------------------------------------
 */

struct record_values {
    struct json_string values[MEMBERS];
    bool any;          /* a member of a price record was there */
    const char *fault; /* a member of another kind than text */
};

/* `values` has MEMBERS of them. */
static bool emit(struct scanner *s, const struct field *values, const char *fault, int64_t line)
{
    const char *reason = fault;
    struct price_record *price = NULL;
    for (int i = 0; i < MEMBERS; i++) {
        if (values[i].length >= STRING_LIMIT)
            reason = "a value is longer than any name";
    }
    const struct price_fields fields = {values[ZONE].length ? values[ZONE] : values[ZONE_ID],
                                        values[TYPE], values[PRODUCT], values[PRICE], values[TIME]};
    if (!reason)
        reason = known_names_price(s->known, &fields, &price);
    s->status = reason ? s->receiver->refused(line, reason, s->receiver->context)
                       : s->receiver->price(price, line, s->receiver->context);
    return !s->status;
}

static bool emit_values(struct scanner *s, const struct record_values *record, int64_t line)
{
    struct field fields[MEMBERS];
    for (int i = 0; i < MEMBERS; i++)
        fields[i] = (struct field){record->values[i].text, record->values[i].length};
    return emit(s, fields, record->fault, line);
}

static bool scan_member(struct scanner *s, struct record_values *record, struct field key)
{
    int member = json_member_of(key);
    if (member == MEMBERS)
        return skip_value(s, 3);
    record->any = true;
    struct json_string *value = &record->values[member];
    int c = peek_token(s);
    if (c == '"')
        return scan_string(s, value);
    value->length = 0;
    if (c == '{' || c == '[') {
        record->fault = "a value is not text";
        return skip_value(s, 3);
    }
    if (!scan_word(s, value))
        return false;
    char first = value->text[0];
    if (first == 'n') /* null: as if it were not there */
        value->length = 0;
    else if (first == 't' || first == 'f' || member != PRICE)
        record->fault = "a value is not text";
    return true;
}

static bool scan_history(struct scanner *s, int depth);

/* An object: a page, which holds a history, or a record itself. In a history it must be a record.
 */
static bool scan_object(struct scanner *s, bool in_history, int depth) // NOLINT(misc-no-recursion)
{
    struct record_values record;
    struct json_string key;
    memset(&record.values, 0, sizeof record.values);
    record.any = false;
    record.fault = NULL;
    int64_t line = s->input->line;
    s->input->at++;
    bool more = peek_token(s) != '}';
    if (!more)
        s->input->at++;
    while (more) {
        if (!scan_string(s, &key) || !expect(s, ':', "a colon was expected"))
            return false;
        struct field name = {key.text, key.length < STRING_LIMIT ? key.length : 0};
        bool history = !in_history && json_is_history(name);
        if (history ? !scan_history(s, depth + 1) : !scan_member(s, &record, name))
            return false;
        if (!next_element(s, '}', &more))
            return false;
    }
    if (!in_history && !record.any)
        return true;
    s->found = true;
    return emit_values(s, &record, line);
}

/* Where in the buffer an element of a list ended; gone once that was filled again. */
struct place {
    size_t at;
    int64_t fills;
};

static struct place place_of(const struct input *input)
{
    return (struct place){input->at, input->fills};
}

/* The records behind the one that has just been read, as long as they are printed like it. `last`
 * is where the element before it ended. */
static bool scan_alike(struct scanner *s, struct place last)
{
    struct input *input = s->input;
    struct field fields[MEMBERS + 1];
    bool known = last.fills != input->fills; /* or cannot be */
    for (;;) {
        const unsigned char *at = input->buffer + input->at;
        size_t length = json_shape_match(&s->shape, at, input->end - input->at, fields);
        if (length) {
            known = true;
            int64_t line = input->line + s->shape.lines_before;
            input->at += length;
            input->line += s->shape.lines;
            if (!emit(s, fields, NULL, line))
                return false;
        } else if (known) {
            return true;
        } else {
            known = true;
            json_shape_learn(&s->shape, input->buffer + last.at, input->at - last.at);
        }
    }
}

/* A list of records, or, outside of a history, of pages. */
static bool scan_list(struct scanner *s, bool in_history, int depth) // NOLINT(misc-no-recursion)
{
    s->input->at++;
    if (peek_token(s) == ']') {
        s->found = s->found || depth == 0; /* an empty history is one, too */
        return expect(s, ']', "");
    }
    struct place last = place_of(s->input);
    for (bool more = true; more;) {
        int c = peek_token(s);
        if (c == '{') {
            if (!scan_object(s, in_history, depth + 1) || !scan_alike(s, last))
                return false;
        } else {
            if (in_history)
                s->status =
                    s->receiver->refused(s->input->line, "not a record", s->receiver->context);
            if (s->status || !skip_value(s, depth + 1))
                return false;
        }
        last = place_of(s->input);
        if (!next_element(s, ']', &more))
            return false;
    }
    return true;
}

static bool scan_history(struct scanner *s, int depth) // NOLINT(misc-no-recursion)
{
    int c = peek_token(s);
    if (c != '[')
        return broken(s, c < 0 ? "it ends too early" : "SpotPriceHistory must be a list");
    s->found = true;
    return scan_list(s, true, depth);
}

static int scan_all(struct scanner *s)
{
    struct input *input = s->input;
    if (input_peek(input) == 0xef) { /* a byte order mark */
        for (int i = 0; i < 3; i++)
            input_next(input);
    }
    int c = 0;
    while ((c = peek_token(s)) >= 0) {
        if (c != '{' && c != '[') {
            broken(s, "an object was expected");
            return s->status;
        }
        if (c == '{' ? !scan_object(s, false, 0) : !scan_list(s, false, 0))
            return s->status;
    }
    if (input->status)
        return input->status;
    if (!s->found)
        return error_set(s->err, STATUS_BAD_INPUT,
                         "%s: JSON without a SpotPriceHistory: is this what aws ec2 "
                         "describe-spot-price-history printed?",
                         input->name);
    return STATUS_OK;
}

int reader_prices_json(struct input *input, const struct record_receiver *receiver,
                       struct error *err)
{
    struct scanner s = {
        .input = input, .receiver = receiver, .err = err, .known = known_names_new()};
    int status = scan_all(&s);
    known_names_destroy(s.known);
    return status;
}
