-- One row per account of which the last sign-in was read: guests, and members where that is configured.
-- column id: Directory object id.
-- column name: Name of the account.
-- column user_principal_name: Sign-in name.
-- column last_success_on: Day of the last sign-in that succeeded, in UTC; null: none is known.
select
    s.id,
    p.name,
    p.user_principal_name,
    s.last_success_on
from history.sign_ins as s
left join principals as p on p.id = s.id
where as_of(s.valid_from, s.valid_to)
