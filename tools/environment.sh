#!/bin/sh
# Makes the virtual environment and installs exactly what requirements.lock says, hashes checked.
# usage: environment.sh FOLDER [PYTHON]
set -eu
venv=$1
here=$(dirname "$0")

new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    for candidate in "$@" python3 python3.14 python3.13 python3.12 python3.11; do
        if new_enough "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    echo "Python 3.11 or newer is needed and was not found. Install it, or say where it is: make PYTHON=/path/to/python3" >&2
    exit 1
}

usable() {
    "$venv/bin/python" -m pip --version >/dev/null 2>&1
}

if ! usable; then
    python=$(find_python ${2:+"$2"})
    # Debian keeps venv and pip in a package of their own.
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        sh "$here/apt.sh" "python$version-venv" || {
            echo "Python's venv module is missing: install it and run this again." >&2
            exit 1
        }
    fi
    "$python" -m venv --clear "$venv"
fi

echo "Installing the pinned libraries into $venv ..." >&2
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1
"$venv/bin/python" -m pip install --quiet --require-hashes --requirement requirements.lock
"$venv/bin/python" -m pip install --quiet --no-deps --no-build-isolation --editable .
