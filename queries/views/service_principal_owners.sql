-- One row per application and owner.
-- column service_principal_id: The application.
-- column service_principal_name: Name of the application.
-- column id: Who owns it.
-- column name: Name of who owns it.
select
    o.service_principal_id,
    s.name as service_principal_name,
    o.id,
    p.name
from history.service_principal_owners as o
left join principals as s on s.id = o.service_principal_id
left join principals as p on p.id = o.id
where as_of(o.valid_from, o.valid_to)
