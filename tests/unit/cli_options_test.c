/* Options: what is taken, what is refused with exit code 2, what a command is left with. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/options.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct command_help help = {
    .name = "test",
    .arguments = "FILE",
    .description = "A command of the tests.",
    .min_arguments = 1,
    .max_arguments = 2,
};

struct parsed {
    bool json;
    const char *db;
    struct option_list set;
    struct option_list arguments;
    struct option_spec specs[4];
};

static int parse(struct parsed *p, int argc, const char **argv)
{
    memset(p, 0, sizeof *p);
    p->specs[0] = (struct option_spec){.name = "json", .help = "j", .flag = &p->json};
    p->specs[1] =
        (struct option_spec){.name = "db", .placeholder = "FILE", .help = "d", .value = &p->db};
    p->specs[2] = (struct option_spec){
        .name = "set", .placeholder = "PATH=VALUE", .help = "s", .list = &p->set};
    return options_parse(&help, p->specs, argc, (char **)(uintptr_t)argv, &p->arguments);
}

static void clean_up(struct parsed *p)
{
    options_clean_up(p->specs, &p->arguments);
}

#define PARSE(p, ...)                                                                              \
    parse((p), (int)(sizeof((const char *[]){"test", __VA_ARGS__}) / sizeof(char *)),              \
          (const char *[]){"test", __VA_ARGS__, NULL})

/* What `descriptor` receives while `parse` runs. */
static int catch_start(FILE *stream, int *out_saved)
{
    int pipe_ends[2];
    fflush(stream);
    assert_int_equal(pipe(pipe_ends), 0);
    *out_saved = dup(fileno(stream));
    dup2(pipe_ends[1], fileno(stream));
    close(pipe_ends[1]);
    return pipe_ends[0];
}

static void catch_end(FILE *stream, int saved, int from, char *out_text, size_t size)
{
    fflush(stream);
    dup2(saved, fileno(stream));
    close(saved);
    ssize_t got = read(from, out_text, size - 1);
    out_text[got > 0 ? got : 0] = '\0';
    close(from);
}

static void options_stand_anywhere_and_take_values_both_ways(void **state)
{
    (void)state;
    struct parsed p;
    assert_int_equal(PARSE(&p, "--db", "a.db", "file", "--json", "--set=a=1", "--set", "b=2"),
                     STATUS_OK);
    assert_true(p.json);
    assert_string_equal(p.db, "a.db");
    assert_int_equal(p.set.count, 2);
    assert_string_equal(p.set.values[0], "a=1");
    assert_string_equal(p.set.values[1], "b=2");
    assert_int_equal(p.arguments.count, 1);
    assert_string_equal(p.arguments.values[0], "file");
    clean_up(&p);
}

static void the_last_value_wins(void **state)
{
    (void)state;
    struct parsed p;
    assert_int_equal(PARSE(&p, "f", "--db", "a", "--db=b"), STATUS_OK);
    assert_string_equal(p.db, "b");
    clean_up(&p);
}

static void after_two_dashes_all_is_positional(void **state)
{
    (void)state;
    struct parsed p;
    assert_int_equal(PARSE(&p, "--", "--json", "-x"), STATUS_OK);
    assert_false(p.json);
    assert_int_equal(p.arguments.count, 2);
    assert_string_equal(p.arguments.values[0], "--json");
    clean_up(&p);
    /* A lone dash is standard input. */
    assert_int_equal(PARSE(&p, "-"), STATUS_OK);
    assert_string_equal(p.arguments.values[0], "-");
    clean_up(&p);
}

static void refused(const char *words, int argc, const char **argv)
{
    struct parsed p;
    char text[1024];
    int saved;
    int from = catch_start(stderr, &saved);
    int status = parse(&p, argc, argv);
    catch_end(stderr, saved, from, text, sizeof text);
    assert_int_equal(status, STATUS_BAD_INPUT);
    assert_non_null(strstr(text, words));
    assert_int_equal(strncmp(text, "ballast test: ", 14), 0);
    assert_non_null(strstr(text, "ballast test --help"));
    assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
}

#define REFUSED(words, ...)                                                                        \
    refused((words), (int)(sizeof((const char *[]){"test", __VA_ARGS__}) / sizeof(char *)),        \
            (const char *[]){"test", __VA_ARGS__, NULL})

static void mistakes_are_one_line_and_code_2(void **state)
{
    (void)state;
    REFUSED("--foo", "f", "--foo");
    REFUSED("--jso", "f",
            "--jso"); /* no abbreviations: a script must not break with a new option */
    REFUSED("-x", "f", "-x");
    REFUSED("--db", "f", "--db");
    REFUSED("--json=1", "f", "--json=1");
    REFUSED("third", "first", "second", "third");
    REFUSED("FILE", "--json");
    REFUSED("empty: --db=", "f", "--db=");
    REFUSED("empty: --db", "f", "--db", "");
    REFUSED("empty: FILE", "");
    /* Nothing a name says can make a second line. */
    REFUSED("--a?b", "f", "--a\nb");
}

static void help_names_every_option_and_ends_well(void **state)
{
    (void)state;
    struct parsed p;
    char text[4096];
    int saved;
    int from = catch_start(stdout, &saved);
    int status = PARSE(&p, "--help");
    catch_end(stdout, saved, from, text, sizeof text);
    assert_int_equal(status, OPTIONS_DONE);
    assert_int_equal(command_end("test", status), STATUS_OK);
    static const char *const parts[] = {"ballast test FILE", "A command of the tests.", "--json",
                                        "--db FILE",         "--set PATH=VALUE",        "--help",
                                        "exit codes"};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        assert_non_null(strstr(text, parts[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_stand_anywhere_and_take_values_both_ways),
        cmocka_unit_test(the_last_value_wins),
        cmocka_unit_test(after_two_dashes_all_is_positional),
        cmocka_unit_test(mistakes_are_one_line_and_code_2),
        cmocka_unit_test(help_names_every_option_and_ends_well),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
