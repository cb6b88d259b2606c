"""Tests of driftaudit/collectors."""
