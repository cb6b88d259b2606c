-- Whether an id names nobody: null, empty or all zeros.
-- macro: nobody(id)
coalesce(id, '') in ('', '00000000-0000-0000-0000-000000000000')
