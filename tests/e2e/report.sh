#!/usr/bin/env bash
# `ballast report`: a recorded run as one page that needs nothing else, whatever its names are.
set -euo pipefail
fail() {
    printf 'FAILED: %s\n' "$*"
    exit 1
}
command -v gnuplot >/dev/null || { echo "SKIP: gnuplot is not installed"; exit 77; }

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
name='</title></svg><script>fetch("http://x.invalid")</script> "q" '"'s' \$(touch broken) \`touch broken\`"
"$BALLAST" run "$BALLAST_SOURCE_DIR/examples/quickstart/scenario.json" --set "name=$(python3 -c 'import json,sys; print(json.dumps(sys.argv[1]))' "$name")" \
    --set to=2016-06-01 --db results.db --quiet
"$BALLAST" report results.db >out || fail "it ended with $?"
[ "$(cat out)" = report.html ] || fail "it says: $(cat out)"
python3 "$BALLAST_SOURCE_DIR/tests/e2e/page.py" report.html 3 3 || fail "the page is not what it should be"
grep -qF '&lt;/title&gt;&lt;/svg&gt;&lt;script&gt;' report.html && grep -qF 'touch broken' report.html || fail "its name is not there"
[ ! -e broken ] || fail "a name was run"
"$BALLAST" report results.db 1 --output - >again.html
cmp report.html again.html || fail "the same run has another page"

"$BALLAST" run "$BALLAST_SOURCE_DIR/examples/faulty-week.json" --db results.db --quiet
"$BALLAST" report results.db 2 -o week.html >/dev/null && [ -s week.html ] || fail "another run has no page"
refused() { # CODE WORDS arguments...
    local code=0 wanted=$1 words=$2
    shift 2
    "$BALLAST" report "$@" >out 2>error || code=$?
    [ $code -eq "$wanted" ] && [ "$(wc -l <error)" -eq 1 ] && grep -qF -- "$words" error || fail "$*: code $code: $(cat error)"
}
refused 2 'no run "7"' results.db 7
refused 2 "holds 2 runs: say which" results.db
refused 2 "unknown option -x" results.db -x
refused 2 "needs a value" results.db -o
refused 2 "none.db" none.db
refused 3 "cannot be written" results.db 1 --output none/report.html
mkdir empty
code=0
env PATH="$folder/empty" "$BALLAST" report results.db 1 >out 2>error || code=$?
[ $code -eq 3 ] && [ "$(wc -l <error)" -eq 1 ] && grep -q 'gnuplot is not installed' error || fail "without gnuplot: code $code: $(cat error)"

# In a browser: nothing is fetched, nothing goes wrong.
browser=$(command -v chromium || true)
if [ -n "$browser" ]; then
    timeout 60 "$browser" --headless --no-sandbox --disable-gpu --enable-logging=stderr --dump-dom "file://$folder/report.html" >dom.html 2>log || true
    [ -s dom.html ] && ! grep -qE 'CONSOLE|x\.invalid' log || fail "the browser says: $(grep -E 'CONSOLE|invalid' log | head -3)"
fi
