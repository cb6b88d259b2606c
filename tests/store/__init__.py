"""The store: history, coverage and publication, on small made exports."""
