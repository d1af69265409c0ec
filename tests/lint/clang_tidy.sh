#!/usr/bin/env bash
# clang-tidy over the program's sources, with the checks of .clang-tidy; generated sources are left out.
# labels: slow
set -euo pipefail
cd "$BALLAST_SOURCE_DIR"
command -v clang-tidy >/dev/null || { echo "SKIP: clang-tidy is not installed"; exit 77; }
[ -f "$BALLAST_BUILD_DIR/compile_commands.json" ]
output=$(mktemp)
trap 'rm -f "$output"' EXIT
code=0
find base policy traces record scenario sim cli -name '*.c' -print0 |
    xargs -0 -n 3 -P "$(nproc)" clang-tidy --quiet -p "$BALLAST_BUILD_DIR" >"$output" 2>/dev/null || code=$?
grep -E '(warning|error): ' "$output" | sort -u || true
exit "$code"
