-- How many published schools a search finds, at most p_cap: a common word is counted on the walk, a rare one by its index.
CREATE FUNCTION count_schools(
  p search_filters, p_now timestamptz, p_until timestamptz, p_cap int DEFAULT 1000, p_probe int DEFAULT 3000
) RETURNS int
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_custom_plan SET jit = off SET enable_seqscan = off
SET enable_hashjoin = off SET enable_mergejoin = off SET max_parallel_workers_per_gather = 0 AS $$
DECLARE
  v_query tsquery := ng_tsquery(p.q);
  v_like text[] := ng_like(p.q);
  v record;
  v_rows text := 'SELECT 1 FROM schools_stats st WHERE true';
  v_walk text;
  v_found int;
  v_seen int;
BEGIN
  SELECT * INTO v FROM search_pieces(p);
  IF p.radius IS NOT NULL THEN
    -- Few live in a circle: ask each, unless it is wide and a word narrows more.
    v_rows := 'SELECT 1 FROM schools s JOIN schools_stats st ON st.school_id = s.id WHERE ST_DWithin(s.location, $9, $10)'
      || CASE WHEN p.category IS NULL THEN '' ELSE ' AND s.category_code = $2' END   -- an index has genre and place
      || v.place || v.mark || v.fit;
    IF p.radius > 8000 AND v_query IS NOT NULL THEN
      v_rows := replace(v_rows, 'FROM schools s', 'FROM school_search t JOIN schools s ON s.id = t.school_id')
        || ' AND ng_grams(t.norm) @@ $7 AND t.norm LIKE ALL ($8)';
    ELSE
      v_rows := v_rows || v.words;
    END IF;
  ELSIF v.mark || v.fit || v.words = '' THEN
    v_rows := v_rows || v.place;
  ELSE
    v_walk := 'SELECT st.* FROM schools_stats st WHERE true' || v.place || ' ORDER BY st.score DESC, st.school_id DESC LIMIT $14';
    IF cardinality(p.areas) > 1 THEN
      v_walk := 'SELECT w.* FROM unnest($1) area(code) CROSS JOIN LATERAL (' || replace(v_walk, '= ANY ($1)', '= area.code') || ') w LIMIT $14';
    END IF;
    EXECUTE 'SELECT count(*), count(*) FILTER (WHERE true' || v.mark || v.fit || v.words || ') FROM (' || v_walk || ') st' INTO v_seen, v_found
      USING p.areas, p.category, p.days, p.age, p_now, p_until, v_query, v_like, p.near, p.radius, NULL::text, NULL::uuid, p_cap, p_probe,
        p.time_from, p.time_until, p.child_rating;
    IF v_seen < p_probe OR v_found >= p_cap THEN RETURN least(v_found, p_cap); END IF;
    v_rows := v_rows || v.place || v.mark;
    IF v_query IS NULL THEN
      PERFORM set_config('enable_hashjoin', 'on', true), set_config('enable_mergejoin', 'on', true);
      v_rows := v_rows || replace(v.fit, ' OFFSET 0)', ')');
    ELSE
      v_rows := replace(v_rows, 'FROM schools_stats st', 'FROM school_search t JOIN schools_stats st ON st.school_id = t.school_id')
        || v.fit || ' AND ng_grams(t.norm) @@ $7 AND t.norm LIKE ALL ($8)';
    END IF;
  END IF;
  EXECUTE 'SELECT count(*) FROM (' || v_rows || ' LIMIT $13) x' INTO v_found
    USING p.areas, p.category, p.days, p.age, p_now, p_until, v_query, v_like, p.near, p.radius, NULL::text, NULL::uuid, p_cap, p_probe,
      p.time_from, p.time_until, p.child_rating;
  RETURN v_found;
END $$
