"""HTTP that is not API: sign-in routes, heads of pages, media, security."""
