#include "manual.h"

#include "version.h"

#include <stdio.h>
#include <string.h>

/* Text as man(7) takes it literally: '-' is a minus, and no line begins a request. */
static void put(const char *text)
{
    bool begins = true;
    for (; *text; text++) {
        if (begins && (*text == '.' || *text == '\''))
            printf("\\&");
        if (*text == '\\')
            printf("\\e");
        else if (*text == '-')
            printf("\\-");
        else
            putchar(*text);
        begins = *text == '\n';
    }
}

/* With blanks as `between`: "ballast-trace-import". */
static void put_name(const char *name, char between)
{
    const char *gap = between == ' ' ? " " : "\\-";
    printf("ballast%s", *name ? gap : "");
    for (; *name; name++) {
        if (*name == ' ')
            printf("%s", gap);
        else
            putchar(*name);
    }
}

/* The first sentence, on one line. */
static void put_first_sentence(const char *text)
{
    for (; *text && !(*text == '.' && (text[1] == '\0' || text[1] == ' ' || text[1] == '\n'));
         text++) {
        char letter[2] = {*text == '\n' ? ' ' : *text, '\0'};
        put(letter);
    }
}

static void begin(const char *name, const char *description)
{
    printf(".TH \"BALLAST");
    for (const char *c = name; *c; c++)
        printf("%s%c", c == name ? "\\-" : "", *c == ' ' ? '-' : *c & ~0x20);
    printf("\" 1 \"\" \"ballast %s\" \"Ballast\"\n.SH NAME\n", version_number());
    put_name(name, '-');
    printf(" \\- ");
    put_first_sentence(description);
    printf("\n.SH SYNOPSIS\n.B ");
    put_name(name, ' ');
    printf("\n");
}

static void end(const char *name)
{
    printf(".SH EXIT STATUS\n.TP\n0\nok\n.TP\n1\nthe check failed\n.TP\n2\nusage or bad input\n"
           ".TP\n3\nruntime failure\n");
    if (*name)
        printf(".SH SEE ALSO\n.BR ballast (1)\n");
}

void manual_of_command(const struct command_help *help, const struct option_spec *specs)
{
    begin(help->name, help->description);
    if (*help->arguments) {
        printf(".I ");
        put(help->arguments);
        printf("\n");
    }
    printf("[\\fIoptions\\fR]\n.SH DESCRIPTION\n");
    put(help->description);
    printf("\n.SH OPTIONS\n");
    for (const struct option_spec *spec = specs; spec->name; spec++) {
        printf(".TP\n\\fB");
        if (spec->letter)
            printf("\\-%c\\fR, \\fB", spec->letter);
        printf("\\-\\-");
        put(spec->name);
        printf("\\fR");
        if (spec->placeholder) {
            printf(" \\fI");
            put(spec->placeholder);
            printf("\\fR");
        }
        printf("\n");
        put(spec->help);
        printf("%s\n", spec->list ? " (repeatable)" : "");
    }
    printf(".TP\n\\fB\\-\\-help\\fR\nthese options, shortly\n");
    end(help->name);
}

void manual_of_family(const char *family, const char *description,
                      const struct subcommand *subcommands)
{
    begin(family, description);
    printf("\\fICOMMAND\\fR [\\fIoptions\\fR]\n.SH DESCRIPTION\n");
    put(description);
    printf("\n.SH COMMANDS\n");
    for (const struct subcommand *command = subcommands; command->name; command++) {
        printf(".TP\n\\fB");
        put_name(family, '-');
        printf("\\-%s\\fR(1)\n", command->name);
        put(command->help);
        printf("\n");
    }
    end(family);
}

/* What a placeholder in the commands' tables stands for. */
static const char *kind_of(const char *placeholder)
{
    if (strncmp(placeholder, "NAME[", 5) == 0 || strncmp(placeholder, "NAME|FILE.so", 12) == 0)
        return "policy";
    if (strncmp(placeholder, "FILE", 4) == 0 || strstr(placeholder, ".db"))
        return "file";
    if (strcmp(placeholder, "DIR") == 0)
        return "folder";
    return "value";
}

static const char *kind_of_arguments(const char *arguments)
{
    static const char *const files[] = {"SCENARIO", "OLD", "DB..."};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        if (strncmp(arguments, files[i], strlen(files[i])) == 0)
            return "file";
    }
    return kind_of(arguments);
}

/* "wall|twin": words to choose from; capitals stand for something else. */
static bool is_choice(const char *placeholder)
{
    return strchr(placeholder, '|') &&
           strspn(placeholder, "abcdefghijklmnopqrstuvwxyz-|") == strlen(placeholder);
}

static void put_kind(const char *placeholder)
{
    if (is_choice(placeholder))
        printf("one-of:%s", placeholder);
    else
        printf("%s", kind_of(placeholder));
}

void manual_completion_of_command(const struct command_help *help, const struct option_spec *specs)
{
    printf("-\t%s\t%s\n", kind_of_arguments(help->arguments), help->arguments);
    for (const struct option_spec *spec = specs; spec->name; spec++) {
        for (int form = spec->letter ? 0 : 1; form < 2; form++) {
            if (form == 0)
                printf("-%c\t", spec->letter);
            else
                printf("--%s\t", spec->name);
            if (spec->placeholder)
                put_kind(spec->placeholder);
            else
                printf("flag");
            printf("\t%s\n", spec->help);
        }
    }
    printf("--help\tflag\tthese options, shortly\n");
}

void manual_completion_of_family(const struct subcommand *subcommands)
{
    for (const struct subcommand *command = subcommands; command->name; command++)
        printf("%s\tcommand\t%s\n", command->name, command->help);
    printf("--help\tflag\twhat there is\n");
}

void manual_list_options(const struct option_spec *specs)
{
    for (const struct option_spec *spec = specs; spec->name; spec++)
        printf("--%s%s%s\n", spec->name, spec->placeholder ? " " : "",
               spec->placeholder ? spec->placeholder : "");
    printf("--help\n");
}

void manual_list_commands(const struct subcommand *subcommands)
{
    for (const struct subcommand *command = subcommands; command->name; command++)
        printf("%s\n", command->name);
}
