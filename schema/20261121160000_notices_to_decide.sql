-- Colleagues are told of what waits for their decision, too.
alter table staff_notice_wishes drop constraint staff_notice_wishes_kind_check;
alter table staff_notice_wishes add check
  (kind in ('assigned', 'mentioned', 'heard', 'to_decide', 'sla_warned', 'sla_breached'));
alter table staff_notices drop constraint staff_notices_kind_check;
alter table staff_notices add check
  (kind in ('assigned', 'mentioned', 'heard', 'to_decide', 'sla_warned', 'sla_breached'));
