"""The commands, one module each; `bpgui.commands.program` reads their arguments."""

COMMANDS = ("train", "explain", "check", "verify", "graph", "presets", "export", "screenshot")
