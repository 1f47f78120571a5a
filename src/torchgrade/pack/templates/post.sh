#!/usr/bin/env bash
# Gives each student the page that is meant for them, as a comment on the commit that was graded: post.sh CLASS OUT
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=/dev/null
. "$here/platform.sh"
class=$1
out=$2
failed=0
while read -r name repository commit; do
    page=$out/feedback/$name.md
    if [ ! -f "$page" ]; then
        echo "$name: no page, so nothing was graded" >&2
        failed=1
    elif ! comment "$repository" "$commit" "$page" </dev/null >/dev/null; then
        echo "$name: $repository took no comment; may the token write there?" >&2
        failed=1
    fi
done <"$class.txt"
exit "$failed"
