"""Outside systems: a Protocol each, and its implementations."""
