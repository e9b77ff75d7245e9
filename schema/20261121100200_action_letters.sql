-- What the customer was told of an action, once: found again on its page.
create table action_letters (
  action text primary key references actions,
  message text not null references messages,
  written_at timestamptz not null
);
