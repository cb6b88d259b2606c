-- One row per account of a person or guest that stands in a list, or once did: whether it may still hold access.
-- column id: Directory object id.
-- column name: The name to call it by; the last one known if it is gone.
-- column user_principal_name: Sign-in name.
-- column type: user or guest.
-- column state: active, disabled, left (its leave date has passed), deleted (restorable) or gone.
-- column since: Since when it is no longer active; for a disabled one the first snapshot that says so.
-- column restorable_until: For a deleted one: until when it can be restored.
-- column resource_account: Whether the parameter resource_accounts says that it is nobody's: a room, a shared mailbox.
-- column manager_id: The manager, if enabled.
-- column manager_name: Name of the manager.
with disabled as (
    select u.id, min(u.valid_from) as first_snapshot_id
    from history.users as u
    left join (
        select v.id, max(v.valid_from) as last_enabled
        from history.users as v
        where v.enabled is not false and v.valid_from <= current_snapshot_id()
        group by v.id
    ) as e on e.id = u.id
    where u.enabled is false
        and u.valid_from <= current_snapshot_id()
        and (e.last_enabled is null or u.valid_from > e.last_enabled)
    group by u.id
),
-- When each list was read whole for the last time.
read_whole as (
    select
        coalesce(max(c.snapshot_id) filter (c.collection = 'users'), 0) as users,
        coalesce(max(c.snapshot_id) filter (c.collection = 'deleted_users'), 0) as deleted_users
    from history.coverage as c
    where c.snapshot_id <= current_snapshot_id() and c.whole
),
told as (
    select
        p.*,
        d.deleted_at,
        d.id is not null as in_bin,
        -- Where both lists have it, the one that showed it last is right; within a snapshot the bin is read later.
        p.present
            and (d.id is null or greatest(u.valid_from, w.users) > greatest(d.valid_from, w.deleted_users)) as listed,
        real_instant(l.leave_at) as leave_at,
        b.first_snapshot_id,
        m.id as manager_id,
        m.name as manager_name
    from principals as p
    left join history.deleted_users as d on d.id = p.id and as_of(d.valid_from, d.valid_to)
    left join history.leave_dates as l on l.id = p.id and as_of(l.valid_from, l.valid_to)
    left join disabled as b on b.id = p.id
    left join history.users as u on u.id = p.id and as_of(u.valid_from, u.valid_to)
    cross join read_whole as w
    left join principals as m on m.id = u.manager_id and m.present and m.enabled is not false
    where p.type in ('user', 'guest')
)
select
    t.id,
    t.name,
    t.user_principal_name,
    t.type,
    case
        when not t.listed and t.in_bin then 'deleted'
        when not t.listed then 'gone'
        when t.enabled is false then 'disabled'
        when t.leave_at <= snapshot_taken_at() then 'left'
        else 'active'
    end as state,
    case
        when not t.listed then t.deleted_at
        when t.enabled is false then s.taken_at
        when t.leave_at <= snapshot_taken_at() then t.leave_at
    end as since,
    case when not t.listed then t.deleted_at + interval 30 days end as restorable_until,
    coalesce(
        nullif(getvariable('resource_accounts')::varchar, '') is not null
        and regexp_matches(t.user_principal_name, getvariable('resource_accounts')::varchar, 'i'),
        false
    ) as resource_account,
    t.manager_id,
    t.manager_name
from told as t
left join history.snapshots as s on s.id = t.first_snapshot_id
