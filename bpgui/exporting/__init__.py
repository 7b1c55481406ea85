"""What leaves the program: scripts, the record of a run, trained weights and tables; no Qt."""
