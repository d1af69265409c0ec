#!/usr/bin/env bash
# Every header compiles alone under the flags of the project; the policy contract also as plain C11, as authors of
# policies may compile it.
set -uo pipefail
cd "$BALLAST_SOURCE_DIR"
strict=(-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes -Werror -fsyntax-only)
bad=0
alone() { # HEADER flag...
    local header=$1
    shift
    printf '#include "%s"\n#include "%s"\ntypedef int not_empty;\n' "$header" "$header" |
        cc "$@" "${strict[@]}" -x c - || { printf '%s does not compile alone\n' "$header"; bad=1; }
}
faces=()
for face in "$BALLAST_BUILD_DIR"/rooms/*; do
    faces+=(-I "$face")
done
for header in {base,policy,traces,record,scenario,sim,live,operate,lambda,study,cli}/*.h; do
    alone "$header" -std=gnu17 -D_GNU_SOURCE "${faces[@]}" -I "$BALLAST_BUILD_DIR/generated" -I "${header%/*}"
done
alone policy/policy.h -std=c11 -I .
exit "$bad"
