#include "scenario/regions.h"

#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* A zone id begins with its region's code: compass points shortened, the rest as in the name. */
static const struct {
    const char *code;
    const char *region;
} codes[] = {
    {"use1", "us-east-1"},       {"use2", "us-east-2"},       {"usw1", "us-west-1"},
    {"usw2", "us-west-2"},       {"afs1", "af-south-1"},      {"ape1", "ap-east-1"},
    {"ape2", "ap-east-2"},       {"apne1", "ap-northeast-1"}, {"apne2", "ap-northeast-2"},
    {"apne3", "ap-northeast-3"}, {"aps1", "ap-south-1"},      {"aps2", "ap-south-2"},
    {"apse1", "ap-southeast-1"}, {"apse2", "ap-southeast-2"}, {"apse3", "ap-southeast-3"},
    {"apse4", "ap-southeast-4"}, {"apse5", "ap-southeast-5"}, {"apse6", "ap-southeast-6"},
    {"apse7", "ap-southeast-7"}, {"cac1", "ca-central-1"},    {"caw1", "ca-west-1"},
    {"cnn1", "cn-north-1"},      {"cnnw1", "cn-northwest-1"}, {"euc1", "eu-central-1"},
    {"euc2", "eu-central-2"},    {"eun1", "eu-north-1"},      {"eus1", "eu-south-1"},
    {"eus2", "eu-south-2"},      {"euw1", "eu-west-1"},       {"euw2", "eu-west-2"},
    {"euw3", "eu-west-3"},       {"ilc1", "il-central-1"},    {"mec1", "me-central-1"},
    {"mes1", "me-south-1"},      {"mxc1", "mx-central-1"},    {"sae1", "sa-east-1"},
    {"usge1", "us-gov-east-1"},  {"usgw1", "us-gov-west-1"},
};

const char *region_of_zone(const char *zone, char out_region[REGION_TEXT_SIZE])
{
    out_region[0] = '\0';
    size_t first = strcspn(zone, "-");
    bool may_be_id = first > 0 && isdigit((unsigned char)zone[first - 1]);
    for (size_t i = 0; may_be_id && i < sizeof codes / sizeof codes[0]; i++) {
        size_t length = strlen(codes[i].code);
        if (strncmp(zone, codes[i].code, length) == 0 && zone[length] == '-') {
            snprintf(out_region, REGION_TEXT_SIZE, "%s", codes[i].region);
            return out_region;
        }
    }
    /* A region's name ends at its first number: us-east-1, us-gov-west-1. */
    const char *at = strchr(zone, '-');
    while (at && !isdigit((unsigned char)at[1]))
        at = strchr(at + 1, '-');
    if (!at || at == zone)
        return out_region;
    size_t length = (size_t)(at - zone) + 1;
    while (isdigit((unsigned char)zone[length]))
        length++;
    if (length < REGION_TEXT_SIZE) {
        memcpy(out_region, zone, length);
        out_region[length] = '\0';
    }
    return out_region;
}
