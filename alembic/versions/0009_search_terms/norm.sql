-- As in 0001, but with every dash as the long vowel: NFKC makes the full-width hyphen-minus an ASCII one, and サッカ－ was not サッカー.
-- Names and queries are written alike, so a hyphen between words or numbers still finds itself.
CREATE OR REPLACE FUNCTION ng_norm(t text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 500 AS $$
  SELECT translate(lower(normalize(t, NFKC) COLLATE "C"),
    'ァアィイゥウェエォオカガキギクグケゲコゴサザシジスズセゼソゾタダチヂッツヅテデトドナニヌネノハバパヒビピフブプヘベペホボポマミムメモャヤュユョヨラリルレロヮワヰヱヲンヴヵヶ‐‑‒–—―−-〜~ 　・,.、。!?「」()[]/|',
    'ぁあぃいぅうぇえぉおかがきぎくぐけげこごさざしじすずせぜそぞただちぢっつづてでとどなにぬねのはばぱひびぴふぶぷへべぺほぼぽまみむめもゃやゅゆょよらりるれろゎわゐゑをんゔゕゖーーーーーーーーーー')
$$
