-- Brings text and statistics rows of these schools in step: a statistics row stands exactly while published.
-- Bulk loads disable the triggers, copy the rows and call this once.
CREATE FUNCTION index_schools(p_ids uuid[]) RETURNS void LANGUAGE plpgsql SET jit = off AS $$
DECLARE
  v_new uuid[];
BEGIN
  INSERT INTO school_search (school_id, norm)
    SELECT s.id, school_text(s.id) FROM unnest(p_ids) wanted(id) JOIN schools s ON s.id = wanted.id
    ON CONFLICT (school_id) DO UPDATE SET norm = EXCLUDED.norm WHERE school_search.norm <> EXCLUDED.norm;
  DELETE FROM schools_stats st USING schools s
    WHERE st.school_id = ANY (p_ids) AND s.id = st.school_id AND (s.status <> 'published' OR s.deleted_at IS NOT NULL);
  WITH added AS (
    INSERT INTO schools_stats (school_id, area_code, category_code, published_at, safety)
      SELECT s.id, s.area_code, s.category_code, coalesce(s.published_at, s.created_at),
        array_position(ARRAY['none', 'planned', 'applied', 'certified'], s.safety_badge::text) - 1
      FROM unnest(p_ids) wanted(id) JOIN schools s ON s.id = wanted.id
      WHERE s.status = 'published' AND s.deleted_at IS NULL
      ON CONFLICT (school_id) DO UPDATE
        SET area_code = EXCLUDED.area_code, category_code = EXCLUDED.category_code, published_at = EXCLUDED.published_at,
          safety = EXCLUDED.safety
        WHERE (schools_stats.area_code, schools_stats.category_code, schools_stats.published_at, schools_stats.safety)
          IS DISTINCT FROM (EXCLUDED.area_code, EXCLUDED.category_code, EXCLUDED.published_at, EXCLUDED.safety)
      RETURNING school_id, refreshed_at
  )
  SELECT array_agg(school_id) INTO v_new FROM added WHERE refreshed_at IS NULL;
  IF v_new IS NOT NULL THEN
    PERFORM refresh_school_stats(v_new, now());
  END IF;
END $$
