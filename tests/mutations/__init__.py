"""Mutations: every clause of every query, dropped in turn, must make a test fail."""
