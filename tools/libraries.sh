#!/bin/sh
# Makes sure that a PDF can be written: Pango comes from the system, not from pip. Without it there is still HTML.
# usage: libraries.sh PYTHON
set -u
python=$1
here=$(dirname "$0")

# WeasyPrint warns when HarfBuzz-Subset is missing; then PDFs are larger and slower to write.
present() {
    "$python" -W error -c 'import weasyprint' >/dev/null 2>&1
}

present && exit 0
if command -v apt-get >/dev/null 2>&1; then
    sh "$here/apt.sh" libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core && present && exit 0
    echo "Pango is missing, so there will be HTML and no PDF." >&2
    exit 0
fi
cat >&2 <<TEXT
Pango is missing, so there will be HTML and no PDF. To install it:
  Fedora, RHEL  sudo dnf install -y pango harfbuzz dejavu-sans-fonts
  macOS         brew install pango
  Debian        sudo apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core
  Windows       install MSYS2, then in its shell: pacman -S mingw-w64-x86_64-pango
TEXT
