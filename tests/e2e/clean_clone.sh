#!/usr/bin/env bash
# A clean clone, with nothing beside it, builds and runs the demo by the one command, and its program names its commit.
# labels: slow
set -euo pipefail
. "$BALLAST_SOURCE_DIR/tests/e2e/begin.bash"
cd "$BALLAST_SOURCE_DIR"
[ -e .git ] && command -v git >/dev/null || { echo "SKIP: this is not a git checkout"; exit 77; }
# Where nothing lies about but what git knows and build folders, this is such a clone, and was built as one.
if [ -n "$(git status --porcelain --ignored | grep -v '^!! build[a-z-]*/$')" ]; then
    git clone -q "$PWD" "$folder/ballast"
    cd "$folder/ballast"
fi
./dev demo >"$folder/out.txt" 2>&1 || fail "./dev demo: $(tail -n 40 "$folder/out.txt")"
grep -qi synthetic "$folder/out.txt" || fail "the demo did not run"
[ "$(build/ballast --version)" = "ballast $(sed -n 's/^project(ballast VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt) (commit $(git rev-parse --short=12 HEAD))" ] ||
    fail "--version says: $(build/ballast --version)"
[ -z "$(git status --porcelain)" ] || fail "the demo left files that git does not ignore: $(git status --porcelain)"
