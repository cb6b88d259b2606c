"""Tests of driftaudit/exports."""
