/* The AWS services that are called, and how each is spoken to. */
#ifndef LIVE_SERVICE_H
#define LIVE_SERVICE_H

enum aws_service {
    AWS_AUTO_SCALING = 0,
    AWS_CLOUDWATCH,
    AWS_EC2,
    AWS_ECS,
    AWS_STS,
    AWS_SERVICES /* how many there are */
};

struct aws_service_facts {
    const char *id;           /* as in AWS_ENDPOINT_URL_<ID> */
    const char *config_id;    /* as in a [services NAME] section */
    const char *host;         /* first label of the host name */
    const char *signing_name; /* in the credential scope */
    const char *version;      /* of the API, for the query protocols; for ECS its target prefix */
};

extern const struct aws_service_facts aws_service_facts[AWS_SERVICES];

#endif
