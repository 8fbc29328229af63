CREATE FUNCTION band_review() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.age_band := review_age_band(NEW.booking_id);
  RETURN NEW;
END $$
