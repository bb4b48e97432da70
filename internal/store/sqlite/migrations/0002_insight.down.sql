ALTER TABLE vehicles DROP COLUMN mass_kg;
ALTER TABLE orders DROP COLUMN prediction_id;
DROP TABLE outcomes;
DROP TABLE model_weights;
DROP TABLE models;
DROP TABLE predictions;
DELETE FROM search_words WHERE rowid IN (SELECT row FROM search_rows WHERE kind IN ('prediction', 'model', 'outcome'));
DELETE FROM search_rows WHERE kind IN ('prediction', 'model', 'outcome');
