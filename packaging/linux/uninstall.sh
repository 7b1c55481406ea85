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

# Folders stay where they hold anything else; lists that were made of what lay there are nothing.
remove_empty() { rmdir "$@" 2>/dev/null || true; }
lists="XMLnamespaces aliases generic-icons globs globs2 icons magic mime.cache subclasses"
if rmdir "$data/mime/packages" 2>/dev/null; then
    for list in $lists treemagic types version; do rm -f "$data/mime/$list"; done
fi
if [ "$(ls -A "$data/applications" 2>/dev/null)" = mimeinfo.cache ]; then
    rm -f "$data/applications/mimeinfo.cache"
fi
for folder in "$data"/icons/hicolor/*/apps; do
    remove_empty "$folder"
    remove_empty "${folder%/apps}"
done
if [ "$(ls -A "$data/icons/hicolor" 2>/dev/null)" = icon-theme.cache ]; then
    rm -f "$data/icons/hicolor/icon-theme.cache"
fi
for folder in icons/hicolor icons mime/application mime metainfo applications; do
    remove_empty "$data/$folder"
done
for folder in "$data" "$prefix/lib" "$prefix/bin" "$prefix"; do remove_empty "$folder"; done

echo "bpgui is removed; preferences and presets are where they were."
