-- What files are called is found as well: cases that have some are read anew by the worker.
insert into cases_to_read (case_id)
select distinct coalesce(c.merged_into, c.id)
from attachments a join messages m on m.id = a.message join cases c on c.id = m.case_id
on conflict do nothing;
