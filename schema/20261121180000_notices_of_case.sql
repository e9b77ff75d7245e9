-- What was decided is unread to nobody any more: found by its case.
create index staff_notices_of_case on staff_notices (case_id, kind) where read_at is null;
