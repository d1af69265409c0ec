#!/usr/bin/env bash
# ./dev installs what is missing and only that, says so, and says plainly when it cannot. The package tools are stood in
# for by scripts that write down what they are asked.
set -euo pipefail
. "$BALLAST_SOURCE_DIR/tests/e2e/begin.bash"
. /etc/os-release
[ "${ID:-}" = debian ] && [ "${VERSION_ID:-}" = 12 ] || { echo "SKIP: this is not Debian 12"; exit 77; }

mkdir "$folder/bin" "$folder/tree"
cp "$BALLAST_SOURCE_DIR/dev" "$folder/tree/dev"
# A machine with a shell and these few, and neither compiler nor git nor cmake.
for tool in bash env dirname sed cat; do
    ln -s "$(command -v "$tool")" "$folder/bin/$tool"
done
stub() { # NAME, its text on stdin
    { printf '#!%s\n' "$(command -v bash)" && cat; } >"$folder/bin/$1"
    chmod +x "$folder/bin/$1"
}
stub apt-get <<<'printf "apt-get %s\n" "$*" >>'"$folder/asked.txt"
stub dpkg-query <<'TEXT'
[ "${INSTALLED:-}" = all ] && { printf installed; exit 0; }
case " ${INSTALLED:-} " in *" ${!#} "*) printf installed ;; *) exit 1 ;; esac
TEXT
stub id <<<'printf "%s\n" "${ID_SAYS:-0}"'
for tool in gcc cmake ninja; do
    stub "there-$tool" <<<'exit 0'
done
run_dev() { # [VARIABLE=VALUE]... argument...
    : >"$folder/asked.txt"
    env -i PATH="$folder/bin" "$@" >"$folder/out.txt" 2>&1
}
dev=$folder/tree/dev

run_dev bash "$dev" install-deps build || fail "install-deps ended with $?: $(cat "$folder/out.txt")"
for package in gcc libc6-dev cmake ninja-build libcbor-dev libcjson-dev libcurl4-openssl-dev libmicrohttpd-dev libsqlite3-dev \
    libssl-dev libxml2-dev libzstd-dev zlib1g-dev; do
    grep -q "^apt-get install.* --no-install-recommends.* $package\b" "$folder/asked.txt" || fail "$package was not asked for"
    grep -q "installing with apt:.* $package\b" "$folder/out.txt" || fail "$package is installed without a word"
done
grep -q '^apt-get update' "$folder/asked.txt" || fail "the package lists were not brought up to date"

run_dev INSTALLED="libc6-dev libcbor-dev libcjson-dev libcurl4-openssl-dev libmicrohttpd-dev libsqlite3-dev libxml2-dev libzstd-dev zlib1g-dev" bash "$dev" install-deps build
grep -qx 'apt-get install -q -y --no-install-recommends gcc cmake ninja-build libssl-dev' "$folder/asked.txt" ||
    fail "more or less than what is missing was asked for: $(cat "$folder/asked.txt")"

if run_dev ID_SAYS=1000 bash "$dev" install-deps build; then
    fail "without root or sudo, installing succeeded"
fi
[ ! -s "$folder/asked.txt" ] || fail "apt-get was called without root"
grep -q 'root or sudo: gcc libc6-dev' "$folder/out.txt" || fail "no clear word without root: $(cat "$folder/out.txt")"

for tool in gcc cmake ninja; do
    mv "$folder/bin/there-$tool" "$folder/bin/$tool"
done
run_dev INSTALLED=all ID_SAYS=1000 bash "$dev" install-deps build || fail "nothing is missing, and yet: $(cat "$folder/out.txt")"
[ ! -s "$folder/asked.txt" ] || fail "apt-get was called with everything installed"

if run_dev bash "$dev" no-such-command; then
    fail "an unknown command succeeded"
fi
run_dev bash "$dev" help || fail "help failed"
