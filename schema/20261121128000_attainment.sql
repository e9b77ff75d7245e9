-- How many answers came in time is read from the clocks alone, but for the few that do not count.
drop index case_clocks_opened;
create index case_clocks_opened on case_clocks (opened_at)
  include (case_id, plan, response_due_at, responded_at, resolved_at, paused_at);
create index cases_not_counted on cases (id) where spam or merged_into is not null;
