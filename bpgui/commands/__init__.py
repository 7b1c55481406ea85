"""The commands that need no window, one module each; `bpgui.cli` reads their arguments."""
