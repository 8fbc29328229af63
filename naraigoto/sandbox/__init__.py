"""Stand-ins for the outside world; never imported in production."""
