"""What each panel shows, as pure functions of a problem and a snapshot. No Qt."""
