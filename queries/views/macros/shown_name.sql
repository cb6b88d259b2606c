-- The name to call somebody by: the display name, else the sign-in name, else the id.
-- macro: shown_name(name, other, id)
coalesce(nullif(trim(name), ''), nullif(trim(other), ''), id)
