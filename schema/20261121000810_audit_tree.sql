-- The audit log's Merkle tree (RFC 6962), in tiles of 256 hashes; what a worker sealed so far.
create table audit_tiles (
  level int not null,
  tile bigint not null,
  hashes bytea not null,
  -- Of level 0 alone: the entries whose leaves these are.
  seqs bigint[],
  first_seq bigint,
  primary key (level, tile)
);
create unique index audit_tiles_first_seq on audit_tiles (first_seq) where level = 0;

-- Signed heads of the tree, as text (C2SP tlog-checkpoint), and the public keys they name.
create table audit_checkpoints (
  size bigint primary key,
  note text not null
);
create table audit_keys (
  vkey text primary key
);

create index audit_entries_customer on audit_entries (customer, seq) where customer is not null;
create index audit_entries_actor on audit_entries (actor_id, seq);
create index audit_entries_verb on audit_entries (verb, seq);

create function audit_heads_stay() returns trigger language plpgsql as $$
begin
  raise exception 'checkpoints and keys of the audit log are only ever added'
    using errcode = 'integrity_constraint_violation';
end
$$;
create trigger audit_checkpoints_stay before update or delete on audit_checkpoints
  for each row execute function audit_heads_stay();
create trigger audit_checkpoints_stay_whole before truncate on audit_checkpoints
  for each statement execute function audit_heads_stay();
create trigger audit_keys_stay before update or delete on audit_keys
  for each row execute function audit_heads_stay();
create trigger audit_keys_stay_whole before truncate on audit_keys
  for each statement execute function audit_heads_stay();

-- Also for who says `session_replication_role = replica`.
alter table audit_entries enable always trigger audit_entries_stay;
alter table audit_entries enable always trigger audit_entries_stay_whole;
alter table audit_checkpoints enable always trigger audit_checkpoints_stay;
alter table audit_checkpoints enable always trigger audit_checkpoints_stay_whole;
alter table audit_keys enable always trigger audit_keys_stay;
alter table audit_keys enable always trigger audit_keys_stay_whole;
