-- Who waits for a further answer, since when a colleague is watched, and who lost the case already.
alter table case_clocks add column reply_since timestamptz;
alter table case_clocks add column reply_target_at timestamptz;
alter table case_clocks add column watched_since timestamptz;
alter table case_clocks add column lost_by text[] not null default '{}';
alter table case_clocks drop constraint case_clocks_warned_check;
alter table case_clocks drop constraint case_clocks_breached_check;
alter table case_clocks add check (warned <@ array['response', 'resolution', 'reply']);
alter table case_clocks add check (breached <@ array['response', 'resolution', 'reply']);
