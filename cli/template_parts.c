#include "template.h"

#include "base/decimal.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void put(cJSON *to, const char *name, cJSON *item)
{
    if (name)
        cJSON_AddItemToObject(to, name, item);
    else
        cJSON_AddItemToArray(to, item);
}

cJSON *template_object(cJSON *to, const char *name)
{
    cJSON *object = cJSON_CreateObject();
    put(to, name, object);
    return object;
}

cJSON *template_list(cJSON *to, const char *name)
{
    cJSON *list = cJSON_CreateArray();
    put(to, name, list);
    return list;
}

void template_text(cJSON *to, const char *name, const char *text)
{
    put(to, name, cJSON_CreateString(text));
}

void template_ref(cJSON *to, const char *name, const char *resource)
{
    template_text(template_object(to, name), "Ref", resource);
}

void template_attribute(cJSON *to, const char *name, const char *resource, const char *attribute)
{
    cJSON *list = template_list(template_object(to, name), "Fn::GetAtt");
    template_text(list, NULL, resource);
    template_text(list, NULL, attribute);
}

void template_sub(cJSON *to, const char *name, const char *text)
{
    template_text(template_object(to, name), "Fn::Sub", text);
}

void template_whole(cJSON *to, const char *name, int64_t value)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRId64, value);
    put(to, name, cJSON_CreateRaw(text));
}

void template_micro(cJSON *to, const char *name, int64_t micro, bool quoted)
{
    char text[40];
    int64_t size = micro < 0 ? -micro : micro;
    int length = snprintf(text, sizeof text, "%s%" PRId64 ".%06" PRId64, micro < 0 ? "-" : "",
                          size / MICRO, size % MICRO);
    while (text[length - 1] == '0')
        text[--length] = '\0';
    if (text[length - 1] == '.')
        text[--length] = '\0';
    put(to, name, quoted ? cJSON_CreateString(text) : cJSON_CreateRaw(text));
}

cJSON *template_resource(struct template *template, const char *name, const char *type)
{
    cJSON *resource = template_object(template->resources, name);
    template_text(resource, "Type", type);
    return template_object(resource, "Properties");
}

cJSON *template_parameter(struct template *template, const char *name, const char *type,
                          const char *value, const char *description)
{
    cJSON *parameter = template_object(template->parameters, name);
    template_text(parameter, "Type", type);
    if (value)
        template_text(parameter, "Default", value);
    template_text(parameter, "Description", description);
    return parameter;
}

cJSON *template_role(struct template *template, const char *name, const char *service)
{
    cJSON *role = template_resource(template, name, "AWS::IAM::Role");
    cJSON *trust = template_object(role, "AssumeRolePolicyDocument");
    template_text(trust, "Version", "2012-10-17");
    cJSON *statement = template_object(template_list(trust, "Statement"), NULL);
    template_text(statement, "Effect", "Allow");
    template_text(template_object(statement, "Principal"), "Service", service);
    template_text(statement, "Action", "sts:AssumeRole");
    return role;
}

void template_subnet(struct template *template, const char *zone, char out_name[80])
{
    char description[160];
    size_t length = (size_t)snprintf(out_name, 80, "Subnet");
    for (const char *c = zone; *c && length < 79; c++) {
        if (isalnum((unsigned char)*c))
            out_name[length++] = (char)(c == zone ? toupper((unsigned char)*c) : (unsigned char)*c);
    }
    out_name[length] = '\0';
    snprintf(description, sizeof description, "A subnet in %.100s, with a way to ECS",
             *zone ? zone : "the zone to run in");
    if (!cJSON_GetObjectItemCaseSensitive(template->parameters, out_name))
        template_parameter(template, out_name, "AWS::EC2::Subnet::Id", NULL, description);
}
