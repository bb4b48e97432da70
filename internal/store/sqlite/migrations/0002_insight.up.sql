-- What models said of vehicles, the models themselves, and what mechanics found: the labels.

CREATE TABLE predictions (
  tenant_id  BLOB NOT NULL,
  id         BLOB NOT NULL,
  vehicle_id BLOB NOT NULL,
  at         INTEGER NOT NULL, -- one time for all that one run said
  topic      TEXT NOT NULL,
  part       TEXT NOT NULL,
  urgency    INTEGER NOT NULL, -- the rank, for the order
  document   TEXT NOT NULL,    -- the prediction as JSON
  created    INTEGER NOT NULL,
  deleted    INTEGER,
  PRIMARY KEY (tenant_id, id)
) WITHOUT ROWID;
CREATE INDEX predictions_of ON predictions (tenant_id, vehicle_id, topic, at DESC) WHERE deleted IS NULL;
CREATE INDEX predictions_recent ON predictions (tenant_id, at DESC, id DESC) WHERE deleted IS NULL;

CREATE TABLE models (
  tenant_id  BLOB NOT NULL,
  id         BLOB NOT NULL,
  name       TEXT NOT NULL,
  version    INTEGER NOT NULL,
  vehicle_id BLOB,             -- NULL for one that holds for all
  state      TEXT NOT NULL,    -- challenger, champion or retired
  weights    TEXT NOT NULL,    -- SHA-256 of its content
  trained    INTEGER NOT NULL,
  document   TEXT NOT NULL,    -- the model's entry as JSON
  created    INTEGER NOT NULL,
  updated    INTEGER NOT NULL,
  rev        INTEGER NOT NULL,
  deleted    INTEGER,
  PRIMARY KEY (tenant_id, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX models_champion ON models (tenant_id, name, coalesce(vehicle_id, x'')) WHERE state = 'champion' AND deleted IS NULL;
CREATE INDEX models_recent ON models (tenant_id, trained DESC, id DESC) WHERE deleted IS NULL;
CREATE INDEX models_content ON models (tenant_id, weights) WHERE deleted IS NULL;

-- The weights of models, once by their content.
CREATE TABLE model_weights (
  tenant_id BLOB NOT NULL,
  sha256    TEXT NOT NULL,
  data      BLOB NOT NULL, -- zstd where that makes it smaller
  PRIMARY KEY (tenant_id, sha256)
);

CREATE TABLE outcomes (
  tenant_id  BLOB NOT NULL,
  id         BLOB NOT NULL,
  vehicle_id BLOB NOT NULL,
  order_id      BLOB,
  prediction_id BLOB,
  at         INTEGER NOT NULL,
  topic      TEXT NOT NULL,
  document   TEXT NOT NULL, -- the outcome as JSON
  created    INTEGER NOT NULL,
  updated    INTEGER NOT NULL,
  rev        INTEGER NOT NULL,
  deleted    INTEGER,
  PRIMARY KEY (tenant_id, id)
) WITHOUT ROWID;
CREATE INDEX outcomes_of ON outcomes (tenant_id, vehicle_id, at DESC, id DESC) WHERE deleted IS NULL;

-- The prediction whose proposal an order was made of.
ALTER TABLE orders ADD COLUMN prediction_id BLOB;

-- As the vehicle is driven; the work of its brakes follows from it.
ALTER TABLE vehicles ADD COLUMN mass_kg REAL;
