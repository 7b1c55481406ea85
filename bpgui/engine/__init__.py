"""The mathematics of small networks, on NumPy alone."""
