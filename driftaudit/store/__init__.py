"""The history in one DuckDB file; the only place that imports duckdb."""
