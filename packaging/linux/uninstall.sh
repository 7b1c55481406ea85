#!/bin/sh
# Takes away what install.sh put into the home folder. Preferences and presets stay.
set -eu

prefix=${PREFIX:-$HOME/.local}
data=${XDG_DATA_HOME:-$HOME/.local/share}

rm -f "$prefix/bin/bpgui" "$prefix/bin/bpgui-window"
rm -f "$data/applications/bpgui.desktop" "$data/mime/packages/bpgui.xml"
rm -f "$data/metainfo/io.github.bpgui.bpgui.metainfo.xml"
rm -f "$data"/icons/hicolor/*/apps/bpgui.png "$data"/icons/hicolor/*/apps/bpgui.svg
rm -rf "$prefix/lib/bpgui"

refresh() { if command -v "$1" >/dev/null 2>&1; then "$@" >/dev/null 2>&1 || true; fi; }
refresh update-mime-database "$data/mime"
refresh update-desktop-database "$data/applications"
refresh gtk-update-icon-cache -q -t "$data/icons/hicolor"

echo "bpgui is removed; preferences and presets are where they were."
