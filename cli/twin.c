/* ballast twin: the simulated account over HTTP. */
#include "twin/twin.h"
#include "commands.h"
#include "overrides.h"
#include "policy/parameters.h"
#include "session.h"
#include "shared_options.h"
#include "twin/server.h"

#include "base/memory.h"
#include "base/timestamp.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct request {
    const char *listen;
    const char *speed;
    const char *access_key;
    const char *secret_key;
    bool controller;
};

static int read_speed(const char *text, int64_t *out_speed, struct error *err)
{
    static const struct ballast_parameter number = {
        .name = "--speed", .type = BALLAST_INTEGER, .min = 1, .max = 1000000};
    *out_speed = 0;
    if (strcmp(text, "step") == 0)
        return STATUS_OK;
    return policy_parse_value(&number, text, out_speed, err);
}

/* One line, for whoever points a client at it. */
static int announce(const struct twin *twin, const struct server *server,
                    const struct scenario *scenario, struct error *err)
{
    const struct twin_names *names = twin_names(twin);
    struct text line = {0};
    char from[TIMESTAMP_TEXT_SIZE];
    text_addf(&line, "{\"endpoint\":\"http://%s\",\"region\":\"%s\",\"fleet\":\"%s\",\"group\":",
              server_address(server), names->region, names->fleet);
    text_add_json_string(&line, names->group);
    text_add(&line, ",\"cluster\":");
    if (names->cluster)
        text_add_json_string(&line, names->cluster);
    else
        text_add(&line, "null");
    text_addf(&line, ",\"from\":\"%s\"}", timestamp_format(scenario->from_s, from));
    int status = text_status(&line, err);
    if (!status)
        printf("%s\n", line.data);
    if (!status && fflush(stdout) != 0)
        status =
            error_set(err, STATUS_FAILURE, "the output could not be written: %s", strerror(errno));
    text_clean_up(&line);
    return status;
}

/* What the scenario is made from: again, with another fleet. */
struct origin {
    const char *path;
    const struct session_options *said;
};

static int with_fleet(struct scenario *out_scenario, const char *spot_fleet, void *context,
                      struct error *err)
{
    const struct origin *origin = context;
    struct overrides overrides;
    if (strcmp(origin->path, "-") == 0)
        return error_set(err, STATUS_CHECK_FAILED,
                         "a scenario from standard input is read once: give it as a file");
    int status = overrides_read(&overrides, origin->said->set, origin->said->no_interruptions, err);
    if (!status) {
        struct scenario_override *items = memory_new(overrides.count + 1, sizeof *overrides.items);
        memcpy(items, overrides.items, overrides.count * sizeof *items);
        items[overrides.count] = (struct scenario_override){"spot_fleet", spot_fleet};
        const struct scenario_options options = {.overrides = items,
                                                 .override_count = overrides.count + 1,
                                                 .policy = origin->said->policy};
        status = scenario_read(out_scenario, origin->path, &options, err);
        free(items);
    }
    overrides_clean_up(&overrides);
    return status;
}

/* Until SIGTERM or SIGINT, which the caller has blocked. */
static int serve(const struct session *session, const struct request *request,
                 struct origin *origin, const sigset_t *ends, struct error *err)
{
    struct twin_options options = {.scenario = &session->scenario,
                                   .traces = &session->traces,
                                   .access_key = request->access_key,
                                   .secret_key = request->secret_key,
                                   .clock = live_clock_of_machine(),
                                   .controller = request->controller,
                                   .with_fleet = with_fleet,
                                   .context = origin};
    struct twin *twin = NULL;
    struct server *server = NULL;
    int status = read_speed(request->speed, &options.speed, err);
    if (!status)
        status = twin_open(&twin, &options, err);
    if (!status)
        status = server_open(&server, twin, request->listen, err);
    if (!status)
        status = announce(twin, server, &session->scenario, err);
    if (!status) {
        int got = 0;
        while (sigwait(ends, &got) != 0)
            continue;
    }
    if (server)
        server_close(server);
    if (twin)
        twin_close(twin);
    return status;
}

int command_twin(int argc, char **argv)
{
    struct request request = {
        .listen = "127.0.0.1:0", .speed = "1", .access_key = "twin", .secret_key = "twin"};
    const char *policy = NULL;
    struct option_list set = {0};
    bool no_interruptions = false;
    const struct option_spec specs[] = {
        {.name = "listen",
         .placeholder = "ADDRESS:PORT",
         .help = "where to listen (127.0.0.1:0); port 0 takes a free one",
         .value = &request.listen},
        {.name = "speed",
         .placeholder = "N|step",
         .help = "simulated seconds a second (1), or only as POST /_ballast/clock says",
         .value = &request.speed},
        {.name = "access-key",
         .placeholder = "ID",
         .help = "whose signatures are accepted (twin)",
         .value = &request.access_key},
        {.name = "secret-key",
         .placeholder = "KEY",
         .help = "the key they are made with (twin)",
         .value = &request.secret_key},
        {.name = "controller",
         .help = "the scenario's controller runs too",
         .flag = &request.controller},
        {.name = "policy",
         .placeholder = "NAME[:PRESET][+MODIFIER]...",
         .help = "with --controller: this policy instead of the scenario's",
         .value = &policy},
        OPTION_SET(&set),
        OPTION_NO_INTERRUPTIONS(&no_interruptions),
        {0},
    };
    static const struct command_help help = {
        .name = "twin",
        .arguments = "SCENARIO",
        .description =
            "Serve the scenario's account over HTTP in AWS's own protocols, for the AWS CLI, SDKs\n"
            "and `ballast live` (docs/twin.md). Prints one line of JSON that says where and what,\n"
            "and runs until SIGTERM or SIGINT.",
        .min_arguments = 1,
        .max_arguments = 1,
    };
    struct option_list arguments;
    int status = options_parse(&help, specs, argc, argv, &arguments);
    if (status)
        return command_end(help.name, status);
    /* Blocked in every thread, and waited for in this one. A client that goes away is no end. */
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    sigprocmask(SIG_BLOCK, &ends, NULL);
    signal(SIGPIPE, SIG_IGN);
    struct error err = {0};
    struct session session;
    const struct session_options said = {
        .policy = policy, .set = &set, .no_interruptions = no_interruptions};
    struct origin origin = {arguments.values[0], &said};
    status = session_open(&session, arguments.values[0], &said, &err);
    if (!status) {
        status = serve(&session, &request, &origin, &ends, &err);
        session_close(&session);
    }
    return command_close(&help, specs, &arguments, status, &err);
}
