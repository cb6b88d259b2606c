"""A finished report on its way to people, and the ledger's word on it."""
