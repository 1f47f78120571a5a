#!/usr/bin/env bash
# Gradescope runs this once, when it builds the image.
set -euo pipefail
root=${AUTOGRADER_ROOT:-/autograder}
source=$root/source

export DEBIAN_FRONTEND=noninteractive
if ! python3 -I -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then
    apt-get update
    apt-get install -y --no-install-recommends python3 python3-venv
fi
python3 -I -c 'import sys; sys.exit("Python 3.10 or later is needed: choose Ubuntu 22.04 or later" if sys.version_info < (3, 10) else 0)'
bash "$source/grader/install.sh" "$root/venv"

# For the log of the build: how strongly the student's code will be held. The machine that grades is asked again.
"$root/venv/bin/python" -m torchgrade doctor || true
