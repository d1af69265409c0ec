/* The options of `ballast live`. */
#include "base/memory.h"
#include "live.h"

void live_specs(struct live_options *o, struct option_list *set, bool daemon,
                struct option_spec out_specs[LIVE_SPECS])
{
    const struct {
        const char *name;
        const char *placeholder;
        const char *help;
        const char **value;
    } texts[] = {
        {"fleet", "ID", "the Spot Fleet request", &o->fleet},
        {"group", "NAME", "the backup Auto Scaling group", &o->group},
        {"cluster", "NAME", "the ECS cluster, for policies that look at it", &o->cluster},
        {"units-per-instance", "UNITS", "fleet capacity that one backup instance stands for (4)",
         &o->units_per_instance},
        {"product", "NAME", "product of spot prices (Linux/UNIX)", &o->product},
        {"policy", "NAME[:PRESET][+MODIFIER]...", "the policy (pending-capacity)", &o->policy},
        {"state", "FILE", "what is remembered between evaluations", &o->state},
        {"max-step", "N", "guard: raise desired capacity by at most N instances", &o->max_step},
        {"max-desired", "N", "guard: never ask for more than N instances", &o->max_desired},
        {"stale-after", "SECONDS", "guard: missing metrics, or older ones, never scale in",
         &o->stale_after},
        {"stop-file", "FILE", "guard: while FILE is there, nothing is changed", &o->stop_file},
        {"stop-after", "N", "change nothing after N failed evaluations in a row (5)",
         &o->stop_after},
        {"time-limit", "SECONDS", "begin no call or retry after this long (50)", &o->time_limit},
        {"region", "NAME", "the region", &o->account.region},
        {"profile", "NAME", "profile of the shared config files", &o->account.profile},
        {"endpoint-url", "URL", "where all services are, instead of AWS", &o->account.endpoint_url},
        {"record", "RESULTS.db", "record every read, decision and outcome there", &o->record},
        {"watch-every", "SECONDS",
         "record the fleet's prices and events too, so often; 0 is never (300)", &o->watch_every},
        {"metrics", "FILE.prom", "after each evaluation, write figures for Prometheus there",
         &o->metrics},
        {"on-demand-price", "USD",
         "what a backup instance costs an hour, for the spend rate in --metrics",
         &o->on_demand_price},
        {"every", "SECONDS", "an evaluation is due so often, at multiples since midnight UTC (60)",
         &o->every},
        {"phase", "SECONDS", "and this much later (0)", &o->phase},
        {"clock", "wall|twin", "whose time it is: ours (wall), or that of a ballast twin",
         &o->clock},
        {"until", "TIME", "end before the evaluation that is due then", &o->until},
    };
    size_t count = 0;
    for (size_t i = 0; i < ARRAY_LENGTH(texts) - !daemon; i++)
        out_specs[count++] = (struct option_spec){.name = texts[i].name,
                                                  .placeholder = texts[i].placeholder,
                                                  .help = texts[i].help,
                                                  .value = texts[i].value};
    out_specs[count++] = (struct option_spec){.name = "set",
                                              .placeholder = "NAME=VALUE",
                                              .help = "a parameter of the policy",
                                              .list = set};
    if (daemon)
        out_specs[count++] = (struct option_spec){
            .name = "advance",
            .help = "with --clock twin: step its clock to each evaluation instead of waiting",
            .flag = &o->advance};
    out_specs[count++] =
        (struct option_spec){.name = "apply",
                             .help = "change the account; demands all guards and --state",
                             .flag = &o->apply};
    out_specs[count] = (struct option_spec){0};
}
