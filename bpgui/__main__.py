"""python -m bpgui"""

from bpgui.cli import main

if __name__ == "__main__":
    main()
