#!/bin/sh
# Installs Debian packages without asking anything, when it may; otherwise says the one line to type, and fails.
# usage: apt.sh PACKAGE...
set -u

if ! command -v apt-get >/dev/null 2>&1; then
    exit 1
fi
if [ "$(id -u)" -eq 0 ]; then
    as_root=
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    as_root="sudo -n"
else
    echo "To install it: sudo apt-get install -y --no-install-recommends $*" >&2
    exit 1
fi

apt() {
    $as_root env DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 \
        apt-get -q -y -o DPkg::Lock::Timeout=120 "$@" </dev/null >"$log" 2>&1
}

log=$(mktemp)
trap 'rm -f "$log"' EXIT
echo "Installing $* ..." >&2
# The lists may be missing or old; fetching them first every time would cost seconds for nothing.
apt install --no-install-recommends "$@" || { apt update && apt install --no-install-recommends "$@"; } || {
    tail -n 3 "$log" >&2
    exit 1
}
