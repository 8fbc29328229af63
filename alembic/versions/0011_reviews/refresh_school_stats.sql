-- As in 0005, with the ratings from review_tallies: a school with 100,000 reviews takes as long as one with ten.
-- Ratings of both voices, counts and scores of published schools (NULL: of all), as they stand at p_now.
-- The Bayesian mean starts from p_prior_weight ratings of p_prior_mean, so one 5 never beats twenty 4.6 (G44, D20).
-- The numbers come from naraigoto/rules.py; the defaults say the same and serve psql and bulk loads.
CREATE OR REPLACE FUNCTION refresh_school_stats(
  p_ids uuid[], p_now timestamptz, p_prior_mean numeric DEFAULT 4.0, p_prior_weight numeric DEFAULT 5,
  p_seat_points int DEFAULT 5, p_seats_counted int DEFAULT 10, p_new_points int DEFAULT 80, p_new_days int DEFAULT 60
) RETURNS int LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan SET jit = off AS $$
DECLARE
  v_changed int;
BEGIN
  -- One lock order for everybody who refreshes; nobody overwrites newer figures with older ones.
  PERFORM 1 FROM schools_stats WHERE p_ids IS NULL OR school_id = ANY (p_ids) ORDER BY school_id FOR NO KEY UPDATE;
  WITH parent AS (
    SELECT target_id AS school_id, sum(rating * number)::int AS total, sum(number)::int AS number FROM review_tallies
    WHERE voice = 'parent' AND (p_ids IS NULL OR target_id = ANY (p_ids)) GROUP BY target_id
  ), child AS (
    SELECT target_id AS school_id, sum(rating * number)::int AS total, sum(number)::int AS number FROM review_tallies
    WHERE voice = 'child' AND (p_ids IS NULL OR target_id = ANY (p_ids)) GROUP BY target_id
  ), liked AS (
    SELECT school_id, count(*)::int AS number FROM likes WHERE p_ids IS NULL OR school_id = ANY (p_ids) GROUP BY school_id
  ), booked AS (
    SELECT l.school_id, count(*)::int AS number FROM lesson_schedules l JOIN bookings b ON b.schedule_id = l.id
    WHERE l.cancelled_at IS NULL AND l.start_at > p_now - interval '90 days' AND b.status <> 'cancelled'
      AND b.created_at > p_now - interval '90 days' AND b.created_at <= p_now AND (p_ids IS NULL OR l.school_id = ANY (p_ids))
    GROUP BY l.school_id
  ), open AS (
    SELECT school_id, count(*)::int AS number FROM lesson_schedules
    WHERE cancelled_at IS NULL AND booked_count + held_count < capacity AND start_at BETWEEN p_now AND p_now + interval '14 days'
      AND (p_ids IS NULL OR school_id = ANY (p_ids)) GROUP BY school_id
  ), figures AS (
    SELECT st.school_id, coalesce(parent.total, 0) AS parent_total, coalesce(parent.number, 0) AS parent_number,
      coalesce(child.total, 0) AS child_total, coalesce(child.number, 0) AS child_number,
      coalesce(liked.number, 0) AS likes, coalesce(booked.number, 0) AS bookings, coalesce(open.number, 0) AS seats,
      s.published_at
    FROM schools_stats st JOIN schools s ON s.id = st.school_id
    LEFT JOIN parent USING (school_id) LEFT JOIN child USING (school_id) LEFT JOIN liked USING (school_id)
    LEFT JOIN booked USING (school_id) LEFT JOIN open USING (school_id)
    WHERE p_ids IS NULL OR st.school_id = ANY (p_ids)
  ), means AS (
    SELECT *, round(1000 * (p_prior_mean * p_prior_weight + parent_total) / (p_prior_weight + parent_number))::int AS parent_mean,
      round(1000 * (p_prior_mean * p_prior_weight + child_total) / (p_prior_weight + child_number))::int AS child_mean,
      p_seat_points * least(seats, p_seats_counted)
        + CASE WHEN published_at > p_now - make_interval(days => p_new_days) THEN p_new_points ELSE 0 END AS extra
    FROM figures
  )
  UPDATE schools_stats st SET
    parent_rating_sum = m.parent_total, parent_review_count = m.parent_number, child_rating_sum = m.child_total,
    child_review_count = m.child_number, like_count = m.likes, bookings_90d = m.bookings,
    score = (m.parent_mean + m.child_mean) / 2 + m.extra, rating_score = m.child_mean * 10000 + m.parent_mean,
    refreshed_at = p_now
  FROM means m WHERE m.school_id = st.school_id
    AND (st.parent_rating_sum, st.parent_review_count, st.child_rating_sum, st.child_review_count, st.like_count,
         st.bookings_90d, st.score, st.rating_score, st.refreshed_at IS NULL)
      IS DISTINCT FROM (m.parent_total, m.parent_number, m.child_total, m.child_number, m.likes, m.bookings,
         (m.parent_mean + m.child_mean) / 2 + m.extra, m.child_mean * 10000 + m.parent_mean, false);
  GET DIAGNOSTICS v_changed = ROW_COUNT;
  RETURN v_changed;
END $$
