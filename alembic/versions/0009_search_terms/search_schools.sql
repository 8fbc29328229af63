-- One page of published schools. p_sort: recommended, rating, newest (all descending), distance (ascending).
-- p_key and p_id: where the last page ended (rank_key as text, exact for every order).
-- The plans are made anew for each call (EXECUTE), with the values known; nothing evaluates ng_* per row.
CREATE FUNCTION search_schools(
  p search_filters, p_sort text, p_key text, p_id uuid, p_limit int, p_now timestamptz, p_until timestamptz, p_probe int DEFAULT 2000
) RETURNS TABLE (school_id uuid, rank_key text, route text)
LANGUAGE plpgsql STABLE ROWS 20 SET plan_cache_mode = force_custom_plan SET jit = off SET enable_seqscan = off
SET enable_hashjoin = off SET enable_mergejoin = off SET max_parallel_workers_per_gather = 0 AS $$
#variable_conflict use_column
DECLARE
  v_query tsquery := ng_tsquery(p.q);
  v_like text[] := ng_like(p.q);
  v_key text := CASE p_sort WHEN 'rating' THEN 'st.rating_score' WHEN 'newest' THEN 'st.published_at' ELSE 'st.score' END;
  v_type text := CASE p_sort WHEN 'newest' THEN 'timestamptz' WHEN 'distance' THEN 'float8' ELSE 'int' END;
  v record;
  v_after text := '';
  v_walk text;
  v_set text;
  v_size text;
  v_found int;
  v_ring float8;
  v_top int;
  v_local text := CASE WHEN p.category IS NULL THEN '' ELSE ' AND s.category_code = $2' END;   -- an index has genre and place
  v_near int;
  v_order text;
  v_ids uuid[];
  v_keys int[];
  v_rare boolean;   -- whether the words are rarer than one school in fifty: then their index narrows the most
  v_sample text := 'SELECT count(*) * 50 < $14 FROM (SELECT 1 FROM
    (SELECT st.school_id FROM schools_stats st ORDER BY st.score DESC, st.school_id DESC LIMIT $14) st WHERE true';
BEGIN
  p_probe := greatest(p_probe, p_limit);
  SELECT * INTO v FROM search_pieces(p);

  IF p_sort = 'recommended' AND p.radius IS NOT NULL THEN
    -- Nearness counts (10 m = 1 point). Grow the ring until nothing outside it can still enter the page.
    SELECT max(st.score) INTO v_top FROM schools_stats st;
    v_ring := least(p.radius, 500);
    IF p_key IS NOT NULL THEN v_after := ' WHERE (m.key, m.school_id) < ($11::int, $12)'; END IF;
    LOOP
      IF v_ring * 1.01 >= p.radius THEN v_ring := p.radius; END IF;
      -- On a sphere while the ring grows (three times as fast), on the spheroid for the circle that was asked for.
      v_set := 'SELECT st.school_id, st.score - floor(ST_Distance(s.location, $9, false) / 10)::int AS key
        FROM schools s JOIN schools_stats st ON st.school_id = s.id WHERE ST_DWithin(s.location, $9, $10, $14)' || v_local || v.place || v.mark;
      IF v_query IS NOT NULL AND v_rare IS NULL AND v_ids IS NOT NULL AND (v_ring > 8000 OR cardinality(v_ids) < p_limit) THEN
        EXECUTE v_sample || v.words || ' LIMIT $14 / 50 + 1) x' INTO v_rare
          USING p.areas, p.category, p.days, p.age, p_now, p_until, v_query, v_like, p.near, p.radius, p_key, p_id, p_limit, p_probe;
      END IF;
      IF v_rare THEN
        v_set := 'WITH named AS MATERIALIZED (SELECT t.school_id FROM school_search t WHERE ng_grams(t.norm) @@ $7 AND t.norm LIKE ALL ($8)) '
          || replace(v_set, 'FROM schools s', 'FROM named JOIN schools s ON s.id = named.school_id');
      END IF;
      -- Best first, so that words and slots are asked only until the page is full.
      EXECUTE 'SELECT coalesce(array_agg(p.school_id ORDER BY p.key DESC, p.school_id DESC), ''{}''), array_agg(p.key ORDER BY p.key DESC, p.school_id DESC)
        FROM (SELECT st.school_id, st.key FROM (SELECT m.school_id, m.key FROM (' || v_set || ') m' || v_after
          || ' ORDER BY m.key DESC, m.school_id DESC OFFSET 0) st WHERE true' || v.fit || CASE WHEN v_rare THEN '' ELSE v.words END || ' LIMIT $13) p'
        INTO v_ids, v_keys
        USING p.areas, p.category, p.days, p.age, p_now, p_until, v_query, v_like, p.near, v_ring, p_key, p_id, p_limit, v_ring = p.radius,
          p.time_from, p.time_until, p.child_rating;
      IF v_ring >= p.radius OR v_keys[p_limit] > v_top - floor(v_ring / 10) THEN
        RETURN QUERY SELECT u.id, u.key::text, 'ring' FROM unnest(v_ids, v_keys) WITH ORDINALITY u(id, key, place) ORDER BY u.place;
        RETURN;
      END IF;
      -- A full page tells how far at most something better can be.
      v_ring := least(p.radius, coalesce((v_top - v_keys[p_limit] + 1) * 10, v_ring * 2));
    END LOOP;
  END IF;

  -- 1. Walk the order over at most p_probe rows.
  IF p_sort = 'distance' THEN
    IF p_key IS NOT NULL THEN v_after := ' AND (x.key, x.school_id) > ($11::float8, $12)'; END IF;
    v_walk := 'SELECT s.id AS school_id, s.location <-> $9 AS key FROM schools s WHERE true' || v_local
      || CASE WHEN p.radius IS NULL THEN '' ELSE ' AND ST_DWithin(s.location, $9, $10)' END
      || CASE WHEN p_key IS NULL THEN '' ELSE ' AND s.location <-> $9 >= $11::float8' END
      || ' ORDER BY s.location <-> $9 FETCH FIRST ($14) ROWS WITH TIES';
    v_set := 'SELECT x.school_id, x.key::text, ''walk'' FROM (' || v_walk || ') x JOIN schools_stats st ON st.school_id = x.school_id WHERE true'
      || v.place || v.mark || v.fit || v.words || v_after || ' ORDER BY x.key, x.school_id LIMIT $13';
  ELSE
    IF p_key IS NOT NULL THEN v_after := format(' AND (%s, st.school_id) < ($11::%s, $12)', v_key, v_type); END IF;
    v_walk := format('SELECT st.*, %s AS key FROM schools_stats st WHERE true %s%s ORDER BY %s DESC, st.school_id DESC LIMIT $14',
      v_key, v.place, v_after, v_key);
    IF cardinality(p.areas) > 1 AND p_sort = 'recommended' THEN
      -- An index gives the order within one area: walk each of them, then merge.
      v_walk := 'SELECT w.* FROM unnest($1) area(code) CROSS JOIN LATERAL (' || replace(v_walk, '= ANY ($1)', '= area.code')
        || ') w ORDER BY w.key DESC, w.school_id DESC LIMIT $14';
    END IF;
    v_set := 'SELECT st.school_id, st.key::text, ''walk'' FROM (' || v_walk || ') st WHERE true'
      || v.mark || v.fit || v.words || v.circle || ' ORDER BY st.key DESC, st.school_id DESC LIMIT $13';
  END IF;
  RETURN QUERY EXECUTE v_set
    USING p.areas, p.category, p.days, p.age, p_now, p_until, v_query, v_like, p.near, p.radius, p_key, p_id, p_limit, p_probe,
      p.time_from, p.time_until, p.child_rating;
  GET DIAGNOSTICS v_found = ROW_COUNT;
  IF v_found >= p_limit OR v.mark || v.fit || v.words || v.circle = '' AND p_sort <> 'distance' THEN RETURN; END IF;
  -- How many rows could be asked: when the walk saw them all, the answer is complete.
  IF p_sort <> 'distance' THEN
    v_size := 'SELECT 1 FROM schools_stats st WHERE true' || v.place || v_after;
  ELSIF p.radius IS NOT NULL THEN
    v_size := 'SELECT 1 FROM schools s WHERE ST_DWithin(s.location, $9, $10)' || v_local;
  ELSE
    v_size := 'SELECT 1 FROM schools s WHERE true' || v_local;
  END IF;
  EXECUTE 'SELECT count(*) FROM (' || v_size || ' LIMIT $14) x' INTO v_top
    USING p.areas, p.category, p.days, p.age, p_now, p_until, v_query, v_like, p.near, p.radius, p_key, p_id, p_limit,
      CASE WHEN p_sort = 'distance' THEN p_probe ELSE p_probe * 5 END;
  IF v_top < p_probe THEN RETURN; END IF;

  -- 2. What is asked for is rare: ask the rows of a small part one by one, else gather by the narrowest way; then sort.
  IF p_sort = 'distance' THEN
    v_key := 's.location <-> $9';
    v_after := replace(v_after, 'x.school_id', 'st.school_id');
    v_after := replace(v_after, 'x.key', 's.location <-> $9');
  END IF;
  IF v_query IS NOT NULL THEN
    EXECUTE v_sample || v.words || ' LIMIT $14 / 50 + 1) x' INTO v_rare
      USING p.areas, p.category, p.days, p.age, p_now, p_until, v_query, v_like, p.near, p.radius, p_key, p_id, p_limit, p_probe;
  END IF;
  v_order := CASE p_sort WHEN 'distance' THEN ' ORDER BY 2, 1' ELSE ' ORDER BY 2 DESC, 1 DESC' END;
  v_walk := '';
  v_set := format('SELECT st.school_id, %s AS key FROM schools_stats st JOIN schools s ON s.id = st.school_id%s WHERE true', v_key,
    CASE WHEN v_rare THEN ' JOIN named ON named.school_id = st.school_id' ELSE '' END) || v.place || v.mark || v_after;
  IF p.radius IS NOT NULL THEN
    v_set := v_set || ' AND ST_DWithin(s.location, $9, $10)' || v_local;
    -- A sixteenth of the circle tells about how many live there; a planner does not know.
    EXECUTE 'SELECT count(*) FROM (SELECT 1 FROM schools s WHERE ST_DWithin(s.location, $9, $10 / 4, false)' || v_local || ' LIMIT $14 * 2) x' INTO v_near
      USING p.areas, p.category, p.days, p.age, p_now, p_until, v_query, v_like, p.near, p.radius, p_key, p_id, p_limit, p_probe;
  END IF;
  IF v_near < p_probe * 2 OR p_sort <> 'distance' AND v_top < p_probe * 5 AND v.place <> '' THEN
    -- In order, so that words and slots are asked only until the page is full.
    v_set := 'SELECT st.school_id, st.key FROM (' || v_set || v_order || ' OFFSET 0) st WHERE true' || v.fit || CASE WHEN v_rare THEN '' ELSE v.words END;
    v_order := '';
  ELSE
    PERFORM set_config('enable_hashjoin', 'on', true), set_config('enable_mergejoin', 'on', true);
    v_set := v_set || replace(v.fit, ' OFFSET 0)', ')') || CASE WHEN v_rare THEN '' ELSE v.words END;
  END IF;
  IF v_rare THEN
    v_walk := 'WITH named AS MATERIALIZED (SELECT t.school_id FROM school_search t WHERE ng_grams(t.norm) @@ $7 AND t.norm LIKE ALL ($8)) ';
  END IF;
  RETURN QUERY EXECUTE v_walk || 'SELECT x.school_id, x.key::text, ''set'' FROM (' || v_set || v_order || ' OFFSET $14 LIMIT $13) x'
    USING p.areas, p.category, p.days, p.age, p_now, p_until, v_query, v_like, p.near, p.radius, p_key, p_id, p_limit - v_found, v_found,
      p.time_from, p.time_until, p.child_rating;
END $$
