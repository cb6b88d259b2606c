-- The new value of a property that an event of the log changed, without the quotes that the service puts around it.
-- macro: new_value(changed, property)
nullif(lower(trim(
    list_filter(changed, lambda c: lower(c.displayName) = lower(property))[1].newValue, '"[] '
)), '')
