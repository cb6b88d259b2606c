-- One row per package that ever was, with the last name and catalog known; deleted packages still explain what is left.
-- column id: Package id.
-- column name: The name to call it by.
-- column catalog_id: The catalog it stands or stood in.
-- column catalog_name: Name of that catalog.
-- column created_at: When it was made.
-- column present: Whether it stands in the snapshot.
select
    p.id,
    shown_name(arg_max(p.name, p.valid_from), null, p.id) as name,
    arg_max(p.catalog_id, p.valid_from) as catalog_id,
    arg_max(c.name, p.valid_from) as catalog_name,
    arg_max(p.created_at, p.valid_from) as created_at,
    bool_or(as_of(p.valid_from, p.valid_to)) as present
from history.packages as p
left join (
    select c.id, arg_max(c.name, c.valid_from) as name
    from history.catalogs as c
    where c.valid_from <= current_snapshot_id()
    group by c.id
) as c on c.id = p.catalog_id
where p.valid_from <= current_snapshot_id()
group by p.id
