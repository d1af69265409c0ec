#!/usr/bin/env bash
# cppcheck over the program's sources.
set -euo pipefail
cd "$BALLAST_SOURCE_DIR"
command -v cppcheck >/dev/null || { echo "SKIP: cppcheck is not installed"; exit 77; }
# integerOverflow and uninitvar: this version takes int64_t for 32 bits where no system header is read, and does not see
# that a struct is filled through its address; the compilers' own warnings and sanitizers watch both.
# oppositeExpression: -bound % bound is how an unbiased draw is made.
# arrayIndexThenCheck: strings and lists end with a zero, so looking before counting is fine.
# autoVariables: the importer calls back only while the caller's context lives.
# The filters keep it off the tests, whose many macros take it six times as long as the program.
filters=()
source tests/lint/rooms.bash
for room in "${rooms[@]}"; do
    filters+=("--file-filter=$PWD/$room/*")
done
exec cppcheck --enable=warning,performance,portability --std=c11 --platform=unix64 --inline-suppr --quiet \
    -j "$(nproc)" --error-exitcode=1 --suppress=missingIncludeSystem --suppress=oppositeExpression \
    --suppress=integerOverflow --suppress=uninitvar \
    --suppress=arrayIndexThenCheck --suppress='autoVariables:*/cli/trace_import.c' \
    --template='{file}:{line}: {severity}: {message} [{id}]' "${filters[@]}" \
    --project="$BALLAST_BUILD_DIR/compile_commands.json"
