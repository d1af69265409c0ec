#include "live/xml.h"

#include "base/decimal.h"
#include "base/timestamp.h"
#include "live/secret.h"

#include <errno.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBER_SIZE = 64 };

int xml_parse(struct xml *out_xml, const char *bytes, size_t size, bool secret, struct error *err)
{
    *out_xml = (struct xml){.secret = secret};
    if (size == 0)
        return error_set(err, STATUS_FAILURE, "the reply is empty where XML was expected");
    if (size > INT_MAX)
        return error_set(err, STATUS_FAILURE, "the reply is too large");
    out_xml->document = xmlReadMemory(bytes, (int)size, "reply", NULL,
                                      XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
                                          XML_PARSE_NOCDATA | XML_PARSE_COMPACT);
    if (!out_xml->document)
        return error_set(err, STATUS_FAILURE, "the reply is not well-formed XML");
    if (out_xml->document->intSubset || out_xml->document->extSubset) {
        xml_clean_up(out_xml);
        return error_set(err, STATUS_FAILURE,
                         "the reply has a document type, which AWS never "
                         "sends");
    }
    out_xml->root = xmlDocGetRootElement(out_xml->document);
    return STATUS_OK;
}

/* Texts are wiped without recursion: depth is the other side's choice. */
static void wipe(xmlNode *root)
{
    xmlNode *node = root;
    while (node) {
        if ((node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE) && node->content)
            explicit_bzero(node->content, strlen((const char *)node->content));
        if (node->type == XML_ELEMENT_NODE && node->children) {
            node = node->children;
            continue;
        }
        while (node != root && !node->next)
            node = node->parent;
        node = node == root ? NULL : node->next;
    }
}

void xml_clean_up(struct xml *xml)
{
    if (xml->document && xml->secret)
        wipe(xmlDocGetRootElement(xml->document));
    xmlFreeDoc(xml->document);
    *xml = (struct xml){0};
}

static bool named(const xmlNode *node, const char *name, size_t length)
{
    return node->type == XML_ELEMENT_NODE && node->name &&
           strlen((const char *)node->name) == length &&
           strncmp((const char *)node->name, name, length) == 0;
}

bool xml_is(const struct _xmlNode *node, const char *name)
{
    return node && named(node, name, strlen(name));
}

const struct _xmlNode *xml_find(const struct _xmlNode *node, const char *path)
{
    while (node && *path) {
        size_t length = strcspn(path, "/");
        const xmlNode *child = node->children;
        while (child && !named(child, path, length))
            child = child->next;
        node = child;
        path += length + (path[length] == '/');
    }
    return node;
}

const struct _xmlNode *xml_next(const struct _xmlNode *node)
{
    const char *name = (const char *)node->name;
    size_t length = strlen(name);
    node = node->next;
    while (node && !named(node, name, length))
        node = node->next;
    return node;
}

/* Go over the texts right below an element: copy up to `size` bytes, return how many there are. */
static size_t collect(const xmlNode *node, char *out, size_t size)
{
    size_t total = 0;
    for (const xmlNode *child = node->children; child; child = child->next) {
        if ((child->type != XML_TEXT_NODE && child->type != XML_CDATA_SECTION_NODE) ||
            !child->content)
            continue;
        size_t length = strlen((const char *)child->content);
        if (out && total + length <= size)
            memcpy(out + total, child->content, length);
        total += length;
    }
    return total;
}

static void trim(char *text)
{
    size_t start = strspn(text, " \t\r\n");
    size_t length = strlen(text + start);
    memmove(text, text + start, length + 1);
    while (length > 0 && strchr(" \t\r\n", text[length - 1]))
        text[--length] = '\0';
}

bool xml_text(const struct _xmlNode *node, const char *path, char *out_text, size_t size)
{
    out_text[0] = '\0';
    const xmlNode *found = xml_find(node, path);
    if (!found)
        return false;
    size_t length = collect(found, NULL, 0);
    if (length >= size)
        return false;
    collect(found, out_text, size);
    out_text[length] = '\0';
    trim(out_text);
    return true;
}

char *xml_secret(const struct _xmlNode *node, const char *path)
{
    const xmlNode *found = xml_find(node, path);
    if (!found)
        return NULL;
    size_t length = collect(found, NULL, 0);
    char *secret = secret_new(length);
    collect(found, secret, length);
    trim(secret);
    return secret;
}

bool xml_int64(const struct _xmlNode *node, const char *path, int64_t *out_value)
{
    char text[NUMBER_SIZE];
    if (!xml_text(node, path, text, sizeof text) || !*text)
        return false;
    char *end = NULL;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (*end || errno || text[0] == '+')
        return false;
    *out_value = value;
    return true;
}

bool wire_micro(const char *text, int64_t *out_micro)
{
    enum decimal_result result = decimal_parse(text, strlen(text), out_micro);
    if (result != DECIMAL_TOO_FINE)
        return result == DECIMAL_OK;
    /* More decimals than are kept: an average of capacities, say. */
    char *end = NULL;
    double value = strtod(text, &end) * 1e6;
    if (*end || !(value > -9.2e18 && value < 9.2e18))
        return false;
    *out_micro = (int64_t)value;
    return true;
}

bool xml_micro(const struct _xmlNode *node, const char *path, int64_t *out_micro)
{
    char text[NUMBER_SIZE];
    return xml_text(node, path, text, sizeof text) && *text && wire_micro(text, out_micro);
}

bool xml_time(const struct _xmlNode *node, const char *path, int64_t *out_time_s)
{
    char text[NUMBER_SIZE];
    return xml_text(node, path, text, sizeof text) &&
           timestamp_parse(text, strlen(text), false, out_time_s);
}
