-- An end in the form in which ends are compared: none is the latest of all.
-- macro: a_date(instant)
coalesce(instant, timestamp '9999-12-31')::varchar
