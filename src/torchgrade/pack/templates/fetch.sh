#!/usr/bin/env bash
# Fetches what students have handed in: fetch.sh STUDENTS CLASS
# STUDENTS holds a line for each: a name of your own for the student, and the repository. CLASS becomes a folder with a
# folder for each of them. Of a repository only Python files and notebooks in @SLUG@/ are taken, and nothing is run.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=/dev/null
. "$here/platform.sh"
students=$1
class=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$class"
: >"$class.txt"

left_out() {
    echo "left out: $1: $2" >&2
}

take() {
    local name=$1 repository=$2 commit
    # "&&", because the shell does not stop at errors in a function that is asked for its success
    commit=$(newest_commit "$repository" </dev/null) && [[ $commit =~ ^[0-9a-f]{40,64}$ ]] &&
        download "$repository" "$commit" "$work/$name.tar.gz" </dev/null &&
        mkdir -p "$work/$name" "$class/$name" &&
        tar -xzf "$work/$name.tar.gz" -C "$work/$name" --strip-components=1 --no-same-owner || return 1
    if [ -d "$work/$name/@SLUG@" ]; then
        find "$work/$name/@SLUG@" -maxdepth 1 -type f \( -name '*.py' -o -name '*.ipynb' \) \
            -exec cp {} "$class/$name/" \; || return 1
    fi
    rm -rf "${work:?}/$name" "$work/$name.tar.gz"
    echo "$name $repository $commit" >>"$class.txt"
}

while read -r name repository rest; do
    case $name in '' | '#'*) continue ;; esac
    if [[ ! $name =~ ^[a-z0-9][a-z0-9_-]*$ ]] || [[ -n $rest ]]; then
        left_out "$name" "a line is a name in small letters, digits, - and _, then the repository"
    elif [[ ! $repository =~ ^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)+$ ]]; then
        left_out "$name" "$repository is no repository; write owner/name"
    elif ! take "$name" "$repository"; then
        rm -rf "${class:?}/$name"
        left_out "$name" "$repository could not be fetched; this is not a grade"
    fi
done <"$students"
echo "fetched: $(wc -l <"$class.txt")"
[ -s "$class.txt" ]
