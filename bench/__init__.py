"""Benchmarks, each beside its floor (make bench)."""
