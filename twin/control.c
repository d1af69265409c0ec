/* The twin's own requests, unsigned: its clock, and calls that are to be throttled or denied. */
#include "twin/twin_parts.h"
#include "twin/wire.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void say_error(struct wire_reply *reply, int status, const char *message)
{
    reply->status = status;
    text_add(&reply->body, "{\"error\":");
    text_add_json_string(&reply->body, message);
    text_add(&reply->body, "}\n");
}

static void say_now(const struct twin *twin, struct wire_reply *reply)
{
    reply->status = 200;
    text_addf(&reply->body, "{\"now\":%" PRId64 "}\n", simulation_now(twin->simulation));
}

/* {"advance_s": N} */
static void advance(struct twin *twin, const struct tree *said, struct wire_reply *reply)
{
    struct error err;
    int64_t seconds = 0;
    int64_t left_s = twin->options.scenario->to_s - 1 - simulation_now(twin->simulation);
    if (!tree_int64(tree_find(said, "advance_s"), &seconds) || seconds < 0) {
        say_error(reply, 400, "the body must be {\"advance_s\": N}, N a whole number of seconds");
        return;
    }
    if (seconds > left_s) {
        char message[96];
        snprintf(message, sizeof message, "the scenario ends: %" PRId64 " s are left", left_s);
        say_error(reply, 409, message);
        return;
    }
    twin->base_s += seconds;
    if (twin_go_on(twin, &err))
        say_error(reply, 500, err.text);
    else
        say_now(twin, reply);
}

/* {"calls": N, "operation": NAME} */
static void set_throttle(struct twin *twin, const struct tree *said, struct wire_reply *reply)
{
    int64_t calls = 0;
    const char *operation = "";
    bool right = tree_int64(tree_find(said, "calls"), &calls) && calls >= 0;
    if (tree_find(said, "operation"))
        right = right && tree_text(tree_find(said, "operation"), &operation) &&
                strlen(operation) < sizeof twin->throttle.operation;
    if (!right) {
        say_error(reply, 400,
                  "the body must be {\"calls\": N} or {\"calls\": N, \"operation\": NAME}");
        return;
    }
    twin->throttle.calls = calls;
    snprintf(twin->throttle.operation, sizeof twin->throttle.operation, "%s", operation);
    reply->status = 200;
    text_addf(&reply->body, "{\"calls\":%" PRId64 "}\n", calls);
}

/* {"operation": NAME}; "" for none */
static void set_denied(struct twin *twin, const struct tree *said, struct wire_reply *reply)
{
    const char *operation = "";
    if (!tree_text(tree_find(said, "operation"), &operation) ||
        strlen(operation) >= sizeof twin->denied) {
        say_error(reply, 400, "the body must be {\"operation\": NAME}");
        return;
    }
    snprintf(twin->denied, sizeof twin->denied, "%s", operation);
    reply->status = 200;
    text_add(&reply->body, "{\"denied\":");
    text_add_json_string(&reply->body, operation);
    text_add(&reply->body, "}\n");
}

bool control_answer(struct twin *twin, const struct wire_request *request, struct wire_reply *reply)
{
    struct error err;
    const char *path = strstr(request->path, "/_ballast/");
    if (!path)
        return false;
    bool post = strcmp(request->method, "POST") == 0;
    bool clock = strcmp(path, "/_ballast/clock") == 0;
    struct arena arena = {0};
    const struct tree *said =
        post ? json_read_tree(&arena, request->body, request->body_size) : NULL;
    wire_reply_header(reply, "Content-Type", "application/json");
    if (twin_go_on(twin, &err))
        say_error(reply, 500, err.text);
    else if (clock && strcmp(request->method, "GET") == 0)
        say_now(twin, reply);
    else if (clock && post)
        advance(twin, said, reply);
    else if (strcmp(path, "/_ballast/throttle") == 0 && post)
        set_throttle(twin, said, reply);
    else if (strcmp(path, "/_ballast/deny") == 0 && post)
        set_denied(twin, said, reply);
    else
        say_error(reply, 404,
                  "there are GET and POST /_ballast/clock, and POST /_ballast/throttle and deny");
    arena_clean_up(&arena);
    return true;
}
