-- The conditions of a search as text for EXECUTE, shared by search_schools() and count_schools(). Parameters:
-- $1 areas, $2 category, $3 days, $4 age, $5 now, $6 until, $7 query, $8 like, $9 near, $10 radius, $11 key, $12 id,
-- $13 limit, $14 probe, $15 and $16 time of day, $17 rating by children × 100.
-- place: filters of the statistics row that have an index in the order of おすすめ; mark: others of that row; fit: a class or
-- a free slot that suits; words and circle. In fit, words and circle OFFSET 0 keeps PostgreSQL from gathering all of a day
-- first; where a set is wanted, take it away again.
CREATE FUNCTION search_pieces(p search_filters, OUT place text, OUT mark text, OUT fit text, OUT words text, OUT circle text)
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  v_class text := '';
BEGIN
  place := ''; mark := ''; fit := ''; words := ''; circle := '';
  IF cardinality(p.areas) = 1 THEN
    place := format(' AND st.area_code = %L', p.areas[1]);
  ELSIF p.areas IS NOT NULL THEN
    place := ' AND st.area_code = ANY ($1)';
  END IF;
  IF p.category IS NOT NULL THEN place := place || ' AND st.category_code = $2'; END IF;
  -- Literals, so that the partial indexes are seen to fit. A mean counts from where a card would round up to it.
  IF p.child_rating IS NOT NULL THEN
    mark := mark || ' AND st.child_review_count >= 3 AND st.child_rating_sum * 100 + st.child_review_count * 5 >= st.child_review_count * $17';
  END IF;
  IF p.safe THEN mark := mark || ' AND st.safety >= 2'; END IF;
  IF p.age IS NOT NULL THEN v_class := v_class || ' AND $4 BETWEEN c.age_min AND c.age_max'; END IF;
  IF p.choice THEN v_class := v_class || ' AND c.instructor_choice'; END IF;
  IF p.days IS NOT NULL OR p.time_from IS NOT NULL THEN
    fit := ' AND EXISTS (SELECT 1 FROM lesson_schedules l JOIN classes c ON c.id = l.class_id JOIN schools h ON h.id = l.school_id
      WHERE l.school_id = st.school_id AND l.cancelled_at IS NULL
        AND l.booked_count + l.held_count < l.capacity AND l.start_at >= $5 + make_interval(hours => h.booking_cutoff_hours)
        AND l.start_at > $5 AND l.start_at <= $6 AND c.deleted_at IS NULL'
      || CASE WHEN p.days IS NULL THEN '' ELSE ' AND l.start_date_jst = ANY ($3)' END
      || CASE WHEN p.time_from IS NULL THEN '' ELSE
           ' AND (l.start_at AT TIME ZONE ''Asia/Tokyo'')::time >= $15 AND (l.start_at AT TIME ZONE ''Asia/Tokyo'')::time < $16' END
      || v_class || ' OFFSET 0)';
  ELSIF v_class <> '' THEN
    fit := ' AND EXISTS (SELECT 1 FROM classes c WHERE c.school_id = st.school_id AND c.deleted_at IS NULL' || v_class || ' OFFSET 0)';
  END IF;
  IF ng_tsquery(p.q) IS NOT NULL THEN
    words := ' AND EXISTS (SELECT 1 FROM school_search t WHERE t.school_id = st.school_id AND t.norm LIKE ALL ($8) OFFSET 0)';
  END IF;
  IF p.radius IS NOT NULL THEN
    circle := ' AND EXISTS (SELECT 1 FROM schools g WHERE g.id = st.school_id AND ST_DWithin(g.location, $9, $10) OFFSET 0)';
  END IF;
END $$
