"""Where samples come from: generators, files and the bundled digits, on NumPy alone."""
