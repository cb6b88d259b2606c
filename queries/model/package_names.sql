-- One row per package that ever was, with the last name and catalog known; deleted packages still explain what is left.
-- column id: Package id.
-- column name: The name to call it by; the id of one that no list of packages ever had.
-- column catalog_id: The catalog it stands or stood in.
-- column catalog_name: Name of that catalog.
-- column created_at: When it was made.
-- column present: Whether it stands in the snapshot.
with mentioned as (
    select p.id from history.packages as p where p.valid_from <= current_snapshot_id()
    union
    select r.package_id from history.package_roles as r where r.valid_from <= current_snapshot_id()
    union
    select a.package_id from history.assignments as a where a.valid_from <= current_snapshot_id()
    union
    select q.package_id from history.requests as q where q.valid_from <= current_snapshot_id()
)
select
    m.id,
    shown_name(arg_max(p.name, p.valid_from), null, m.id) as name,
    arg_max(p.catalog_id, p.valid_from) as catalog_id,
    arg_max(c.name, p.valid_from) as catalog_name,
    arg_max(p.created_at, p.valid_from) as created_at,
    coalesce(bool_or(as_of(p.valid_from, p.valid_to)), false) as present
from mentioned as m
left join history.packages as p on p.id = m.id and p.valid_from <= current_snapshot_id()
left join (
    select c.id, arg_max(c.name, c.valid_from) as name
    from history.catalogs as c
    where c.valid_from <= current_snapshot_id()
    group by c.id
) as c on c.id = p.catalog_id
where m.id is not null
group by m.id
