#!/usr/bin/env bash
# --version names the version and the commit it was built from; without git, or outside a repository, "unknown".
set -euo pipefail
. "$BALLAST_SOURCE_DIR/tests/e2e/begin.bash"
said=$("$BALLAST" --version)
[[ $said =~ ^ballast\ [0-9]+\.[0-9]+\.[0-9]+\ \(commit\ ([0-9a-f]{12}(\+changes)?|unknown)\)$ ]] ||
    fail "--version says: $said"

name_commit() { # SOURCE GIT
    cmake -DSOURCE="$1" -DGIT="$2" -DVERSION=1.2.3 -DOUT="$folder/out.h" \
        -P "$BALLAST_SOURCE_DIR/cmake/write_commit.cmake"
    sed -n 's/^#define BALLAST_COMMIT "\(.*\)"$/\1/p' "$folder/out.h"
}

[ "$(name_commit "$BALLAST_SOURCE_DIR" GIT-NOTFOUND)" = unknown ] || fail "without git the commit is not unknown"

git=$(command -v git)
repository=$folder/repository
git init -q "$repository"
mkdir "$repository/unpacked"
printf 'one\n' >"$repository/unpacked/file"
git -C "$repository" add .
git -C "$repository" -c user.name=a -c user.email=a@example.org commit -q -m one
commit=$(git -C "$repository" rev-parse --short=12 HEAD)
[ "$(name_commit "$repository" "$git")" = "$commit" ] || fail "the commit is not named"
printf 'two\n' >"$repository/unpacked/file"
[ "$(name_commit "$repository" "$git")" = "$commit+changes" ] || fail "changes are not named"
# An archive unpacked inside somebody else's repository is not of that repository's commit.
[ "$(name_commit "$repository/unpacked" "$git")" = unknown ] || fail "another repository's commit is named"
