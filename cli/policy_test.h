/* ballast policy test; a command of the family in policy.c. */
#ifndef CLI_POLICY_TEST_H
#define CLI_POLICY_TEST_H

int command_policy_test(int argc, char **argv);

#endif
