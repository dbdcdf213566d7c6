#!/bin/sh
# Pins every dependency of each extra, with hashes and with no index's address in the file.
cd "$(dirname "$0")/.." || exit 1
pin() {
    out=$1
    shift
    uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-annotate \
        --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" --quiet "$@" -o "locks/$out.txt"
}
pin desktop --extra desktop && pin cloud --extra cloud && pin dev --all-extras
uv pip compile locks/linters.in --universal --python-version 3.11 --generate-hashes --no-annotate \
    --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" --quiet -o locks/linters.txt
