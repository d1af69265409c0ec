#!/usr/bin/env bash
# Every built-in policy and modifier, by its name in `ballast policy list`: it describes itself, the docs have its section,
# it runs (a modifier around pending-capacity), and its figures stand where they must between no backup and all on demand.
# labels: robust
set -euo pipefail
. "$BALLAST_SOURCE_DIR/tests/e2e/begin.bash"
"$BALLAST" policy list --json >"$folder/list.json"
names=$(python3 - "$folder/list.json" <<'PY'
import json, sys
for policy in json.load(open(sys.argv[1])):
    names = [parameter["name"] for parameter in policy["parameters"]]
    assert policy["description"] and policy["source"] and len(names) == len(set(names)), policy["name"]
    assert all(parameter["help"] for parameter in policy["parameters"]), policy["name"]
    print(policy["name"])
PY
)
for name in $names; do
    "$BALLAST" policy show "$name" >"$folder/shown"
    grep -qF 'source: ' "$folder/shown" || fail "$name names no source"
    grep -qxh "## $name" "$BALLAST_SOURCE_DIR/docs/policies.md" "$BALLAST_SOURCE_DIR/docs/modifiers.md" ||
        fail "neither docs/policies.md nor docs/modifiers.md has a section on $name"
    for scenario in quickstart/scenario.json faulty-week.json; do
        shorter=()
        [ "$scenario" = faulty-week.json ] || shorter=(--set to=2016-05-10T00:00:00Z)
        "$BALLAST" run "$BALLAST_SOURCE_DIR/examples/$scenario" --policy "$name" "${shorter[@]}" --json >>"$folder/runs"
    done
done
python3 - "$folder/runs" <<'PY'
import json, sys
for scenario in (0, 1):
    runs = [json.loads(line) for line in open(sys.argv[1])][scenario::2]
    cost = {run["run"]["policy"]: run["cost"]["total_micro_usd"] for run in runs}
    missing = {run["run"]["policy"]: int(run["capacity"]["unfulfilled_unit_s"]) for run in runs}
    for name in cost:
        assert cost["none"] <= cost[name] <= cost["always-on-demand"], (scenario, name, cost)
        assert missing["always-on-demand"] <= missing[name] <= missing["none"], (scenario, name, missing)
    # Nobody pays for nothing: whoever spends more than none on that week of outages has less missing.
    for name in cost:
        assert cost[name] == cost["none"] or missing[name] < missing["none"] or scenario == 0, (name, cost, missing)
    assert cost["static-base"] > cost["none"] and missing["static-base"] < missing["none"], (cost, missing)
    print(*(f"{name}: {cost[name] / 1e6:.2f} USD, {missing[name] / 3600:.2f} unit-h" for name in cost), sep="\n")
PY
