#!/usr/bin/env bash
# clang-tidy over the program's sources, with the checks of .clang-tidy, less the findings in false_findings.txt;
# generated sources are left out. The static analyzer is by far the dearest of them: it takes part only with
# BALLAST_ANALYZE=1, as `./dev lint` sets it.
# labels: slow
set -euo pipefail
cd "$BALLAST_SOURCE_DIR"
command -v clang-tidy >/dev/null || { echo "SKIP: clang-tidy is not installed"; exit 77; }
[ -f "$BALLAST_BUILD_DIR/compile_commands.json" ] || { echo "there is no $BALLAST_BUILD_DIR/compile_commands.json"; exit 1; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
checks=-clang-analyzer-*
[ "${BALLAST_ANALYZE:-}" = 1 ] && checks=
source tests/lint/rooms.bash
find "${rooms[@]}" -name '*.c' -print0 |
    xargs -0 -n 3 -P "$(nproc)" clang-tidy --quiet --checks="$checks" -p "$BALLAST_BUILD_DIR" \
        >"$folder/output" 2>"$folder/errors" || true
# A header is found through the link to its room in the build folder: ROOM/ROOM/NAME.h.
sed -nE "s,^($PWD|$BALLAST_BUILD_DIR/rooms/[a-z]+)/([^:]*:[0-9]+:[0-9]+: (error|warning): .*)$,\2,p" "$folder/output" |
    sort -u >"$folder/found"
grep -v '^#' tests/lint/false_findings.txt | { [ -z "$checks" ] && cat || grep -v clang-analyzer- || true; } |
    sort -u >"$folder/false"
sed -E 's/^([^:]*):.* \[([^],]*).*$/\1 \2/' "$folder/found" | sort -u >"$folder/seen"

bad=0
while IFS= read -r line; do
    key=$(sed -E 's/^([^:]*):.* \[([^],]*).*$/\1 \2/' <<<"$line")
    grep -qxF "$key" "$folder/false" || { printf '%s\n' "$line"; bad=1; }
done <"$folder/found"
while IFS= read -r key; do
    printf 'tests/lint/false_findings.txt: clang-tidy no longer says this: %s\n' "$key"
    bad=1
done < <(comm -13 "$folder/seen" "$folder/false")
# clang-tidy that did not run at all would find nothing.
grep -q 'warnings\? \(generated\|treated\)\|Suppressed' "$folder/errors" "$folder/output" ||
    { echo "clang-tidy said nothing: did it run?"; cat "$folder/errors"; bad=1; }
exit "$bad"
