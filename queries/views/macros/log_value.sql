-- A value of the directory's log without the quotes and brackets that the service puts around it; empty: null.
-- macro: log_value(text)
nullif(lower(trim(text, '"[] ')), '')
