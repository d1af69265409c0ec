#!/usr/bin/env bash
# Every C source is as clang-format leaves it (./dev format).
set -euo pipefail
cd "$BALLAST_SOURCE_DIR"
command -v clang-format >/dev/null || { echo "SKIP: clang-format is not installed"; exit 77; }
source tests/lint/rooms.bash
find "${rooms[@]}" tests -name '*.[ch]' -print0 |
    xargs -0 clang-format --dry-run -Werror
