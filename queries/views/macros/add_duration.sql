-- An instant plus an ISO 8601 duration; null if either is.
-- macro: add_duration(instant, duration)
case when duration is not null then
    instant
    + to_years(coalesce(try_cast(regexp_extract(duration, '^P[^T]*?(\d+)Y', 1) as integer), 0))
    + to_months(coalesce(try_cast(regexp_extract(duration, '^P[^T]*?(\d+)M', 1) as integer), 0))
    + to_days(7 * coalesce(try_cast(regexp_extract(duration, '^P[^T]*?(\d+)W', 1) as integer), 0))
    + to_days(coalesce(try_cast(regexp_extract(duration, '^P[^T]*?(\d+)D', 1) as integer), 0))
    + to_hours(coalesce(try_cast(regexp_extract(duration, 'T[^T]*?(\d+)H', 1) as integer), 0))
    + to_minutes(coalesce(try_cast(regexp_extract(duration, 'T[^T]*?(\d+)M', 1) as integer), 0))
    + to_seconds(coalesce(try_cast(regexp_extract(duration, 'T[^T]*?(\d+)(?:\.\d+)?S', 1) as integer), 0))
end
