-- One row per recorded finding that stood open at the snapshot about a principal, or about a group around it.
-- column key: Identity of the finding.
-- column check_id: The check that found it.
-- column severity: high, medium, low or info.
-- column confidence: high, or medium where snapshots cannot prove it.
-- column principal_id: Whom it is about.
-- column principal_name: Name of whom it is about.
-- column resource_id: The resource.
-- column package_id: The package.
-- column confirmed: False: it was open before and could not be looked at this time.
-- column reason: Why it is a finding.
-- column fix: What to do.
select
    f.key,
    f.check_id,
    f.severity,
    f.confidence,
    f.principal_id,
    f.principal_name,
    f.resource_id,
    f.package_id,
    f.confirmed,
    f.reason,
    f.fix
from findings as f
where f.principal_id = getvariable('principal_id')
    or f.principal_id in (select i.id from history.ids as i join holders as h on h.holder = i.key)
order by list_position(['high', 'medium', 'low', 'info'], f.severity), f.key
