CREATE FUNCTION schools_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM index_schools(ARRAY(SELECT id FROM added ORDER BY id));
  RETURN NULL;
END $$;

CREATE FUNCTION schools_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM index_schools(ARRAY[NEW.id]);
  RETURN NULL;
END $$;

CREATE FUNCTION areas_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM index_schools(ARRAY(SELECT id FROM schools WHERE area_code = NEW.code ORDER BY id));
  RETURN NULL;
END $$;

CREATE FUNCTION categories_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM index_schools(ARRAY(SELECT id FROM schools WHERE category_code = NEW.code ORDER BY id));
  RETURN NULL;
END $$;

CREATE TRIGGER schools_indexed_insert AFTER INSERT ON schools REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION schools_inserted();
CREATE TRIGGER schools_indexed_update
  AFTER UPDATE OF name, name_kana, summary, description, area_code, category_code, status, published_at, deleted_at ON schools
  FOR EACH ROW EXECUTE FUNCTION schools_updated();
CREATE TRIGGER areas_indexed_update AFTER UPDATE OF name ON areas
  FOR EACH ROW WHEN (OLD.name <> NEW.name) EXECUTE FUNCTION areas_updated();
CREATE TRIGGER categories_indexed_update AFTER UPDATE OF name, kana ON categories
  FOR EACH ROW WHEN ((OLD.name, OLD.kana) IS DISTINCT FROM (NEW.name, NEW.kana)) EXECUTE FUNCTION categories_updated();
