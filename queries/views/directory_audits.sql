-- One row per event of the directory's log that is about access, kept beyond the days for which the service keeps it.
-- column id: Id of the event.
-- column activity_at: When it happened.
-- column category: GroupManagement, ApplicationManagement, EntitlementManagement, ...
-- column service: The service that wrote it down: Core Directory, ...
-- column activity: What was done, in the service's words: Add member to group, ...
-- column result: success, failure or timeout.
-- column correlation_id: What several services wrote down of one deed has the same.
-- column by_id: Who did it: a person or an application; null: the log does not say.
-- column by_name: Name of who did it, as the directory knows it, or else as the log wrote it down.
-- column targets: To what it was done, each with its type, name and changed values.
with told as (
    select
        a.*,
        coalesce(
            case when not nobody(a.by_user_id) then a.by_user_id end,
            case when not nobody(a.by_app_id) then a.by_app_id end
        ) as by_id
    from history.directory_audits as a
    where as_of(a.valid_from, a.valid_to)
)
select
    t.id,
    t.activity_at,
    t.category,
    t.service,
    t.activity,
    t.result,
    t.correlation_id,
    t.by_id,
    coalesce(
        p.name, nullif(t.by_user_name, ''), nullif(t.by_user_principal_name, ''), nullif(t.by_app_name, ''), t.by_id
    ) as by_name,
    t.targets
from told as t
left join principals as p on p.id = t.by_id
