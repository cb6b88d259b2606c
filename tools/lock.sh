#!/bin/sh
# Writes requirements.lock: one version of everything for Python 3.11 to 3.14 on Linux, macOS and Windows, with hashes.
# usage: lock.sh PYTHON [--upgrade]
set -eu
python=$1
shift
"$python" -m pip install --quiet 'uv>=0.13'
"$python" -m uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
    --no-emit-index-url --no-emit-find-links --no-header --no-annotate --quiet --output-file requirements.lock "$@"
