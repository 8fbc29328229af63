-- Text follows classes and instructors, set by set; and everything else of a school that can be searched for.
CREATE FUNCTION school_parts_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM index_schools(ARRAY(SELECT DISTINCT school_id FROM changed ORDER BY school_id));
  RETURN NULL;
END $$;

-- Seats, prices and pictures are no words: only what can be read is compared.
CREATE FUNCTION school_part_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM index_schools(ARRAY[NEW.school_id]);
  RETURN NULL;
END $$;

CREATE TRIGGER classes_indexed_insert AFTER INSERT ON classes REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION school_parts_changed();
CREATE TRIGGER classes_indexed_delete AFTER DELETE ON classes REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION school_parts_changed();
CREATE TRIGGER classes_indexed_update AFTER UPDATE OF title, description, deleted_at ON classes
  FOR EACH ROW WHEN ((OLD.title, OLD.description, OLD.deleted_at) IS DISTINCT FROM (NEW.title, NEW.description, NEW.deleted_at))
  EXECUTE FUNCTION school_part_updated();
CREATE TRIGGER instructors_indexed_insert AFTER INSERT ON instructors REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION school_parts_changed();
CREATE TRIGGER instructors_indexed_delete AFTER DELETE ON instructors REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION school_parts_changed();
CREATE TRIGGER instructors_indexed_update AFTER UPDATE OF name, name_kana, deleted_at ON instructors
  FOR EACH ROW WHEN ((OLD.name, OLD.name_kana, OLD.deleted_at) IS DISTINCT FROM (NEW.name, NEW.name_kana, NEW.deleted_at))
  EXECUTE FUNCTION school_part_updated();

DROP TRIGGER schools_indexed_update ON schools;
CREATE TRIGGER schools_indexed_update
  AFTER UPDATE OF name, name_kana, summary, description, address, access, area_code, category_code, safety_badge, status,
    published_at, deleted_at ON schools
  FOR EACH ROW EXECUTE FUNCTION schools_updated();
DROP TRIGGER areas_indexed_update ON areas;
CREATE TRIGGER areas_indexed_update AFTER UPDATE OF name, kana, prefecture ON areas
  FOR EACH ROW WHEN ((OLD.name, OLD.kana, OLD.prefecture) IS DISTINCT FROM (NEW.name, NEW.kana, NEW.prefecture))
  EXECUTE FUNCTION areas_updated();
