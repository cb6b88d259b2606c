-- One row per answer of somebody to terms of use.
-- column id: Id of the answer.
-- column agreement_id: The agreement.
-- column agreement_name: Name of the agreement.
-- column principal_id: Who answered.
-- column principal_name: Name of who answered.
-- column state: accepted or declined.
-- column recorded_at: When.
-- column expires_at: Until when it holds; null = for ever.
select
    a.id,
    a.agreement_id,
    t.name as agreement_name,
    a.principal_id,
    p.name as principal_name,
    a.state,
    real_instant(a.recorded_at) as recorded_at,
    real_instant(a.expires_at) as expires_at
from history.terms_acceptances as a
left join terms_of_use as t on t.id = a.agreement_id
left join principals as p on p.id = a.principal_id
where as_of(a.valid_from, a.valid_to)
