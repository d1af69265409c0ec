#!/usr/bin/env bash
# What is installed beside the program: a manual page for each command, made from its own help; completion; and all of it
# as a Debian package.
set -euo pipefail
. "$BALLAST_SOURCE_DIR/tests/e2e/begin.bash"
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
[ "$(complete_line trace import x --into pri)" = prices.db ] || fail "a database is not completed: $(complete_line trace import x --into pri)"
[ "$(complete_line live daemon --clock t)" = twin ] || fail "a choice is not completed: $(complete_line live daemon --clock t)"
[ -z "$(complete_line live once --group pend)" ] || fail "a group is completed with policies"
[ "$(complete_line report prices.db -o pri)" = prices.db ] || fail "a short option's file is not completed"

# The same for the other shells, as far as they are here: fish tells what it would offer; of zsh, what its completers get.
ln -s "$BALLAST" ballast
offers() { # SHELL TEXT... WANTED: the last of the lines that are offered for TEXT
    local shell=$1 text=$2 wanted=$3 said
    said=$($shell "$text") || fail "$shell: $text: $said"
    grep -qxF -- "$wanted" <<<"$said" || fail "$shell: $text: $said"
}
by_fish() {
    PATH=$PWD:$PATH fish --no-config -c 'source usr/share/fish/vendor_completions.d/ballast.fish; complete -C $argv[1]' "$1" | cut -f 1
}
by_zsh() {
    PATH=$PWD:$PATH zsh -f -c '
        _describe() { [[ $1 == -o ]] && shift; local entry; for entry in ${(P)2}; do print -r -- ${entry%%:*}; done }
        _files() { [[ $1 == -/ ]] && print -l *(N/) || print -l *(N) }
        compadd() { shift; print -l -- $@ }
        words=(${=1}) && [[ $1 == *" " ]] && words+=("")
        CURRENT=$#words
        source usr/share/zsh/vendor-completions/_ballast' _ "$1"
}
for shell in fish zsh; do
    command -v $shell >/dev/null || { echo "not here, so not tried: $shell"; continue; }
    offers by_$shell 'ballast swe' sweep
    offers by_$shell 'ballast trace imp' import
    offers by_$shell 'ballast run --pol' --policy
    offers by_$shell 'ballast report -' -o
    offers by_$shell 'ballast run --db pri' prices.db
    offers by_$shell 'ballast run --policy hyst' hysteresis
    offers by_$shell 'ballast live daemon --clock t' twin
    [ -z "$(by_$shell 'ballast run --threads 1')" ] || fail "$shell: a number was completed"
done
rm ballast

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
