-- One row per assignment policy: who may have a package, for how long, and who decides.
-- column id: Policy id.
-- column name: Name.
-- column package_id: The package it belongs to.
-- column package_name: Name of the package.
-- column allowed_target_scope: Who may ask; notSpecified: administrators assign.
-- column automatic: Present for auto-assignment policies only, as JSON.
-- column expiration_type: noExpiration, afterDateTime or afterDuration.
-- column expiration_end_at: End for everybody, if a date.
-- column expiration_duration: ISO 8601 duration, if a duration.
-- column approval_settings: Stages and approvers, as JSON.
-- column review_settings: The recurring review, as JSON.
select
    y.id,
    y.name,
    y.package_id,
    p.name as package_name,
    y.allowed_target_scope,
    y.automatic,
    y.expiration_type,
    y.expiration_end_at,
    y.expiration_duration,
    y.approval_settings,
    y.review_settings
from history.policies as y
left join packages as p on p.id = y.package_id
where as_of(y.valid_from, y.valid_to)
