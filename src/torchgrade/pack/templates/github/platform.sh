# How GitHub is asked; read by fetch.sh and post.sh. `gh` takes its token from GH_TOKEN.
# shellcheck shell=bash

newest_commit() { # REPOSITORY
    gh api "repos/$1/commits/HEAD" --jq .sha
}

download() { # REPOSITORY COMMIT FILE
    gh api "repos/$1/tarball/$2" >"$3"
}

comment() { # REPOSITORY COMMIT PAGE
    gh api --method POST "repos/$1/commits/$2/comments" --field "body=@$3"
}
