#!/usr/bin/env bash
# Run one cmocka program. A failure is a failure; otherwise, if any case was skipped, say which and exit 77, so that
# a skipped case is never counted as passed.
set -u
output=$("$@" 2>&1)
code=$?
printf '%s\n' "$output"
[ "$code" -eq 0 ] || exit "$code"
# cmocka names every skipped case twice; the run of dots and brackets before the name is its own.
skipped=$(sed -n 's/^\[  SKIPPED \] \([A-Za-z_][A-Za-z0-9_]*\)$/\1/p' <<<"$output" | sort -u)
[ -n "$skipped" ] || exit 0
while IFS= read -r name; do
    printf 'skipped case: %s\n' "$name"
done <<<"$skipped"
exit 77
