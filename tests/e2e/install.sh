#!/usr/bin/env bash
# What is installed: the program, and the policy contract that an author compiles a policy of their own against.
set -euo pipefail
. "$BALLAST_SOURCE_DIR/tests/e2e/begin.bash"
cmake --install "$BALLAST_BUILD_DIR" --prefix "$folder/usr" >"$folder/out.txt" 2>&1 || fail "$(cat "$folder/out.txt")"
[ "$("$folder/usr/bin/ballast" --version)" = "$("$BALLAST" --version)" ] || fail "another program was installed"
pc=$(find "$folder/usr" -name ballast.pc)
[ -f "$pc" ] || fail "no pkg-config file was installed"
include=$(sed -n 's/^Cflags: -I//p' "$pc")
[ "$include" = '${includedir}' ] || fail "the pkg-config file says: $include"

cat >"$folder/mine.c" <<'TEXT'
#include <ballast/policy.h>

static struct ballast_decision decide(const struct ballast_observation *observation, const int64_t *parameters,
                                      void *state)
{
    (void)parameters;
    (void)state;
    return (struct ballast_decision){.action = BALLAST_HOLD, .valid_until_s = observation->now_s};
}

static const struct ballast_policy mine = {.abi = BALLAST_POLICY_ABI, .name = "mine", .decide = decide};
const struct ballast_policy *const ballast_policy_v1 = &mine;
TEXT
cc -std=c11 -Wall -Wextra -Wpedantic -Werror -shared -fPIC -I "$folder/usr/include" \
    -o "$folder/mine.so" "$folder/mine.c" || fail "a policy does not compile against the installed contract"
