"""The tree is tidy, by every check of tidy.py."""

import os
import sys

import tidy

found = list(tidy.findings(os.environ["BALLAST_SOURCE_DIR"]))
for line in found:
    print(line)
sys.exit(1 if found else 0)
