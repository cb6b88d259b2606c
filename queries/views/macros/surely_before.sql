-- Whether an instant lies before an event that happened after one instant and at the latest at another; null: never.
-- macro: surely_before(instant, happened_after, happened_by)
(
    happened_by is null
    or coalesce(instant < happened_after or instant = happened_after and happened_after < happened_by, false)
)
