-- When something happened, as a sentence says it: on a day that is known, by a day that is only the latest possible.
-- macro: dated(happened_after, happened_by)
case when happened_after = happened_by then 'on ' else 'by ' end || day(happened_by)
