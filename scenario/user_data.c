/* User data: which ECS cluster an instance joins. Only looked at where the scenario names one. */
#include "scenario/user_data.h"
#include "base/memory.h"
#include "base/text.h"
#include "scenario/parts.h"
#include "scenario/writer.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { USER_DATA_MAX = 65536 }; /* AWS takes 16 KiB before it is encoded */

static const char base64_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void add_base64(struct text *out, const char *bytes, size_t count)
{
    for (size_t i = 0; i < count; i += 3) {
        unsigned group = (unsigned)(unsigned char)bytes[i] << 16;
        group |= i + 1 < count ? (unsigned)(unsigned char)bytes[i + 1] << 8 : 0;
        group |= i + 2 < count ? (unsigned char)bytes[i + 2] : 0;
        char digits[4] = {base64_digits[group >> 18], base64_digits[group >> 12 & 63],
                          i + 1 < count ? base64_digits[group >> 6 & 63] : '=',
                          i + 2 < count ? base64_digits[group & 63] : '='};
        text_add_bytes(out, digits, sizeof digits);
    }
}

/* The bytes that base64 text stands for, NUL-terminated and to be freed; NULL if it is none. White
 * space may stand anywhere. */
static char *decode_base64(const char *text, size_t *out_count)
{
    char *bytes = memory_new(strlen(text) + 1, 1);
    unsigned group = 0;
    size_t digits = 0;
    size_t padding = 0;
    size_t count = 0;
    for (; *text; text++) {
        if (isspace((unsigned char)*text))
            continue;
        const char *digit = *text == '=' ? base64_digits : strchr(base64_digits, *text);
        padding += *text == '=';
        if (!digit || (padding && *text != '=') || padding > 2) {
            free(bytes);
            return NULL;
        }
        group = group << 6 | (unsigned)(digit - base64_digits);
        if (++digits % 4 == 0) {
            bytes[count++] = (char)(group >> 16 & 255);
            bytes[count++] = (char)(group >> 8 & 255);
            bytes[count++] = (char)(group & 255);
        }
    }
    if (digits % 4 || count < padding) {
        free(bytes);
        return NULL;
    }
    *out_count = count - padding;
    bytes[*out_count] = '\0';
    return bytes;
}

/* The name at `text`, without the quotes around it; to be freed. */
static char *name_at(const char *text)
{
    text += strspn(text, " \t\"'");
    return memory_copy_bytes(text, strcspn(text, " \t\r\n\"'\\;&|>"));
}

/* Whether a comment begins before `at` on its line. */
static bool commented(const char *start, const char *at)
{
    while (at > start && at[-1] != '\n')
        at--;
    return at[strspn(at, " \t")] == '#';
}

/* The cluster the agent is told: ECS_CLUSTER= of ecs.config, the last one where it stands several
 * times; or cluster = under Bottlerocket's [settings.ecs]; else the one named "default". */
static char *cluster_of(const char *data)
{
    static const char key[] = "ECS_CLUSTER=";
    char *name = NULL;
    for (const char *at = strstr(data, key); at; at = strstr(at + 1, key)) {
        if (commented(data, at))
            continue;
        free(name);
        name = name_at(at + sizeof key - 1);
    }
    const char *section = name ? NULL : strstr(data, "[settings.ecs]");
    for (const char *at = section ? strchr(section, '\n') : NULL; at && !name;
         at = strchr(at, '\n')) {
        at += 1 + strspn(at + 1, " \t");
        if (*at == '[')
            break;
        size_t word = strspn(at, "abcdefghijklmnopqrstuvwxyz-_");
        const char *equals = at + word + strspn(at + word, " \t");
        if (word == strlen("cluster") && strncmp(at, "cluster", word) == 0 && *equals == '=')
            name = name_at(equals + 1);
    }
    if (name && *name)
        return name;
    free(name);
    return memory_copy_text("default");
}

enum user_data_kind user_data_cluster(const char *text, bool may_be_plain, char **out_name)
{
    size_t count = 0;
    *out_name = NULL;
    char *decoded = decode_base64(text, &count);
    if (!decoded && !may_be_plain)
        return USER_DATA_NOT_BASE64;
    const char *data = decoded ? decoded : text;
    bool packed = count >= 2 && memcmp(data, "\x1f\x8b", 2) == 0;
    char *name = packed ? NULL : cluster_of(data);
    free(decoded);
    if (name && strpbrk(name, "$`%{")) {
        free(name);
        name = NULL;
    }
    *out_name = name;
    return packed ? USER_DATA_PACKED : name ? USER_DATA_TOLD : USER_DATA_COMPUTED;
}

void user_data_encode(struct text *out, const char *plain)
{
    add_base64(out, plain, strlen(plain));
}

/* What a specification says of its cluster; to be freed, or NULL where that cannot be told. */
static int read_data(struct reader *reader, const cJSON *node, const char *what, bool may_be_plain,
                     char **out_name)
{
    const char *text = node ? cJSON_GetStringValue(node) : "";
    *out_name = NULL;
    if (!text)
        return reader_fail(reader, node, "must be a string: user data in base64");
    if (strlen(text) > USER_DATA_MAX)
        return reader_fail(reader, node, "is longer than %d bytes", USER_DATA_MAX);
    enum user_data_kind kind = user_data_cluster(text, may_be_plain, out_name);
    if (kind == USER_DATA_NOT_BASE64)
        return reader_fail(reader, node,
                           "is not base64, which AWS wants here: encode it (base64 -w0 FILE)");
    if (!*out_name)
        add_note(reader->scenario, true,
                 "%s: which cluster its user data joins cannot be told from its text%s: taken as "
                 "\"%s\"",
                 what, kind == USER_DATA_PACKED ? ", which is compressed" : "",
                 reader->scenario->cluster.name);
    return STATUS_OK;
}

/* Whether what is launched by `node` stays outside the cluster; *out_cluster is the one it joins.
 */
static int read_joined(struct reader *reader, const cJSON *node, const char *what,
                       bool may_be_plain, char **out_cluster)
{
    const char *wanted = reader->scenario->cluster.name;
    char *name = NULL;
    int status = read_data(reader, member(node, "UserData"), what, may_be_plain, &name);
    if (status)
        return status;
    if (name && strcmp(name, wanted) != 0)
        add_note(reader->scenario, true,
                 "%s: its user data%s joins the cluster \"%s\", not \"%s\": its instances are "
                 "paid for and never serve",
                 what, member(node, "UserData") ? "" : ", of which there is none,", name, wanted);
    *out_cluster = name ? name : memory_copy_text(wanted);
    return STATUS_OK;
}

int read_user_data(struct reader *reader)
{
    struct scenario *scenario = reader->scenario;
    const char *wanted = scenario->cluster.name;
    int status = STATUS_OK;
    if (!wanted)
        return STATUS_OK;
    bool templates = member(member(reader->root, "spot_fleet"), "LaunchTemplateConfigs") &&
                     !member(member(reader->root, "spot_fleet"), "LaunchSpecifications");
    if (templates)
        add_note(scenario, false,
                 "launch templates keep their user data to themselves: the fleet's instances are "
                 "taken to join the cluster \"%s\"",
                 wanted);
    for (size_t i = 0; i < scenario->fleet.pool_count && !status; i++) {
        struct fleet_pool *pool = &scenario->fleet.pools[i];
        char *what = memory_format("launch specification %zu (%s)", pool->specification,
                                   pool->instance_type);
        if (templates)
            pool->cluster = memory_copy_text(wanted);
        else
            status = read_joined(reader, reader->pool_nodes[i], what, false, &pool->cluster);
        free(what);
    }
    if (!status)
        status = read_joined(reader, reader_at(reader, "backup_group.launch"),
                             "backup_group.launch", true, &scenario->group.cluster);
    return status;
}

bool outside_cluster(const struct scenario *scenario, const char *cluster)
{
    return scenario->cluster.name && cluster && strcmp(cluster, scenario->cluster.name) != 0;
}

void write_user_data(struct writer *writer, const char *cluster, const cJSON *given)
{
    if (!cluster)
        return;
    struct text plain = {0};
    struct text encoded = {0};
    text_addf(&plain, "ECS_CLUSTER=%s\n", cluster);
    add_base64(&encoded, plain.data, plain.size);
    if (given) {
        write_string(writer, "UserData", encoded.data, given);
    } else {
        char *json = memory_format("\"%s\"", encoded.data);
        write_json(writer, "UserData", json, VALUE_DERIVED, "the cluster its instances join");
        free(json);
    }
    text_clean_up(&plain);
    text_clean_up(&encoded);
}
