-- Who must act: the first owner, unless it is about that very person; then the next.
-- macro: who_acts(owner_id, other_owner_id, principal_id)
case when owner_id is distinct from principal_id then owner_id else other_owner_id end
