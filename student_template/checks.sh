#!/usr/bin/env bash
# Runs the checks that you can see: checks.sh [FOLDER...]
# Without a folder it takes the assignments that changed since the commit in BEFORE (or else in the newest commit); all of
# them when that cannot be told.
set -u
cd "$(dirname "$0")" || exit 2

changed() {
    git rev-parse --quiet --verify "${BEFORE:-HEAD~1}^{commit}" >/dev/null 2>&1 || return 1
    git diff --relative --name-only "${BEFORE:-HEAD~1}" -- | cut -d / -f 1 | sort -u
}

folders=("$@")
if [ $# -eq 0 ]; then
    names=$(changed) || names=$(ls)
    while IFS= read -r name; do
        if [ -f "$name/assignment.toml" ]; then folders+=("$name"); fi
    done <<<"$names"
fi
code=0
for folder in ${folders[@]+"${folders[@]}"}; do
    echo "== $folder"
    (cd "$folder" && python -m pytest) || code=1
done
if [ ${#folders[@]} -eq 0 ]; then echo "no assignment has changed"; fi
exit "$code"
