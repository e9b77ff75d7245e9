-- The company's own time zone (company.toml, kept whenever a process starts), and one that a
-- colleague may have instead.

create table company (
  "only" boolean primary key default true check ("only"),
  time_zone text not null
);
insert into company (time_zone) values ('UTC');

alter table colleagues add column time_zone text;
