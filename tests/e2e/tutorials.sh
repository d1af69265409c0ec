#!/usr/bin/env bash
# The tutorials, as a reader would go through them: every command ends well, and prints what the page says.
set -euo pipefail
command -v python3 >/dev/null || { echo "SKIP: python3 is not installed"; exit 77; }
exec python3 "$BALLAST_SOURCE_DIR/tests/e2e/tutorials.py" "$BALLAST" "$BALLAST_SOURCE_DIR"
