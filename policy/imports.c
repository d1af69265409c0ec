/* The symbols a shared object takes from other libraries, out of the tables by which the dynamic
 * loader bound them. Formats: the generic ABI (System V), "Dynamic Section" and "Relocation".
 */
#include "policy/imports.h"

#include "base/memory.h"

#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* ---- what is known of functions ----------------------------------------------------------------
 */

struct family {
    const char *why;
    const char *names; /* separated by blanks. NAME* stands for all that begin so, NAME~ for NAME,
                        * NAMEf and NAMEl */
};

/* Of these a policy may call none: why not. */
static const struct family forbidden[] = {
    {"a clock", "time clock* gettimeofday timespec_get ftime times nanosleep usleep sleep "
                "localtime* gmtime* mktime"},
    {"luck", "rand rand_r srand random random_r srandom* initstate* setstate* drand48* lrand48* "
             "mrand48* erand48* nrand48* jrand48* srand48* seed48* lcong48* getrandom getentropy "
             "arc4random*"},
    {"the environment", "getenv secure_getenv setenv unsetenv putenv getpid getppid gethostname "
                        "uname sysconf environ"},
    {"input or output", "open* fopen* fdopen* read* write* pread* pwrite* close* fclose fread* "
                        "fwrite* fgets* fputs* fputc* fgetc* getline getchar putchar* puts "
                        "printf fprintf vprintf vfprintf dprintf __printf_chk __fprintf_chk "
                        "__vfprintf_chk scanf fscanf __isoc99_scanf __isoc99_fscanf stat* fstat* "
                        "ioctl socket connect send* recv* mmap* syscall stdin stdout stderr "
                        "fflush perror dlopen dlsym"},
    {"memory beside its state", "malloc calloc realloc* reallocarray free aligned_alloc "
                                "posix_memalign strdup strndup asprintf vasprintf sbrk "
                                "__tls_get_addr"},
    {"processes or threads", "fork vfork exec* system popen pclose wait* kill raise signal "
                             "sigaction exit _exit _Exit quick_exit atexit pthread_* longjmp "
                             "siglongjmp _setjmp __sigsetjmp"},
    {"floating-point functions, whose last digit is not the same on every machine",
     "sin~ cos~ tan~ sincos~ asin~ acos~ atan~ atan2~ sinh~ cosh~ tanh~ asinh~ acosh~ atanh~ exp~ "
     "exp2~ exp10~ expm1~ log~ log2~ log10~ log1p~ pow~ cbrt~ hypot~ erf~ erfc~ tgamma~ lgamma~ "
     "j0~ j1~ y0~ y1~"},
};

/* These give the same to the same arguments, and keep nothing. */
static const char harmless[] =
    "memcpy memmove memset memcmp memchr memrchr mempcpy strlen strnlen strcmp strncmp strchr "
    "strrchr strstr strspn strcspn strpbrk strcpy strncpy strcat strncat stpcpy __memcpy_chk "
    "__memmove_chk __memset_chk __strcpy_chk __strncpy_chk __strcat_chk __strncat_chk "
    "__stpcpy_chk abs labs llabs div ldiv lldiv qsort bsearch abort __assert_fail "
    "__stack_chk_fail __cxa_finalize __gmon_start__ _ITM_* explicit_bzero floor~ ceil~ round~ "
    "trunc~ rint~ nearbyint~ fabs~ fmin~ fmax~ fmod~ sqrt~ lround~ llround~ lrint~ llrint~";

static bool matches(const char *name, const char *pattern, size_t length)
{
    char last = pattern[length - 1];
    size_t whole = strlen(name);
    if (last != '*' && last != '~')
        return whole == length && memcmp(name, pattern, length) == 0;
    length--;
    if (strncmp(name, pattern, length) != 0)
        return false;
    return last == '*' || whole == length ||
           (whole == length + 1 && (name[length] == 'f' || name[length] == 'l'));
}

static bool is_among(const char *name, const char *names)
{
    while (*names) {
        size_t length = strcspn(names, " ");
        if (matches(name, names, length))
            return true;
        names += length + (names[length] == ' ');
    }
    return false;
}

static const char *why_not(const char *name)
{
    for (size_t i = 0; i < ARRAY_LENGTH(forbidden); i++) {
        if (is_among(name, forbidden[i].names))
            return forbidden[i].why;
    }
    return NULL;
}

/* ---- the loader's tables ------------------------------------------------------------------------
 */

typedef ElfW(Dyn) elf_tag;
typedef ElfW(Sym) elf_symbol;
typedef ElfW(Rel) elf_relocation; /* one with an addend begins like it */

struct table {
    const char *begin;
    size_t size;
    size_t entry;
};

struct tables {
    const elf_symbol *symbols;
    const char *strings;
    struct table relocations[3]; /* of calls, with addends, without */
};

/* Some loaders put addresses in, others leave offsets. */
static const char *address(const struct link_map *map, uintptr_t value)
{
    return (const char *)(value < map->l_addr ? value + map->l_addr : value);
}

static struct tables read_tables(const struct link_map *map)
{
    struct tables tables = {0};
    size_t call_entry = sizeof(ElfW(Rela));
    for (const elf_tag *tag = map->l_ld; tag->d_tag != DT_NULL; tag++) {
        switch (tag->d_tag) {
        case DT_SYMTAB:
            tables.symbols = (const void *)address(map, tag->d_un.d_ptr);
            break;
        case DT_STRTAB:
            tables.strings = address(map, tag->d_un.d_ptr);
            break;
        case DT_JMPREL:
            tables.relocations[0].begin = address(map, tag->d_un.d_ptr);
            break;
        case DT_PLTRELSZ:
            tables.relocations[0].size = tag->d_un.d_val;
            break;
        case DT_PLTREL:
            call_entry = tag->d_un.d_val == DT_RELA ? sizeof(ElfW(Rela)) : sizeof(ElfW(Rel));
            break;
        case DT_RELA:
            tables.relocations[1].begin = address(map, tag->d_un.d_ptr);
            break;
        case DT_RELASZ:
            tables.relocations[1].size = tag->d_un.d_val;
            break;
        case DT_REL:
            tables.relocations[2].begin = address(map, tag->d_un.d_ptr);
            break;
        case DT_RELSZ:
            tables.relocations[2].size = tag->d_un.d_val;
            break;
        default:
            break;
        }
    }
    tables.relocations[0].entry = call_entry;
    tables.relocations[1].entry = sizeof(ElfW(Rela));
    tables.relocations[2].entry = sizeof(ElfW(Rel));
    return tables;
}

static size_t symbol_of(const elf_relocation *relocation)
{
    return sizeof(void *) == 8 ? (size_t)ELF64_R_SYM(relocation->r_info)
                               : (size_t)ELF32_R_SYM(relocation->r_info);
}

static bool is_listed(const struct policy_import *imports, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(imports[i].name, name) == 0)
            return true;
    }
    return false;
}

size_t imports_find(void *handle, struct policy_import *out_imports, size_t capacity)
{
    struct link_map *map = NULL;
    size_t count = 0;
    if (dlinfo(handle, RTLD_DI_LINKMAP, &map) != 0)
        return 0;
    const struct tables tables = read_tables(map);
    for (size_t t = 0; t < ARRAY_LENGTH(tables.relocations) && tables.symbols; t++) {
        const struct table *table = &tables.relocations[t];
        for (size_t at = 0; table->begin && at + table->entry <= table->size; at += table->entry) {
            const elf_relocation *relocation = (const void *)(table->begin + at);
            const elf_symbol *symbol = &tables.symbols[symbol_of(relocation)];
            const char *name = tables.strings + symbol->st_name;
            if (symbol->st_shndx != SHN_UNDEF || !*name || is_among(name, harmless) ||
                is_listed(out_imports, count, name) || count == capacity)
                continue;
            out_imports[count++] = (struct policy_import){.name = name, .why_not = why_not(name)};
        }
    }
    return count;
}
