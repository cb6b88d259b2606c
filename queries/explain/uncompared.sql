-- One row per collection of which something cannot be compared between two snapshots.
-- column collection: What was not read in one of them, or in both.
-- column everything: Whether no scope of it can be compared.
-- column scopes: How many groups, applications or sites cannot be compared; null: none can.
-- column grants: How many grants are known there, in one snapshot or the other.
-- column snapshot_ids: In which snapshots it was not read.
-- column reasons: Why, as far as it is told.
with told as (
    select
        u.collection,
        bool_or(u.scope is null) as everything,
        count(distinct u.scope) as scopes,
        list(distinct u.snapshot_id order by u.snapshot_id) as snapshot_ids,
        list(distinct u.reason order by u.reason) as reasons
    from uncompared_scopes as u
    group by u.collection
),
there as (
    select distinct k.collection, g.kind, g.resource, g.role, g.principal
    from history.grants as g
    join history.kinds as k on k.kind = g.kind
    join told as t on t.collection = k.collection
    where (
            g.valid_from <= getvariable('from_id') and coalesce(g.valid_to > getvariable('from_id'), true)
            or g.valid_from <= getvariable('to_id') and coalesce(g.valid_to > getvariable('to_id'), true)
        )
        and (
            t.everything
            or g.resource in (select u.resource from uncompared_scopes as u where u.collection = k.collection)
        )
)
select
    t.collection,
    t.everything,
    case when not t.everything then t.scopes end as scopes,
    (select count(*) from there as h where h.collection = t.collection) as grants,
    t.snapshot_ids,
    t.reasons
from told as t
order by t.collection
