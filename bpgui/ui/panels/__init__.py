"""What the user watches: each panel renders a run's snapshots."""
