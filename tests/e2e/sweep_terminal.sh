#!/usr/bin/env bash
# `ballast sweep` on a terminal shows in one line what is done, the rate, the time left and the least cost so far, that of points which were there
# before included, and cuts it where the terminal ends; elsewhere it shows nothing.
set -euo pipefail
. "$BALLAST_SOURCE_DIR/tests/e2e/begin.bash"
cd "$folder"
quick=$BALLAST_SOURCE_DIR/examples/quickstart/scenario.json

# One cheap point, and then points at many seeds, each of a market that takes some time to be generated.
pairs=$(seq -f '%g..32' -s , 2 400)
"$BALLAST" sweep "$quick" --db s.db --vary "seed,spot_fleet.TargetCapacity=1..1,2..32" --json 2>err >json
[ ! -s err ] || fail "progress where there is no terminal: $(cat err)"
cheap=$(python3 -c 'import json; print(format(min(p["cost"]["total_micro_usd"] for p in json.load(open("json"))["points"]) / 1e6, ",.2f"))')

python3 - "$BALLAST" "$quick" "seed,spot_fleet.TargetCapacity=1..1,$pairs" "$cheap" <<'PYTHON' || fail "see above"
import fcntl
import os
import pty
import re
import struct
import sys
import termios

program, scenario, vary, cheap = sys.argv[1:]


def lines(columns, database):
    """What stands on a terminal of so many columns, one after the other."""
    child, terminal = pty.fork()
    if child == 0:
        fcntl.ioctl(2, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        os.dup2(os.open("/dev/null", os.O_WRONLY), 1)
        os.execv(program, [program, "sweep", scenario, "--db", database, "--threads", "1", "--vary", vary])
    text = b""
    while True:
        try:
            more = os.read(terminal, 65536)
        except OSError:  # the other end is closed
            break
        if not more:
            break
        text += more
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
        sys.exit(text.decode())
    parts = text.decode().split("\r\x1b[K")
    if parts[0] or parts[-1] or "\n" in "".join(parts):
        sys.exit(f"more than one line that is taken away again: {parts}")
    return [part for part in parts if part]


wide = lines(200, "s.db")
reading = [line for line in wide if "points read" in line]
running = [line for line in wide if line not in reading]
for shape, found in ((r"ballast sweep: \d+ of 400 points read, \d+ a minute, about \d+ s left", reading),
                     (rf"ballast sweep: \d+ of 398 runs, \d+ a minute, about \d+ s left, best so far {re.escape(cheap)} USD", running)):
    if not found or not all(re.fullmatch(shape, line) for line in found):
        sys.exit(f"not as {shape}: {found}")
narrow = lines(40, "narrow.db")
if not narrow or max(map(len, narrow)) != 39:
    sys.exit(f"on 40 columns: {narrow}")
PYTHON
