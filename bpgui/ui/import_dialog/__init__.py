"""A CSV file on its way into the experiment: what it holds, and how it is read."""
