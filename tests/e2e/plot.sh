#!/usr/bin/env bash
# `ballast plot`: one picture of a recorded run as a file or as characters, whatever its names are.
set -euo pipefail
. "$BALLAST_SOURCE_DIR/tests/e2e/begin.bash"
command -v gnuplot >/dev/null || { echo "SKIP: gnuplot is not installed"; exit 77; }
cd "$folder"
name='"; system "touch broken"; `touch broken` $(touch broken) </text><script>'
"$BALLAST" run "$BALLAST_SOURCE_DIR/examples/faulty-week.json" --set "name=$(python3 -c 'import json,sys; print(json.dumps(sys.argv[1]))' "$name")" \
    --db results.db --quiet
"$BALLAST" plot --help | grep -q 'ballast plot list' || fail "the help does not say where the pictures are listed"
pictures=$("$BALLAST" plot list | cut -d ' ' -f 1)
[ "$(wc -w <<<"$pictures")" -ge 3 ] || fail "there are $pictures"
declare -A begins=([svg]='<?xml' [png]=$'\x89PNG' [pdf]='%PDF')
for picture in $pictures; do
    formats=svg
    [ "$picture" != capacity ] || formats="svg png pdf"
    for format in $formats; do
        [ "$("$BALLAST" plot results.db "$picture" -o "$picture.$format")" = "$picture.$format" ] || fail "$picture.$format"
        head -c 5 "$picture.$format" | LC_ALL=C grep -qaF -- "${begins[$format]}" || fail "$picture.$format is none"
    done
    # A well-formed picture, with a title and a key, that fetches nothing and holds no script.
    python3 - "$picture.svg" <<'PY' || fail "$picture.svg"
import sys, xml.etree.ElementTree as tree
root = tree.parse(sys.argv[1]).getroot()
tags = {element.tag.split("}")[1] for element in root.iter()}
assert "script" not in tags and "image" not in tags, tags
for element in root.iter():
    for key, value in element.attrib.items():
        assert not key.lower().startswith("on") and not (key.endswith("href") and not value.startswith("#")), (key, value)
words = "".join(root.itertext())
assert "system ?touch broken?" in words and "2015-06-01 to 2015-06-08 UTC" in words, words
PY
    "$BALLAST" plot results.db "$picture" >"$picture.txt"
    LC_ALL=C grep -q $'[\033\f]' "$picture.txt" && fail "$picture has control characters where it is no terminal"
    [ "$(wc -L <"$picture.txt")" -le 130 ] && [ "$(wc -l <"$picture.txt")" -ge 10 ] || fail "$(cat "$picture.txt")"
done
[ ! -e broken ] || fail "a name was run"

# Bytes: the same run, the same picture; the format may be said instead of a file's ending.
"$BALLAST" plot results.db 1 capacity --format svg -o - | cmp - capacity.svg || fail "another picture of the same run"
"$BALLAST" plot results.db capacity --size 500x300 -o small.png >/dev/null
python3 -c 'import struct; assert struct.unpack(">II", open("small.png", "rb").read()[16:24]) == (500, 300)' || fail "not of the size asked for"

# Seven times eight of eight instances went: as many marks below, and some of it missing.
[ "$(grep '^ *0 |' capacity.txt | tr -cd '!' | wc -c)" -eq 7 ] || fail "$(cat capacity.txt)"
grep -q '^ *|[.o]*#' capacity.txt || fail "nothing is missing: $(cat capacity.txt)"
grep -q '|--*[*]' prices.txt && [ "$(tr -cd '!' <prices.txt | wc -c)" -eq 8 ] || fail "no price meets the cap, or an interruption is lost: $(cat prices.txt)"
grep '^ *0 |' decisions.txt | grep -q '\^' || fail "no scale-out: $(cat decisions.txt)"

# On a terminal: in its width, and in colours.
script -qec "stty cols 60; '$BALLAST' plot results.db capacity" /dev/null >terminal.txt </dev/null
grep -q $'\033\[38;5;196m#' terminal.txt || fail "no colours: $(cat -v terminal.txt)"
python3 - <<'PY' || fail "wider than the terminal"
import re
lines = open("terminal.txt").read().replace("\r", "").split("\n")
assert max(len(re.sub(r"\x1b\[[0-9;]*m", "", line)) for line in lines[2:]) <= 60
PY

NO_COLOR=1 script -qec "stty cols 40; '$BALLAST' plot results.db prices" /dev/null >terminal.txt </dev/null
grep -q $'\033' terminal.txt && fail "colours in spite of NO_COLOR"
grep -q 'us-east-1a c3.xlarge' terminal.txt || fail "no name where it is narrow: $(cat terminal.txt)"

refused() { # CODE WORDS arguments...
    local code=0 wanted=$1 words=$2
    shift 2
    "$BALLAST" plot "$@" >out 2>error || code=$?
    [ $code -eq "$wanted" ] && [ "$(wc -l <error)" -eq 1 ] && grep -qF -- "$words" error || fail "$*: code $code: $(cat error)"
}
refused 2 'there is no picture "weather": there are' results.db weather
refused 2 'which picture?' results.db
# The bound is drawn where it is known, and only there.
grep -q 'the least' cost.txt && fail "a bound is drawn that nobody asked for"
"$BALLAST" run "$BALLAST_SOURCE_DIR/examples/faulty-week.json" --bounds --db bounds.db --quiet
"$BALLAST" plot bounds.db cost >bounded.txt
grep -q -- '- the least for what was served (bound)' bounded.txt || fail "no key tells of the bound"
head -n -3 bounded.txt | grep -q -- '|.*-' || fail "the bound is not drawn"

refused 2 'no run "7"' results.db 7 cost
refused 2 'end its name in .svg, .png or .pdf' results.db cost -o cost.jpeg
refused 2 'write svg, png or pdf' results.db cost --format jpeg -o cost.png
refused 2 'write WIDTHxHEIGHT' results.db cost --size 10x10 -o cost.png
refused 2 'write WIDTHxHEIGHT' results.db cost --size 100 -o cost.png
refused 2 'there is no folder none' results.db cost -o none/cost.png
mkdir empty
code=0
env PATH="$folder/empty" "$BALLAST" plot results.db cost >out 2>error || code=$?
[ $code -eq 3 ] && [ "$(wc -l <error)" -eq 1 ] && grep -q 'gnuplot is not installed' error || fail "without gnuplot: code $code: $(cat error)"
