"""Where the executables begin: worker processes, the window, or the commands.

`bpgui-window`, which desktops start, shows what is wrong with a file in the window, as there is no
terminal to print it in; the same holds where Windows gives a program no streams.
"""

import multiprocessing
import sys
from pathlib import Path

if __name__ == "__main__":
    multiprocessing.freeze_support()
    if sys.stderr is None or Path(sys.argv[0]).stem == "bpgui-window":
        from bpgui.app import main as open_window

        sys.exit(open_window())
    from bpgui.cli import main

    main()
