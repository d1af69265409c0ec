#include "version.h"

#include "version_commit.h"

const char *version_number(void)
{
    return BALLAST_VERSION;
}

const char *version_commit(void)
{
    return BALLAST_COMMIT;
}
