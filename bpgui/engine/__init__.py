"""The mathematics of networks, on NumPy, and the loop of training once more in C."""
