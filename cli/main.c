/* ballast: the command line. */
#include "base/error.h"
#include "commands.h"
#include "manual.h"
#include "options.h"
#include "version.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct subcommand commands[] = {
    {"demo", command_demo, "the main job on a generated market: what three policies cost"},
    {"init", command_init, "a first scenario from your fleet's, group's and prices' files"},
    {"run", command_run, "simulate one scenario: cost and unfulfilled capacity"},
    {"compare", command_compare,
     "two policies or scenarios over the same worlds, with what is luck"},
    {"sweep", command_sweep, "every point of a space, on all cores, into one database"},
    {"tune", command_tune, "the best point of a space, and whether it holds out of sample"},
    {"merge", command_merge, "the shards of a sweep in one database"},
    {"explain", command_explain, "what a recorded run saw and decided at a time, and why"},
    {"check", command_check, "the gate: scenarios judged against a baseline, for CI"},
    {"report", command_report, "a recorded run as a page with pictures"},
    {"plot", command_plot, "one picture of a recorded run, as a file or in the terminal"},
    {"dump", command_dump, "a results database as canonical text"},
    {"scenario", command_scenario, "show a scenario with every default; print its schema"},
    {"trace", command_trace, "import, list, show and generate price histories"},
    {"policy", command_policy, "list and show the policies"},
    {"live", command_live, "the controller against a real account"},
    {"twin", command_twin, "the simulated account over HTTP, for AWS's own clients"},
    {0},
};

static const char purpose[] =
    "what a policy for the on-demand backup of a Spot Fleet costs, and how "
    "much\ncapacity it leaves unfulfilled, before production finds out";

static int help(FILE *out)
{
    fprintf(out, "ballast: %s\n\nusage: ballast COMMAND [OPTION]...\n\n", purpose);
    for (const struct subcommand *command = commands; command->name; command++)
        fprintf(out, "  %-10s %s\n", command->name, command->help);
    fprintf(out, "\n  ballast COMMAND --help tells more; ballast --version names the build.\n"
                 "exit codes: 0 ok, 1 the check failed, 2 usage or bad input, 3 runtime failure\n");
    return STATUS_OK;
}

static int carry_out(int argc, char **argv)
{
    const char *word = argc > 1 ? argv[1] : "";
    if (strcmp(word, "--version") == 0) {
        printf("ballast %s (commit %s)\n", version_number(), version_commit());
        return STATUS_OK;
    }
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "help") == 0)
        return help(stdout);
    if (strcmp(word, "--help=commands") == 0) {
        manual_list_commands(commands);
        return STATUS_OK;
    }
    if (strcmp(word, "--help=completion") == 0) {
        manual_completion_of_family(commands);
        return STATUS_OK;
    }
    if (strcmp(word, "--help=man") == 0) {
        manual_of_family("", purpose, commands);
        return STATUS_OK;
    }
    for (const struct subcommand *command = commands; command->name; command++) {
        if (strcmp(command->name, word) == 0)
            return command->run(argc - 1, argv + 1);
    }
    if (argc < 2) {
        help(stderr);
        return STATUS_BAD_INPUT;
    }
    struct error err = {0};
    error_set(&err, STATUS_BAD_INPUT, "unknown command \"%s\" (see ballast --help)", word);
    fprintf(stderr, "ballast: %s\n", err.text);
    return err.status;
}

/* A stream that whoever started us has closed leaves its number to the first file that we open: a
 * lock, a connection. What we print must not go there. So each number is taken, by what cannot be
 * read or written: to use it stays an error. */
static void take_closed_streams(void)
{
    for (int number = 0; number <= STDERR_FILENO; number++) {
        if (fcntl(number, F_GETFD) >= 0)
            continue;
        if (open("/dev/null", number == STDIN_FILENO ? O_WRONLY : O_RDONLY) < 0)
            return;
    }
}

int main(int argc, char **argv)
{
    take_closed_streams();
    /* Whoever reads our output may stop reading (| head): then we end quietly, as tools do, also
     * where the parent ignores the signal. What was being recorded is rolled back. */
    signal(SIGPIPE, SIG_DFL);
    int status = carry_out(argc, argv);
    if (status || (fflush(stdout) == 0 && !ferror(stdout)))
        return status;
    fprintf(stderr, "ballast: the output could not be written: %s\n", strerror(errno));
    return STATUS_FAILURE;
}
