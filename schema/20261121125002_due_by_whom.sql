-- Somebody's own list and a team's queue, in the order of deadlines.
create index cases_by_assignee_due on cases
  ((coalesce(assignee, 'none')), (coalesce(due_at, 'infinity')), number)
  where status in ('new', 'open', 'pending', 'on_hold');
create index cases_by_team_due on cases (team, (coalesce(due_at, 'infinity')), number)
  where status in ('new', 'open', 'pending', 'on_hold');
