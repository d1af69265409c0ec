#!/usr/bin/env bash
# cppcheck over the program's sources.
set -euo pipefail
cd "$BALLAST_SOURCE_DIR"
command -v cppcheck >/dev/null || { echo "SKIP: cppcheck is not installed"; exit 77; }
# integerOverflow and uninitvar: this version takes int64_t for 32 bits where no system header is read, and does not see
# that a struct is filled through its address; the compilers' own warnings and sanitizers watch both.
# oppositeExpression: -bound % bound is how an unbiased draw is made.
exec cppcheck --enable=warning,performance,portability --std=c11 --platform=unix64 --inline-suppr --quiet \
    -j "$(nproc)" --error-exitcode=1 --suppress=missingIncludeSystem --suppress=oppositeExpression \
    --suppress=integerOverflow --suppress=uninitvar --suppress='*:*/tests/*' \
    --template='{file}:{line}: {severity}: {message} [{id}]' --project="$BALLAST_BUILD_DIR/compile_commands.json"
