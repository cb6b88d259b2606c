-- How long after an end a removal may still be under way.
-- macro: grace()
to_hours(coalesce(getvariable('grace_hours'), 24)::integer)
