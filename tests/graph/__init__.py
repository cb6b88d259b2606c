"""Tests of driftaudit/graph."""
