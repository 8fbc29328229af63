-- Counts published reviews per target, voice (the trigger's argument) and stars, whatever way their rows change,
-- so that averages and distributions never read the reviews themselves.
CREATE FUNCTION tally_reviews() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP IN ('DELETE', 'UPDATE') THEN
    UPDATE review_tallies t SET number = t.number - g.number
    FROM (SELECT target_id, rating, count(*)::int AS number FROM gone WHERE status = 'published' GROUP BY 1, 2) g
    WHERE t.target_id = g.target_id AND t.voice = TG_ARGV[0] AND t.rating = g.rating;
  END IF;
  IF TG_OP IN ('INSERT', 'UPDATE') THEN
    INSERT INTO review_tallies (target_id, voice, rating, number)
    SELECT target_id, TG_ARGV[0], rating, count(*) FROM fresh WHERE status = 'published' GROUP BY 1, 3 ORDER BY 1, 3
    ON CONFLICT (target_id, voice, rating) DO UPDATE SET number = review_tallies.number + excluded.number;
  END IF;
  RETURN NULL;
END $$
