/* The files of a bill: a month of the data feed is 720 of them, so a folder stands for all in it.
 */
#include "base/memory.h"
#include "validate.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { DEPTH_MOST = 16 };

static bool ends_with(const char *name, const char *ending)
{
    size_t length = strlen(name);
    size_t end = strlen(ending);
    return length > end && strcmp(name + length - end, ending) == 0;
}

/* What AWS delivers beside reports, such as manifests, is no bill. */
static bool is_bill(const char *name)
{
    return ends_with(name, ".csv") || ends_with(name, ".gz") || ends_with(name, ".zst");
}

static int add_folder(struct hindcast_bill *bill, const char *path, int depth, int64_t *added,
                      struct error *err)
{
    struct dirent **names = NULL;
    int status = STATUS_OK;
    int count = scandir(path, &names, NULL, alphasort);
    if (count < 0)
        return error_set(err, STATUS_BAD_INPUT, "%s: the folder cannot be read", path);
    for (int i = 0; i < count; i++) {
        char *inner = memory_format("%s/%s", path, names[i]->d_name);
        struct stat about;
        if (!status && names[i]->d_name[0] != '.' && stat(inner, &about) == 0) {
            if (S_ISDIR(about.st_mode) && depth < DEPTH_MOST) {
                status = add_folder(bill, inner, depth + 1, added, err);
            } else if (S_ISREG(about.st_mode) && is_bill(names[i]->d_name)) {
                status = hindcast_bill_add(bill, inner, err);
                ++*added;
            }
        }
        free(inner);
        free(names[i]);
    }
    free(names);
    return status;
}

int validate_add_bill(struct hindcast_bill *bill, const char *path, struct error *err)
{
    struct stat about;
    int64_t added = 0;
    if (stat(path, &about) != 0 || !S_ISDIR(about.st_mode))
        return hindcast_bill_add(bill, path, err);
    int status = add_folder(bill, path, 0, &added, err);
    if (!status && added == 0)
        status = error_set(err, STATUS_BAD_INPUT,
                           "%s: no file in the folder ends in .csv, .gz or .zst", path);
    return status;
}
