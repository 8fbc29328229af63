"""States translate between screens and services; they decide nothing."""
