#!/usr/bin/env bash
# What is installed beside the program: a manual page for each command, made from its own help; completion; and all of it
# as a Debian package.
set -euo pipefail
fail() {
    printf 'FAILED: %s\n' "$*"
    exit 1
}

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cmake --install "$BALLAST_BUILD_DIR" --prefix "$folder/usr" >"$folder/out.txt" 2>&1 || fail "$(cat "$folder/out.txt")"
man=$folder/usr/share/man/man1

# Every command has a page that names each of its options; no page has a fault that groff sees.
pages=0
check() { # command words
    local name page option
    name=$(IFS=-; echo "ballast${*:+-$*}")
    page=$man/$name.1
    [ -s "$page" ] || fail "there is no page $name.1"
    pages=$((pages + 1))
    if command -v groff >/dev/null; then
        faults=$(groff -man -Tascii -P-cbou -ww "$page" 2>&1 >"$folder/page.txt")
        [ -z "$faults" ] || fail "$name.1: $faults"
        grep -q "EXIT STATUS" "$folder/page.txt" || fail "$name.1 is cut off"
    fi
    if list=$("$BALLAST" "$@" --help=commands 2>/dev/null); then
        for option in $list; do
            check "$@" "$option"
        done
        return
    fi
    source=$(<"$page") help=$("$BALLAST" "$@" --help)
    while read -r option _; do
        [[ $source == *"${option//-/\\-}"* ]] || fail "$name.1 does not name $option"
        [[ $help == *"$option"* ]] || fail "ballast $* --help does not name $option"
    done < <("$BALLAST" "$@" --help=options)
}
check
[ "$pages" -eq "$(find "$man" -name '*.1' | wc -l)" ] || fail "there are pages of no command"
[ "$pages" -gt 20 ] || fail "only $pages commands were found"

# Completion: commands, those of a family, options, files where a file is wanted.
complete_line() { # word... (the last one is being typed)
    bash -c 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _ballast; printf "%s\n" "${COMPREPLY[@]}"' _ \
        "$folder/usr/share/bash-completion/completions/ballast" "$BALLAST" "$@"
}
cd "$folder"
touch prices.db
[ "$(complete_line swe)" = sweep ] || fail "ballast swe: $(complete_line swe)"
[ "$(complete_line trace imp)" = import ] || fail "ballast trace imp: $(complete_line trace imp)"
complete_line run --pol | grep -qx -- --policy || fail "ballast run --pol: $(complete_line run --pol)"
[ "$(complete_line run --db pri)" = prices.db ] || fail "a file is not completed: $(complete_line run --db pri)"
complete_line run --policy hyst | grep -qx hysteresis || fail "a policy is not completed: $(complete_line run --policy hyst)"
[ -z "$(complete_line run --threads 1)" ] || fail "a number was completed"

# The package holds the same files and says which libraries it needs.
for tool in cpack dpkg-deb dpkg-shlibdeps; do
    command -v "$tool" >/dev/null || { echo "SKIP: $tool is not installed"; exit 77; }
done
(cd "$BALLAST_BUILD_DIR" && cpack -G DEB -B "$folder/deb") >"$folder/out.txt" 2>&1 || fail "$(cat "$folder/out.txt")"
deb=$(echo "$folder"/deb/*.deb)
[ "$(dpkg-deb -f "$deb" Package)" = ballast ] || fail "the package is called $(dpkg-deb -f "$deb" Package)"
dpkg-deb -f "$deb" Depends | grep -q 'libsqlite3-0.*' || fail "it depends on $(dpkg-deb -f "$deb" Depends)"
dpkg-deb -x "$deb" "$folder/unpacked"
"$folder/unpacked/usr/bin/ballast" --version >/dev/null || fail "what is packed does not run"
(cd "$folder/usr" && find . -type f | sort) >"$folder/installed.txt"
(cd "$folder/unpacked/usr" && find . -type f | sort) >"$folder/packed.txt"
cmp "$folder/installed.txt" "$folder/packed.txt" || fail "the package holds other files than are installed"
