-- One row per grant that is there in only one of two snapshots, as keys of history.ids.
-- column kind: The kind of grant.
-- column resource: The resource.
-- column role: The role.
-- column principal: Who holds or held it.
-- column gained: Whether it is there in the second snapshot; false: in the first.
with held as (
    select
        g.kind,
        g.resource,
        g.role,
        g.principal,
        g.valid_from <= getvariable('from_id') and coalesce(g.valid_to > getvariable('from_id'), true) as before,
        g.valid_from <= getvariable('to_id') and coalesce(g.valid_to > getvariable('to_id'), true) as after
    from history.grants as g
)
select h.kind, h.resource, h.role, h.principal, bool_or(h.after) as gained
from held as h
where h.before <> h.after
group by h.kind, h.resource, h.role, h.principal
-- A grant whose date alone changed is two rows, one in each snapshot.
having bool_or(h.after) <> bool_or(h.before)
