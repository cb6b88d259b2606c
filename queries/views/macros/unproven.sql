-- The sentence that says what cannot be proven of access that may have outlived its reason; nothing where all can be.
-- macro: unproven(explanation, confidence, over_by, began_by)
case
    when confidence = 'high' then ''
    when explanation <> 'ended_censored' and snapshot_taken_at() - over_by < grace()
        then ' Whether a day has passed since then cannot be proven yet.'
    else format(' What is there was first seen on {}, so we cannot be sure that it never went.', day(began_by))
end
