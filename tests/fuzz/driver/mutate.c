/* A small fuzzing driver for compilers without libFuzzer.
 *
 *   PROGRAM SECONDS CORPUS_FOLDER     run every seed, then random changes of them
 *   PROGRAM FILE                      run one input
 *
 * The changes come from PCG64 keyed by (seed file, round), so a finding can be repeated; and the
 * input at work when the program dies or hangs is written to "crash-input" in the current folder.
 */
#include "base/memory.h"
#include "base/pcg64.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
__attribute__((weak)) void __sanitizer_set_death_callback(void (*callback)(void));

enum { INPUT_LIMIT = 1 << 16, HANG_AFTER_S = 20, CHANGES_AT_MOST = 6 };

struct seed {
    uint8_t *bytes;
    size_t size;
};

static uint8_t at_work[INPUT_LIMIT];
static size_t at_work_size;

static void keep_input(void)
{
    int file = open("crash-input", O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (file < 0 || write(file, at_work, at_work_size) != (ssize_t)at_work_size)
        fputs("fuzz: the input could not be kept\n", stderr);
    else
        fputs("fuzz: the input is in crash-input\n", stderr);
}

static void on_signal(int number)
{
    keep_input();
    signal(number, SIG_DFL);
    raise(number);
}

static void run_input(void)
{
    alarm(HANG_AFTER_S);
    LLVMFuzzerTestOneInput(at_work, at_work_size);
    alarm(0);
}

static void take(const struct seed *seed)
{
    at_work_size = seed->size;
    memcpy(at_work, seed->bytes, seed->size);
}

static struct seed read_seed(const char *path)
{
    struct seed seed = {.bytes = memory_new(INPUT_LIMIT, 1)};
    FILE *file = fopen(path, "rb");
    if (!file) {
        perror(path);
        exit(2);
    }
    seed.size = fread(seed.bytes, 1, INPUT_LIMIT, file);
    fclose(file);
    return seed;
}

static int by_name(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

/* Names sorted, so that rounds mean the same on every machine. */
static size_t read_corpus(const char *folder, struct seed **out_seeds)
{
    DIR *directory = opendir(folder);
    if (!directory) {
        perror(folder);
        exit(2);
    }
    char **names = NULL;
    size_t count = 0;
    size_t capacity = 0;
    for (struct dirent *entry = readdir(directory); entry; entry = readdir(directory)) {
        if (entry->d_name[0] != '.')
            ARRAY_PUSH(names, count, capacity, memory_format("%s/%s", folder, entry->d_name));
    }
    closedir(directory);
    if (count == 0) {
        fprintf(stderr, "fuzz: no seeds in %s\n", folder);
        exit(2);
    }
    qsort(names, count, sizeof *names, by_name);
    *out_seeds = memory_new(count, sizeof **out_seeds);
    for (size_t i = 0; i < count; i++) {
        (*out_seeds)[i] = read_seed(names[i]);
        free(names[i]);
    }
    free(names);
    return count;
}

/* One random change of the input at work. */
static void change_once(struct pcg64 *rng)
{
    static const char *const words[] = {"-",     "0",    "9999999999999999999",
                                        "1e308", "null", "\"",
                                        "{",     "}",    "[",
                                        "]",     "NaN",  ",",
                                        ":",     "\xff", "-0800",
                                        "\t",    "\n",   "\\u0000"};
    size_t at = (size_t)pcg64_below(rng, at_work_size + 1);
    switch (pcg64_below(rng, 6)) {
    case 0: /* flip a bit */
        if (at < at_work_size)
            at_work[at] ^= (uint8_t)(1U << pcg64_below(rng, 8));
        break;
    case 1: /* any byte */
        if (at < at_work_size)
            at_work[at] = (uint8_t)pcg64_below(rng, 256);
        break;
    case 2: /* cut the end */
        at_work_size = at;
        break;
    case 3: { /* take a piece out */
        size_t length = (size_t)pcg64_below(rng, at_work_size - at + 1);
        memmove(at_work + at, at_work + at + length, at_work_size - at - length);
        at_work_size -= length;
        break;
    }
    case 4: { /* say a piece twice */
        size_t length =
            (size_t)pcg64_below(rng, (at_work_size - at < 64 ? at_work_size - at : 64) + 1);
        if (at_work_size + length <= INPUT_LIMIT) {
            memmove(at_work + at + length, at_work + at, at_work_size - at);
            at_work_size += length;
        }
        break;
    }
    default: { /* write a word that readers stumble over */
        const char *word = words[pcg64_below(rng, ARRAY_LENGTH(words))];
        size_t length = strlen(word);
        if (at_work_size + length <= INPUT_LIMIT) {
            memmove(at_work + at + length, at_work + at, at_work_size - at);
            memcpy(at_work + at, word, length);
            at_work_size += length;
        }
    }
    }
}

int main(int argc, char **argv)
{
    if (__sanitizer_set_death_callback)
        __sanitizer_set_death_callback(keep_input);
    signal(SIGALRM, on_signal);
    signal(SIGABRT, on_signal);
    if (argc == 2) {
        struct seed one = read_seed(argv[1]);
        take(&one);
        run_input();
        free(one.bytes);
        return 0;
    }
    if (argc != 3) {
        fprintf(stderr, "usage: %s SECONDS CORPUS_FOLDER | FILE\n", argv[0]);
        return 2;
    }
    struct seed *seeds = NULL;
    size_t count = read_corpus(argv[2], &seeds);
    for (size_t i = 0; i < count; i++) {
        take(&seeds[i]);
        run_input();
    }
    time_t end = time(NULL) + atoi(argv[1]);
    uint64_t round = 0;
    for (; time(NULL) < end; round++) {
        struct pcg64 rng;
        pcg64_seed_key(&rng, &round, 1);
        take(&seeds[pcg64_below(&rng, count)]);
        for (uint64_t changes = 1 + pcg64_below(&rng, CHANGES_AT_MOST); changes > 0; changes--)
            change_once(&rng);
        run_input();
    }
    printf("%zu seeds, %llu changed inputs\n", count, (unsigned long long)round);
    for (size_t i = 0; i < count; i++)
        free(seeds[i].bytes);
    free(seeds);
    return 0;
}
