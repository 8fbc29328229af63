-- How old the child was at the lesson: kept with the review, so that lists can be filtered by an index and the
-- band stays when the child's own data is erased.
CREATE FUNCTION review_age_band(p_booking uuid) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN years < 7 THEN 'preschool' WHEN years < 10 THEN 'lower' WHEN years < 13 THEN 'upper' ELSE 'teens' END
  FROM (SELECT extract(year FROM age((l.start_at AT TIME ZONE 'Asia/Tokyo')::date, m.birth_month)) AS years
        FROM bookings b JOIN lesson_schedules l ON l.id = b.schedule_id JOIN family_members m ON m.user_id = b.user_id
        WHERE b.id = p_booking AND m.birth_month IS NOT NULL) child
$$
