-- What can be found of a school: names, words, area, place, genre, classes, instructors and the synonyms of all that.
-- Fields end with a line break, so words never join across them. naraigoto/demo/bulk.py writes the same for many.
CREATE FUNCTION school_text(p_id uuid) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
  v_text text;
  v_genre text;
BEGIN
  SELECT concat_ws(E'\n', ng_norm(s.name), ng_norm(s.name_kana), ng_norm(s.summary), ng_norm(s.description),
      ng_norm(a.prefecture) || ng_norm(a.name), ng_norm(a.kana), ng_norm(s.address), ng_norm(s.access), ng_norm(c.name), ng_norm(c.kana),
      (SELECT string_agg(ng_norm(k.title) || E'\n' || ng_norm(k.description), E'\n' ORDER BY k.id)
       FROM classes k WHERE k.school_id = s.id AND k.deleted_at IS NULL),
      (SELECT string_agg(ng_norm(i.name) || E'\n' || ng_norm(i.name_kana), E'\n' ORDER BY i.id)
       FROM instructors i WHERE i.school_id = s.id AND i.deleted_at IS NULL)),
    s.category_code INTO v_text, v_genre
  FROM schools s JOIN areas a ON a.code = s.area_code JOIN categories c ON c.code = s.category_code WHERE s.id = p_id;
  RETURN concat_ws(E'\n', v_text, (
    SELECT string_agg(DISTINCT also.form COLLATE "C", E'\n' ORDER BY also.form COLLATE "C")
    FROM search_terms t CROSS JOIN LATERAL (VALUES (t.norm), (t.kana)) also(form)
    WHERE t.kind IN ('genre', 'word') AND (t.code = v_genre OR EXISTS (
      SELECT 1 FROM search_terms said WHERE said.kind = t.kind AND said.code = t.code AND strpos(v_text, said.norm) > 0))));
END $$
