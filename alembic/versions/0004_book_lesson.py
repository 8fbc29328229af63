"""The contended core of booking as one function: seat, tickets, booking and thread move together (D5).

Locks are taken in one order: schedule (advisory, then row), then balance rows (oldest month first).
The seat counter goes first and an advisory lock stands before it, because that was the fastest of the
designs measured under contention. Raising undoes everything, so no refusal costs a seat or a ticket.

SQLSTATE NG001 tickets short (DETAIL: how many are missing) · NG002 already booked · NG003 full ·
NG004 no such open slot · NG005 too many active bookings · 23P01 another booking overlaps.

Revision ID: 0004
Revises: 0003
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_BOOK_LESSON = """
CREATE FUNCTION book_lesson(
  p_booking uuid, p_conversation uuid, p_entries uuid[], p_schedule uuid, p_child uuid, p_family uuid,
  p_instructor uuid, p_booked_by uuid, p_cost int, p_cancel_until timestamptz, p_writable_until timestamptz,
  p_max_active int, p_now timestamptz
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_slot record;
  v_bucket record;
  v_take int;
  v_missing int := p_cost;
  v_used int := 0;
BEGIN
  PERFORM pg_advisory_xact_lock(71, hashtext(p_schedule::text));
  UPDATE lesson_schedules SET booked_count = booked_count + 1
    WHERE id = p_schedule AND cancelled_at IS NULL AND booked_count + held_count < capacity
    RETURNING start_at, end_at, school_id INTO v_slot;
  IF NOT FOUND THEN
    IF EXISTS (SELECT 1 FROM lesson_schedules WHERE id = p_schedule AND cancelled_at IS NULL) THEN
      RAISE EXCEPTION 'full' USING ERRCODE = 'NG003';
    END IF;
    RAISE EXCEPTION 'no such open slot' USING ERRCODE = 'NG004';
  END IF;
  IF EXISTS (SELECT 1 FROM bookings WHERE user_id = p_child AND schedule_id = p_schedule
             AND status IN ('reserved', 'attended', 'absent')) THEN
    RAISE EXCEPTION 'already booked' USING ERRCODE = 'NG002';
  END IF;

  INSERT INTO bookings (id, user_id, family_id, schedule_id, instructor_id, booked_by, period, status,
                        consumed_tickets, cancel_until, created_at)
    VALUES (p_booking, p_child, p_family, p_schedule, p_instructor, p_booked_by,
            tstzrange(v_slot.start_at, v_slot.end_at), 'reserved', p_cost, p_cancel_until, p_now);

  FOR v_bucket IN
    SELECT id, month, balance FROM ticket_balances
    WHERE family_id = p_family AND balance > 0 AND expires_on >= (p_now AT TIME ZONE 'Asia/Tokyo')::date
    ORDER BY month FOR NO KEY UPDATE
  LOOP
    EXIT WHEN v_missing = 0;
    v_take := least(v_bucket.balance, v_missing);
    v_missing := v_missing - v_take;
    v_used := v_used + 1;
    UPDATE ticket_balances SET balance = balance - v_take WHERE id = v_bucket.id;
    INSERT INTO ticket_entries (id, family_id, balance_id, delta, reason, booking_id, source_key, actor_user_id, created_at)
      VALUES (p_entries[v_used], p_family, v_bucket.id, -v_take, 'spend', p_booking,
              'booking:' || p_booking || ':spend:' || v_bucket.month, p_booked_by, p_now);
  END LOOP;
  IF v_missing > 0 THEN
    RAISE EXCEPTION 'tickets short' USING ERRCODE = 'NG001', DETAIL = v_missing::text;
  END IF;
  IF (SELECT count(*) FROM bookings WHERE family_id = p_family AND status = 'reserved'
      AND lower(period) > p_now) > p_max_active THEN
    RAISE EXCEPTION 'too many bookings' USING ERRCODE = 'NG005';
  END IF;

  INSERT INTO conversations (id, booking_id, family_id, school_id, status, writable_until, created_at)
    VALUES (p_conversation, p_booking, p_family, v_slot.school_id, 'open', p_writable_until, p_now);
END $$
"""


def upgrade() -> None:
    op.execute(_BOOK_LESSON)


def downgrade() -> None:
    op.execute("DROP FUNCTION book_lesson")
