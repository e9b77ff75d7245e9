-- A mail to a colleague may be a letter of its own, such as a set-up link; what it says is let go of
-- once it was sent or refused.
alter table staff_notice_mails
  add column subject text,
  add column text text,
  add column html text;
create index staff_notice_mails_letters on staff_notice_mails (created_at) where text is not null;
