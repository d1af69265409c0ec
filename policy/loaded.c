#include "policy/loaded.h"

#include "base/apart.h"
#include "base/memory.h"
#include "policy/builtin.h"
#include "policy/check.h"
#include "policy/command.h"
#include "policy/imports.h"
#include "policy/modifier.h"

#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LOAD_LIMIT_MS = 10000, BLOCK_BYTES = 65536 };
static const char symbol_name[] = "ballast_policy_v1";
static const char how_to[] = "compile it with cc -shared -fPIC";

struct policy_loaded {
    char *path;
    void *handle;
    const struct ballast_policy *policy;
    char sha256[HASH_TEXT_SIZE];
};

size_t policy_file_length(const char *written)
{
    if (policy_command_begin(written))
        return 0;
    const char *slash = strrchr(written, '/');
    const char *last = slash ? slash + 1 : written;
    size_t end = (size_t)(last - written) + strcspn(last, ":+");
    bool ending = end > 3 && strncmp(written + end - 3, ".so", 3) == 0;
    return slash || ending ? end : 0;
}

/* ---- the file ---------------------------------------------------------------------------------
 */

/* What e_machine is here; EM_NONE where that is not known, and the loader must tell. */
static int this_machine(void)
{
#if defined(__x86_64__)
    return EM_X86_64;
#elif defined(__aarch64__)
    return EM_AARCH64;
#elif defined(__i386__)
    return EM_386;
#elif defined(__riscv)
    return EM_RISCV;
#else
    return EM_NONE;
#endif
}

static int check_header(const ElfW(Ehdr) * header, size_t size, struct error *err)
{
    int own_class = sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32;
    int own_data = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? ELFDATA2LSB : ELFDATA2MSB;
    if (size < SELFMAG || memcmp(header->e_ident, ELFMAG, SELFMAG) != 0)
        return error_set(err, STATUS_BAD_INPUT, "it is no shared object: %s", how_to);
    if (size < sizeof *header)
        return error_set(err, STATUS_BAD_INPUT, "it is cut off: %s", how_to);
    if (header->e_ident[EI_CLASS] != own_class || header->e_ident[EI_DATA] != own_data ||
        (this_machine() != EM_NONE && header->e_machine != this_machine()))
        return error_set(err, STATUS_BAD_INPUT,
                         "it was compiled for another kind of machine: compile it here");
    if (header->e_type != ET_DYN)
        return error_set(err, STATUS_BAD_INPUT, "it is an object or a program: %s", how_to);
    return STATUS_OK;
}

/* Hash the file, and see that it is what can be loaded. */
static int read_file(struct policy_loaded *loaded, struct error *err)
{
    struct stat stat;
    /* a pipe is not waited for */
    int file = open(loaded->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0 || fstat(file, &stat) < 0) {
        int cause = errno;
        if (file >= 0)
            close(file);
        return error_set(err, STATUS_BAD_INPUT, "it cannot be opened: %s", strerror(cause));
    }
    char *block = memory_new(BLOCK_BYTES, 1);
    ElfW(Ehdr) header = {0};
    size_t size = 0;
    ssize_t count = S_ISREG(stat.st_mode) ? 1 : 0;
    struct hash *hash = hash_new();
    while (count > 0) {
        count = read(file, block, BLOCK_BYTES);
        if (count > 0) {
            hash_add(hash, block, (size_t)count);
            if (size == 0)
                memcpy(&header, block,
                       (size_t)count < sizeof header ? (size_t)count : sizeof header);
            size += (size_t)count;
        }
    }
    int cause = errno;
    hash_finish(hash, loaded->sha256);
    free(block);
    close(file);
    if (!S_ISREG(stat.st_mode))
        return error_set(err, STATUS_BAD_INPUT, "it is no file but a %s",
                         S_ISDIR(stat.st_mode) ? "directory" : "device");
    if (count < 0)
        return error_set(err, STATUS_BAD_INPUT, "it cannot be read: %s", strerror(cause));
    if (size == 0)
        return error_set(err, STATUS_BAD_INPUT, "it is empty: %s", how_to);
    return check_header(&header, size, err);
}

/* ---- the symbol -------------------------------------------------------------------------------
 */

/* The symbol is a pointer, as policy.h declares it. What has its name but is something else, a
 * function or the struct itself, is found out by its size. */
static int find_policy(struct policy_loaded *loaded, struct error *err)
{
    Dl_info info;
    const ElfW(Sym) *symbol = NULL;
    const struct ballast_policy *const *exported = dlsym(loaded->handle, symbol_name);
    if (!exported)
        return error_set(err, STATUS_BAD_INPUT,
                         "it exports no %s: end it with \"const struct ballast_policy *const %s = "
                         "&your_policy;\"",
                         symbol_name, symbol_name);
    if (dladdr1(exported, &info, (void **)&symbol, RTLD_DL_SYMENT) && symbol &&
        ((symbol->st_info & 0xf) != STT_OBJECT || symbol->st_size != sizeof(void *)))
        return error_set(err, STATUS_BAD_INPUT,
                         "its %s is no pointer to a policy, as ballast/policy.h declares it",
                         symbol_name);
    if (!*exported)
        return error_set(err, STATUS_BAD_INPUT, "its %s is NULL", symbol_name);
    if ((uintptr_t)*exported % _Alignof(struct ballast_policy) != 0)
        return error_set(err, STATUS_BAD_INPUT, "its %s points to where no policy can be",
                         symbol_name);
    loaded->policy = *exported;
    int status = policy_check(loaded->policy, err);
    if (!status && (policy_find(loaded->policy->name) || modifier_find(loaded->policy->name)))
        status = error_set(err, STATUS_BAD_INPUT,
                           "its name, %s, is that of a built-in policy or modifier: give it one of "
                           "its own",
                           loaded->policy->name);
    return status;
}

static int open_it(struct policy_loaded *loaded, struct error *err)
{
    loaded->handle = dlopen(loaded->path, RTLD_NOW | RTLD_LOCAL);
    if (loaded->handle)
        return find_policy(loaded, err);
    const char *why = dlerror();
    return error_set(err, STATUS_BAD_INPUT, "it cannot be loaded: %s",
                     why ? why : "no reason given");
}

/* In the child: only whether one comes out of it alive is asked. */
static void try_it(void *context)
{
    struct policy_loaded trial = *(const struct policy_loaded *)context;
    open_it(&trial, NULL);
}

int policy_load(struct policy_loaded **out, const char *path, const char *sha256, struct error *err)
{
    struct policy_loaded *loaded = memory_new(1, sizeof *loaded);
    struct apart_end end = {.done = true};
    char words[96];
    loaded->path = memory_copy_text(path);
    int status = read_file(loaded, err);
    if (!status && sha256 && strcmp(sha256, loaded->sha256) != 0)
        status =
            error_set(err, STATUS_BAD_INPUT, "it is another file now: its SHA-256 is %s, not %.64s",
                      loaded->sha256, sha256);
    if (!status)
        status = apart_do(try_it, loaded, LOAD_LIMIT_MS, &end, err);
    if (!status && !end.done)
        status =
            error_set(err, STATUS_BAD_INPUT, "it is damaged, or crashes when it is loaded: that %s",
                      apart_words(&end, words, sizeof words));
    if (!status)
        status = open_it(loaded, err);
    if (status) {
        if (err)
            error_prefix(err, "policy %.300s", path);
        policy_unload(loaded);
        return status;
    }
    *out = loaded;
    return STATUS_OK;
}

void policy_unload(struct policy_loaded *loaded)
{
    if (!loaded)
        return;
    if (loaded->handle)
        dlclose(loaded->handle);
    free(loaded->path);
    free(loaded);
}

const struct ballast_policy *policy_loaded_policy(const struct policy_loaded *loaded)
{
    return loaded->policy;
}

const char *policy_loaded_sha256(const struct policy_loaded *loaded)
{
    return loaded->sha256;
}

size_t policy_loaded_imports(const struct policy_loaded *loaded, struct policy_import *out_imports,
                             size_t capacity)
{
    return imports_find(loaded->handle, out_imports, capacity);
}
