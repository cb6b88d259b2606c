-- An instant without the placeholders: the service prints year 1 for never and year 9999 for no end.
-- macro: real_instant(instant)
case when year(instant) between 1902 and 9998 then instant end
