#!/usr/bin/env bash
# usage: python.bash BUILD_FOLDER
#
# Prints the python to run what is for SimPy 4 with. Where SimPy is not installed it is fetched into a virtual environment
# in BUILD_FOLDER, once; where it cannot be, the exit code is 77.
set -euo pipefail
environment=$1/simpy

has_simpy() { # PYTHON
    "$1" -c 'import simpy, sys; sys.exit(not simpy.__version__.startswith("4."))' 2>/dev/null
}

for python in python3 "$environment/bin/python"; do
    ! has_simpy "$python" || { echo "$python"; exit 0; }
done
rm -rf "$environment"
{ python3 -m venv "$environment" &&
    timeout 120 "$environment/bin/pip" install -q --disable-pip-version-check 'simpy==4.1.2' &&
    has_simpy "$environment/bin/python"; } >/dev/null 2>&1 || {
    rm -rf "$environment"
    exit 77
}
echo "$environment/bin/python"
