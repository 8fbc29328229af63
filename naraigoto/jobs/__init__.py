"""Work that no person waits for: a ticker in one leader, one function for each job."""
