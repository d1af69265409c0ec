/* Any body, in any of the twin's protocols, rightly signed: the readers, every operation and the
 * replies. The first byte chooses protocol and operation. */
#include "../unit/twin_fixture.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

static const char *const json_targets[] = {
    "GraniteServiceVersion20100801.GetMetricStatistics",
    "GraniteServiceVersion20100801.GetMetricData",
    "GraniteServiceVersion20100801.PutMetricData",
    "AmazonEC2ContainerServiceV20141113.DescribeClusters",
};
static const char *const cbor_paths[] = {
    "/service/GraniteServiceVersion20100801/operation/GetMetricStatistics",
    "/service/GraniteServiceVersion20100801/operation/GetMetricData",
    "/service/GraniteServiceVersion20100801/operation/PutMetricData",
};
static const char *const services[] = {"ec2", "autoscaling", "monitoring", "sts"};

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct twin_fixture f;
    if (count == 0)
        return 0;
    if (twin_fixture_open(&f, 0))
        abort();
    uint8_t choice = bytes[0];
    const char *body = (const char *)bytes + 1;
    count--;
    if (choice < 'a') {
        const char *target = json_targets[choice % (sizeof json_targets / sizeof *json_targets)];
        const struct sigv4_header json[] = {{"X-Amz-Target", target}, {0}};
        twin_send(&f, "POST", "/", strstr(target, "ECS") ? "ecs" : "monitoring", json, body, count);
    } else if (choice < 'n') {
        static const struct sigv4_header cbor[] = {{"smithy-protocol", "rpc-v2-cbor"}, {0}};
        twin_send(&f, "POST", cbor_paths[choice % (sizeof cbor_paths / sizeof *cbor_paths)],
                  "monitoring", cbor, body, count);
    } else if (choice == 'z') {
        twin_send(&f, "POST", "/_ballast/clock", NULL, NULL, body, count);
    } else {
        twin_send(&f, "POST", "/", services[choice % (sizeof services / sizeof *services)], NULL,
                  body, count);
    }
    if (f.reply.status < 200 || f.reply.status > 599)
        abort();
    twin_fixture_close(&f);
    return 0;
}
