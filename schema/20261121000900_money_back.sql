-- A fix that a person decides first waits for them.
alter table fix_runs drop constraint fix_runs_state_check;
alter table fix_runs add constraint fix_runs_state_check check (state in
  ('starting', 'away', 'saving', 'paying', 'planned', 'doing', 'waiting', 'done', 'failed',
   'called_off'));
