"""Tests of driftaudit/collect: runs against the fake service."""
