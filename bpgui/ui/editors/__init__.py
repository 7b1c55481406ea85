"""What the user changes: each editor shows an experiment and emits edits."""
