/* ballast live template: the function that decides, what it may do, and what invokes it. */
#include "base/decimal.h"
#include "base/memory.h"
#include "policy/cloud.h"
#include "template.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MINUTE_S = 60, STALE_S = 600, TIMEOUT_S = 55, MEMORY_MIB = 256, LOG_DAYS = 30 };

#define GROUP_ARN                                                                                  \
    "arn:${AWS::Partition}:autoscaling:${AWS::Region}:${AWS::AccountId}:autoScalingGroup:*:"       \
    "autoScalingGroupName/${BackupGroup}"

/* ---- the role ---------------------------------------------------------------------------------
 */

static bool has(const cJSON *list, const char *text)
{
    const cJSON *item = NULL;
    cJSON_ArrayForEach(item, list)
    {
        if (strcmp(item->valuestring, text) == 0)
            return true;
    }
    return false;
}

static void allow(cJSON *actions, const char *action)
{
    if (!has(actions, action))
        template_text(actions, NULL, action);
}

/* What the policy declares to read, as IAM's actions; none of these knows resources. Whether the
 * cluster is read is told. */
static bool allow_reads(const struct ballast_policy *policy, cJSON *actions)
{
    bool cluster = false;
    allow(actions, "autoscaling:DescribeAutoScalingGroups");
    for (size_t i = 0; i < policy->read_count; i++) {
        const struct ballast_read *read = &policy->reads[i];
        char action[80];
        switch (read->kind) {
        case BALLAST_READ_METRIC:
            snprintf(action, sizeof action, "cloudwatch:%s", cloud_read_api(read));
            allow(actions, action);
            break;
        case BALLAST_READ_CLUSTER:
            cluster = true;
            break;
        case BALLAST_READ_SPOT_PRICES:
            allow(actions, "ec2:DescribeSpotPriceHistory");
            allow(actions, "ec2:DescribeSubnets");
            allow(actions, "ec2:DescribeInstances");
            allow(actions, "ec2:DescribeSpotFleetRequests");
            break;
        case BALLAST_READ_FLEET:
            allow(actions, "ec2:DescribeSpotFleetRequests");
            break;
        }
    }
    return cluster;
}

static cJSON *statement(cJSON *list)
{
    cJSON *item = template_object(list, NULL);
    template_text(item, "Effect", "Allow");
    return item;
}

static void role(struct template *template)
{
    cJSON *properties = template_role(template, "FunctionRole", "lambda.amazonaws.com");
    cJSON *policy = template_object(template_list(properties, "Policies"), NULL);
    template_text(policy, "PolicyName", "ballast");
    cJSON *document = template_object(policy, "PolicyDocument");
    template_text(document, "Version", "2012-10-17");
    cJSON *list = template_list(document, "Statement");
    cJSON *item = statement(list);
    bool cluster = allow_reads(template->scenario->policy.policy, template_list(item, "Action"));
    template_text(item, "Resource", "*");
    if (cluster) {
        item = statement(list);
        template_text(item, "Action", "ecs:DescribeClusters");
        template_attribute(item, "Resource", "Cluster", "Arn");
    }
    item = statement(list);
    template_text(item, "Action", "autoscaling:SetDesiredCapacity");
    template_sub(item, "Resource", GROUP_ARN);
    item = statement(list);
    cJSON *actions = template_list(item, "Action");
    allow(actions, "logs:CreateLogStream");
    allow(actions, "logs:PutLogEvents");
    template_attribute(item, "Resource", "LogGroup", "Arn");
}

/* ---- the function -----------------------------------------------------------------------------
 */

static void number_parameter(struct template *template, const char *name, int64_t value,
                             const char *description)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRId64, value);
    template_parameter(template, name, "Number", text, description);
}

static void parameters(struct template *template)
{
    const struct controller_guards *guards = &template->scenario->controller.guards;
    int64_t most = template->scenario->group.max_size;
    template_parameter(template, "CodeBucket", "String", NULL,
                       "The bucket that the function's zip is in");
    template_parameter(template, "CodeKey", "String", NULL, "Its key there");
    cJSON *apply = template_parameter(template, "Apply", "String", "false",
                                      "false: shadow, nothing is changed; true: it acts");
    cJSON *values = template_list(apply, "AllowedValues");
    template_text(values, NULL, "false");
    template_text(values, NULL, "true");
    cJSON *machine = template_parameter(template, "Architecture", "String", "x86_64",
                                        "What the zip was built for");
    values = template_list(machine, "AllowedValues");
    template_text(values, NULL, "x86_64");
    template_text(values, NULL, "arm64");
    int64_t concurrency = template->scenario->controller.concurrency;
    number_parameter(template, "ReservedConcurrency", concurrency ? concurrency : 1,
                     "Invocations at once; 0 reserves none, for accounts whose limit is too low");
    number_parameter(template, "MaxStep",
                     guards->max_step_instances ? guards->max_step_instances : most,
                     "Guard: one call raises desired capacity by at most so many instances");
    number_parameter(template, "MaxDesired",
                     guards->max_desired_instances ? guards->max_desired_instances : most,
                     "Guard: no call asks for more instances");
    number_parameter(template, "StaleAfter",
                     guards->stale_after_s ? guards->stale_after_s : STALE_S,
                     "Guard: metrics that are missing, or older than so many seconds, never scale "
                     "in");
}

/* The policy's parameters as the simulation has them: NAME=VALUE, apart by blanks; to be freed. */
static char *policy_values(const struct scenario *scenario)
{
    struct text text = {0};
    cJSON *resolved = cJSON_Parse(scenario->resolved.data);
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(
        cJSON_GetObjectItemCaseSensitive(resolved, "policy"), "parameters");
    const cJSON *item = NULL;
    cJSON_ArrayForEach(item, list)
    {
        char *value = cJSON_IsString(item) ? memory_copy_text(item->valuestring)
                                           : cJSON_PrintUnformatted(item);
        if (!cJSON_IsNull(item))
            text_addf(&text, "%s%s=%s", text.size ? " " : "", item->string, value);
        free(value);
    }
    cJSON_Delete(resolved);
    return text.data;
}

static void environment(struct template *template, cJSON *variables)
{
    const struct scenario *scenario = template->scenario;
    template_ref(variables, "BALLAST_FLEET", "SpotFleet");
    template_ref(variables, "BALLAST_GROUP", "BackupGroup");
    template_ref(variables, "BALLAST_CLUSTER", "Cluster");
    template_text(variables, "BALLAST_PRODUCT", scenario->product);
    template_micro(variables, "BALLAST_UNITS_PER_INSTANCE",
                   scenario->group.units_per_instance_micro, true);
    template_text(variables, "BALLAST_POLICY",
                  scenario->policy.name ? scenario->policy.name : scenario->policy.policy->name);
    char *values = policy_values(scenario);
    if (values)
        template_text(variables, "BALLAST_SET", values);
    free(values);
    template_ref(variables, "BALLAST_MAX_STEP", "MaxStep");
    template_ref(variables, "BALLAST_MAX_DESIRED", "MaxDesired");
    template_ref(variables, "BALLAST_STALE_AFTER", "StaleAfter");
    template_ref(variables, "BALLAST_APPLY", "Apply");
}

/* 0 cannot mean 0 here: a function of which none may run has no purpose. */
static void reserve(struct template *template, cJSON *properties)
{
    cJSON *equals = template_list(
        template_object(template_list(template_object(template->conditions, "Reserved"), "Fn::Not"),
                        NULL),
        "Fn::Equals");
    template_ref(equals, NULL, "ReservedConcurrency");
    template_text(equals, NULL, "0");
    cJSON *choice =
        template_list(template_object(properties, "ReservedConcurrentExecutions"), "Fn::If");
    template_text(choice, NULL, "Reserved");
    template_ref(choice, NULL, "ReservedConcurrency");
    template_ref(choice, NULL, "AWS::NoValue");
}

/* The next minute is the retry. */
static void never_again(struct template *template)
{
    cJSON *properties =
        template_resource(template, "FunctionRetries", "AWS::Lambda::EventInvokeConfig");
    template_ref(properties, "FunctionName", "Function");
    template_text(properties, "Qualifier", "$LATEST");
    template_whole(properties, "MaximumRetryAttempts", 0);
}

static void function(struct template *template)
{
    cJSON *logs = template_resource(template, "LogGroup", "AWS::Logs::LogGroup");
    template_whole(logs, "RetentionInDays", LOG_DAYS);
    cJSON *properties = template_resource(template, "Function", "AWS::Lambda::Function");
    template_text(properties, "Runtime", "provided.al2023");
    template_text(properties, "Handler", "bootstrap");
    template_ref(template_list(properties, "Architectures"), NULL, "Architecture");
    cJSON *code = template_object(properties, "Code");
    template_ref(code, "S3Bucket", "CodeBucket");
    template_ref(code, "S3Key", "CodeKey");
    template_attribute(properties, "Role", "FunctionRole", "Arn");
    template_whole(properties, "Timeout", TIMEOUT_S);
    template_whole(properties, "MemorySize", MEMORY_MIB);
    reserve(template, properties);
    template_ref(template_object(properties, "LoggingConfig"), "LogGroup", "LogGroup");
    environment(template, template_object(template_object(properties, "Environment"), "Variables"));
    template_ref(template_object(template->outputs, "FunctionName"), "Value", "Function");
    never_again(template);
}

/* ---- what invokes it --------------------------------------------------------------------------
 */

static void permission(struct template *template, const char *name, const char *service)
{
    cJSON *properties = template_resource(template, name, "AWS::Lambda::Permission");
    template_text(properties, "Action", "lambda:InvokeFunction");
    template_ref(properties, "FunctionName", "Function");
    template_text(properties, "Principal", service);
    if (strcmp(service, "sns.amazonaws.com") == 0)
        template_ref(properties, "SourceArn", "Topic");
    else
        template_attribute(properties, "SourceArn", "Schedule", "Arn");
}

static void schedule(struct template *template)
{
    char rate[48];
    int64_t minutes = template->scenario->controller.every_s / MINUTE_S;
    snprintf(rate, sizeof rate, "rate(%" PRId64 " minute%s)", minutes, minutes == 1 ? "" : "s");
    cJSON *properties = template_resource(template, "Schedule", "AWS::Events::Rule");
    template_text(properties, "ScheduleExpression", rate);
    template_text(properties, "State", "ENABLED");
    cJSON *target = template_object(template_list(properties, "Targets"), NULL);
    template_text(target, "Id", "function");
    template_attribute(target, "Arn", "Function", "Arn");
    template_sub(target, "Input", "{\"fleetID\":\"${SpotFleet}\"}");
    permission(template, "SchedulePermission", "events.amazonaws.com");
}

/* PendingCapacity above 0 for one minute, as the simulated alarm has it (docs/model.md). */
static void alarm_and_topic(struct template *template)
{
    template_resource(template, "Topic", "AWS::SNS::Topic");
    cJSON *subscription = template_resource(template, "Subscription", "AWS::SNS::Subscription");
    template_text(subscription, "Protocol", "lambda");
    template_ref(subscription, "TopicArn", "Topic");
    template_attribute(subscription, "Endpoint", "Function", "Arn");
    permission(template, "TopicPermission", "sns.amazonaws.com");
    cJSON *properties = template_resource(template, "Alarm", "AWS::CloudWatch::Alarm");
    template_text(properties, "AlarmDescription", "Capacity of the Spot Fleet is pending");
    template_text(properties, "Namespace", "AWS/EC2Spot");
    template_text(properties, "MetricName", "PendingCapacity");
    cJSON *dimension = template_object(template_list(properties, "Dimensions"), NULL);
    template_text(dimension, "Name", "FleetRequestId");
    template_ref(dimension, "Value", "SpotFleet");
    template_text(properties, "Statistic", "Maximum");
    template_whole(properties, "Period", MINUTE_S);
    template_whole(properties, "EvaluationPeriods", 1);
    template_whole(properties, "Threshold", 0);
    template_text(properties, "ComparisonOperator", "GreaterThanThreshold");
    template_ref(template_list(properties, "AlarmActions"), NULL, "Topic");
}

void template_function(struct template *template)
{
    parameters(template);
    role(template);
    function(template);
    schedule(template);
    if (template->scenario->controller.alarm)
        alarm_and_topic(template);
}
