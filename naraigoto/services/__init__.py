"""Rules, permissions and transactions, one module per feature; plain async functions."""
