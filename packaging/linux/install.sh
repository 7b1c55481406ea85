#!/bin/sh
# Installs bpgui into the home folder of whoever runs it, without root's rights:
#
#     ./install.sh               undone by ./uninstall.sh, or by ~/.local/lib/bpgui/uninstall.sh
#
# XDG_DATA_HOME says where menus look, PREFIX (~/.local) where the program goes.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
prefix=${PREFIX:-$HOME/.local}
data=${XDG_DATA_HOME:-$HOME/.local/share}
program=$prefix/lib/bpgui

mkdir -p "$prefix/lib" "$prefix/bin" "$data"
rm -rf "$program"
cp -R "$here/bpgui" "$program"
cp "$here/uninstall.sh" "$program/uninstall.sh"
ln -sf "$program/bpgui" "$prefix/bin/bpgui"
ln -sf "$program/bpgui-window" "$prefix/bin/bpgui-window"

(cd "$here/share" && find . -type f) | while IFS= read -r file; do
    mkdir -p "$data/$(dirname "$file")"
    cp "$here/share/$file" "$data/$file"
done
# Menus do not read the path that a shell has, and Exec= wants a quoted path's \, ", $ and ` escaped.
escaped=$(printf '%s' "$program/bpgui-window" | sed -e 's/[\\"$`]/\\\\&/g' -e 's/%/%%/g')
replacement=$(printf '%s' "\"$escaped\"" | sed -e 's/[\\&|]/\\&/g')
sed -e "s|^Exec=bpgui-window|Exec=$replacement|" -e '/^TryExec=/d' \
    "$here/share/applications/bpgui.desktop" >"$data/applications/bpgui.desktop"

refresh() { if command -v "$1" >/dev/null 2>&1; then "$@" >/dev/null 2>&1 || true; fi; }
refresh update-mime-database "$data/mime"
refresh update-desktop-database "$data/applications"
refresh gtk-update-icon-cache -q -t "$data/icons/hicolor"

echo "bpgui is installed in $program"
case ":$PATH:" in
*":$prefix/bin:"*) ;;
*) echo "To start it by name from a terminal, add $prefix/bin to PATH." ;;
esac
