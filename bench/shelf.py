"""Cases for benchmarks, made in SQL: a few per cent of them open, words as frequent as in texts."""

import psycopg
from psycopg.sql import SQL, Identifier

A_BATCH = 50_000
_CUSTOMERS = """
insert into customers (id, name, email, plan, created_at)
select 'cust_' || lpad(n::text, 26, '0'), 'Customer ' || n, 'post@c' || n || '.example', 'starter',
  timestamptz '2023-01-01'
from generate_series(%(first)s::int, %(last)s::int) n on conflict do nothing
"""
_CASES = """
insert into cases (id, customer, subject, about, reuse_key, text, status, severity, level, because,
  context, promised_at, opened_at, assignee, team, tags, snoozed_until, spam, due_at)
select 'case_' || lpad(n::text, 26, '0'),
  'cust_' || lpad((1 + mod(n * 7919::bigint, %(customers)s))::text, 26, '0'),
  'Subject ' || n, '', 'k' || n, 'Why did my payment fail? ' || n, status,
  (array['medium', 'medium', 'medium', 'low', 'low', 'high', 'high', 'critical'])
    [1 + floor(r[2] * 8)::int],
  'support', 'asked', '{"diagnosis": {}, "tried": [], "actions": []}', at, at,
  case when r[3] > 0.3 then 'stf_' || floor(r[4] * r[4] * 40)::int end,
  (array['support', 'support', 'support', 'finance', 'engineering', 'legal'])
    [1 + floor(r[5] * 6)::int],
  case when r[6] < 0.4 then array['tag-' || floor(exp(r[7] * 6.2))::int] else '{}' end,
  case when status = 'open' and r[8] < 0.03 then at + interval '3 days' end, r[9] > 0.995,
  case when status in ('new', 'open', 'on_hold') then timestamptz '2026-03-01'
    + r[10] * interval '9 days' end
from (
  select n, r, timestamptz '2023-01-01' + n * interval '90 seconds' as at,
    case when r[1] < 0.003 then 'new' when r[1] < 0.03 then 'open' when r[1] < 0.054 then 'pending'
      when r[1] < 0.06 then 'on_hold' else 'closed' end as status
  from (
    select n, array[random(), random(), random(), random(), random(), random(), random(), random(),
      random(), random()] as r
    from generate_series(%(first)s::int, %(last)s::int) n
  ) drawn
) made
"""
_HEADS = """
insert into case_heads (case_id, number, head)
select id, number, array_to_tsvector(array['subject', 'customer', 'post', 'example', number::text,
  's' || mod(number, 5000), right(customer, 7)])
from cases
where id between 'case_' || lpad(%(first)s::text, 26, '0')
  and 'case_' || lpad(%(last)s::text, 26, '0')
"""
_WORDS = """
insert into case_words (case_id, part, number, head, said)
select c.id, 0, c.number, h.head, array_to_tsvector(array['x' || c.number] || array(
  select distinct 'w' || floor(exp(random() * 9))::int
  from generate_series(1, 15 + mod(c.number * 7919, 50)) where c.number > 0))
from cases c join case_heads h on h.case_id = c.id
where c.id between 'case_' || lpad(%(first)s::text, 26, '0')
  and 'case_' || lpad(%(last)s::text, 26, '0')
"""
_INDEXES = """
select indexname as name, indexdef as definition from pg_indexes
where indexname = any(array['cases_found', 'case_heads_found', 'case_words_found'])
"""


def fill(url: str, *, first: int, last: int) -> None:
    """Add cases number `first` to `last`; the large indexes are made again at the end."""
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute("set synchronous_commit = off")
        conn.execute("set maintenance_work_mem = '256MB'")
        conn.execute("select setseed(0.5)")
        indexes = conn.execute(_INDEXES).fetchall()
        for name, _ in indexes:
            conn.execute(SQL("drop index {}").format(Identifier(name)))
        customers = max(last // 20, 1)
        conn.execute(_CUSTOMERS, {"first": 1, "last": customers})
        for start in range(first, last + 1, A_BATCH):
            where = {"first": start, "last": min(start + A_BATCH - 1, last)}
            conn.execute(_CASES, {**where, "customers": customers})
            conn.execute(_HEADS, where)
            conn.execute(_WORDS, where)
        for _, definition in indexes:
            conn.execute(definition.encode())
        conn.execute("vacuum analyze")
