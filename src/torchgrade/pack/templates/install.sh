#!/usr/bin/env bash
# Installs this grader into a virtual environment of its own: install.sh FOLDER
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
venv=$1
umask 022 # the student's process has a user of its own, which must be able to read Python
if [ -f "$here/pip.conf" ]; then
    export PIP_CONFIG_FILE=$here/pip.conf
fi
"${PYTHON:-python3}" -I -m venv "$venv"
"$venv/bin/python" -I -m pip install --no-cache-dir --disable-pip-version-check \
    --constraint "$here/constraints.txt" "$here"/torchgrade-*.whl
