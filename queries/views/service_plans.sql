-- One row per licence of the tenant and service plan in it.
-- column sku_id: Licence id, the same in every tenant.
-- column sku_name: Part number by which the licence is called.
-- column id: Service plan id, the same in every tenant.
-- column name: Name of the service plan: AAD_PREMIUM, Entra_Identity_Governance, ...
-- column enabled: Whether the licence is in force: a lapsed one is still listed.
-- column provisioning_status: What the service says of the plan itself: Success, Disabled, ...
with held as (
    select
        k.sku_id,
        k.sku_name,
        coalesce(lower(k.capability_status) = 'enabled' and k.enabled_units > 0, false) as enabled,
        unnest(from_json(
            k.service_plans,
            '[{"servicePlanId": "VARCHAR", "servicePlanName": "VARCHAR", "provisioningStatus": "VARCHAR"}]'
        )) as plan
    from history.subscribed_skus as k
    where as_of(k.valid_from, k.valid_to)
)
select
    h.sku_id,
    h.sku_name,
    lower(h.plan.servicePlanId) as id,
    h.plan.servicePlanName as name,
    h.enabled,
    h.plan.provisioningStatus as provisioning_status
from held as h
