#!/bin/sh
# Makes sure that the tests of the HTML report have a browser; without one they are skipped and say so.
set -u

for name in chromium chromium-browser google-chrome google-chrome-stable; do
    command -v "$name" >/dev/null 2>&1 && exit 0
done
sh "$(dirname "$0")/apt.sh" chromium || echo "There is no Chromium: the tests that open the HTML report are skipped." >&2
exit 0
