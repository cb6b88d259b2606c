-- The new value of a property that an event of the log changed, without what the service puts around it.
-- macro: new_value(changed, property)
log_value(list_filter(changed, lambda c: lower(c.displayName) = lower(property))[1].newValue)
