/* The commands of ballast. Each gets its own argv (argv[0] is its name) and returns the exit code.
 */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

int command_demo(int argc, char **argv);
int command_init(int argc, char **argv);
int command_run(int argc, char **argv);
int command_check(int argc, char **argv);
int command_compare(int argc, char **argv);
int command_sweep(int argc, char **argv);
int command_tune(int argc, char **argv);
int command_merge(int argc, char **argv);
int command_explain(int argc, char **argv);
int command_report(int argc, char **argv);
int command_plot(int argc, char **argv);
int command_dump(int argc, char **argv);
int command_scenario(int argc, char **argv);
int command_trace(int argc, char **argv);
int command_policy(int argc, char **argv);
int command_live(int argc, char **argv);
int command_live_replay(int argc, char **argv);
int command_live_status(int argc, char **argv);
int command_live_validate(int argc, char **argv);
int command_live_doctor(int argc, char **argv);
int command_live_template(int argc, char **argv);
int command_twin(int argc, char **argv);

/* A command that is a family: find argv[1] among `subcommands` and call it with the rest.
 * `description` is one line, without a full stop. */
struct subcommand {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *help;
};
int command_family(const char *family, const char *description,
                   const struct subcommand *subcommands, int argc, char **argv);

#endif
