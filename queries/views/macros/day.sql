-- A date as a sentence says it: 30 September 2026, day and month kept on one line.
-- macro: day(instant)
strftime(instant, '%-d') || chr(160) || strftime(instant, '%B %Y')
