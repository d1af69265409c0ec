/* Which build this is. */
#ifndef CLI_VERSION_H
#define CLI_VERSION_H

const char *version_number(void); /* "0.1.0" */
const char *version_commit(void); /* the commit it was built from, or "unknown" */

#endif
