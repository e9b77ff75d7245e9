-- A mail's own bytes are let go of after a while; what was understood of it stays.
alter table mail_in add column let_go_at timestamptz;
create index mail_in_kept on mail_in (received_at) where state = 'done' and let_go_at is null;
