-- One row per check whose findings were recorded in the snapshot: what was open before, what came and went, what is open.
-- column check_id: The check.
-- column opening: Findings that were open in the snapshot before.
-- column new: Findings never seen before.
-- column reopened: Findings that were resolved once and are back.
-- column resolved: Findings that were open and are gone.
-- column closing: Findings that are open now; opening + new + reopened - resolved.
-- column unconfirmed: Of these, how many could not be looked at this time.
-- column first_assessed: Whether the check was assessed for the first time, so that what is new to it need not be new.
-- identity: coalesce(bool_and(opening + new + reopened - resolved = closing), true)
-- identity: coalesce(bool_and(unconfirmed <= closing), true)
-- identity: coalesce(sum(closing), 0) = (select count(distinct f.key) from history.findings as f join history.check_runs as r on r.check_id = f.check_id and r.snapshot_id = current_snapshot_id() where as_of(f.valid_from, f.valid_to))
with lives as (
    select
        f.check_id,
        f.key,
        bool_or(f.valid_from < current_snapshot_id()) as known,
        bool_or(f.valid_from < current_snapshot_id()
            and (f.valid_to is null or f.valid_to >= current_snapshot_id())) as open_before,
        bool_or(as_of(f.valid_from, f.valid_to)) as open_now
    from history.findings as f
    where f.valid_from <= current_snapshot_id()
    group by f.check_id, f.key
)
select
    r.check_id,
    count(l.key) filter (l.open_before) as opening,
    count(l.key) filter (l.open_now and not l.known) as new,
    count(l.key) filter (l.open_now and l.known and not l.open_before) as reopened,
    count(l.key) filter (l.open_before and not l.open_now) as resolved,
    count(l.key) filter (l.open_now) as closing,
    count(u.key) filter (l.open_now) as unconfirmed,
    any_value(r.status) <> 'not_assessed' and not exists (
        select 1 from history.check_runs as b
        where b.check_id = r.check_id and b.snapshot_id < r.snapshot_id and b.status <> 'not_assessed'
    ) as first_assessed
from history.check_runs as r
left join lives as l on l.check_id = r.check_id
left join history.unconfirmed as u on u.snapshot_id = r.snapshot_id and u.key = l.key
where r.snapshot_id = current_snapshot_id()
group by r.check_id, r.snapshot_id
order by r.check_id
