#!/usr/bin/env bash
# The pages in a browser, as tests/e2e/browser.py looks at them: a run's with all its pictures and a hostile name, a sweep's,
# and that of two runs.
set -euo pipefail
browser=$(command -v chromium || true)
[ -n "$browser" ] || { echo "SKIP: chromium is not installed"; exit 77; }
command -v gnuplot >/dev/null || { echo "SKIP: gnuplot is not installed"; exit 77; }

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
examples=$BALLAST_SOURCE_DIR/examples
"$BALLAST" run "$examples/quickstart/scenario.json" --set to=2016-06-01 --bounds --quiet --db run.db \
    --set 'name="</title></svg><script>fetch(\"http://x.invalid\")</script><img src=x onerror=alert(1)>"'
"$BALLAST" run "$examples/faulty-week.json" --db week.db --quiet
"$BALLAST" run "$examples/faulty-week.json" --policy none --db none.db --quiet
"$BALLAST" sweep "$examples/faulty-week.json" --policy target-headroom+stabilise --vary policy.parameters.in_window_s=0,600,1200 \
    --vary backup_group.group.DefaultCooldown=0,300,900 --db sweep.db >/dev/null
"$BALLAST" report run.db -o run.html >/dev/null
"$BALLAST" report sweep.db -o sweep.html >/dev/null
"$BALLAST" report --compare week.db none.db -o compare.html >/dev/null
timeout 900 python3 "$BALLAST_SOURCE_DIR/tests/e2e/browser.py" "$browser" run.html sweep.html compare.html >wrong ||
    { printf 'FAILED: '; cat wrong; exit 1; }
# It sees what is wrong: words over words and beyond the edge, too pale, out of order, fetched.
sed -e 's,</main>,<p style="color:#777;background:#888;margin-top:-3em">over it <a href="#" tabindex="5">here</a></p><img src="none.png" alt=""></main>,' \
    -e '0,/<text>/s//<text y="900">/' run.html >broken.html
! timeout 900 python3 "$BALLAST_SOURCE_DIR/tests/e2e/browser.py" "$browser" broken.html >wrong || { echo "FAILED: it finds nothing wrong"; exit 1; }
for words in "lie over each other" "leaves its picture" "has a contrast of 1." "the tab key reaches" "fetched: file:"; do
    grep -qF "$words" wrong || { echo "FAILED: it does not find: $words; but $(cat wrong)"; exit 1; }
done
