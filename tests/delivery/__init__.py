"""Delivering: real servers on loopback, and the ledger."""
