-- Letters are taken from the outbox itself, by lease: what a job was to send is due at once.
update outbox set next_at = 'epoch'
where state = 'waiting' and attempts = 0 and message in (
  select args ->> 'message' from procrastinate_jobs where task_name = 'mail.send' and status = 'todo'
);
delete from procrastinate_jobs where task_name = 'mail.send' and status = 'todo';
-- Of these it is still to be said why they wait, where no mail server is set.
create index outbox_unexplained on outbox (next_at) where state = 'waiting' and error = '';
