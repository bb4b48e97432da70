-- Everything that a workstation keeps. Times are microseconds since 1970 in UTC, ids are UUIDv7 of 16 bytes.
-- Every row belongs to a tenant; readings and roll-ups reach theirs through their series (docs/adr/0008).

CREATE TABLE tenants (
  id      BLOB PRIMARY KEY,
  alias   TEXT UNIQUE,
  created INTEGER NOT NULL
) WITHOUT ROWID;

-- What changed, in order: the outbox of a later synchronisation reads it from where it stopped.
CREATE TABLE changes (
  seq       INTEGER PRIMARY KEY AUTOINCREMENT,
  tenant_id BLOB NOT NULL,
  kind      TEXT NOT NULL,
  id        BLOB NOT NULL,
  op        TEXT NOT NULL, -- put, delete or merge
  at        INTEGER NOT NULL
);

CREATE TABLE customers (
  tenant_id BLOB NOT NULL,
  id        BLOB NOT NULL,
  name      TEXT NOT NULL,
  phone     TEXT NOT NULL,
  email     TEXT NOT NULL,
  address   TEXT NOT NULL,
  created   INTEGER NOT NULL,
  updated   INTEGER NOT NULL,
  rev       INTEGER NOT NULL,
  deleted   INTEGER,
  PRIMARY KEY (tenant_id, id)
) WITHOUT ROWID;

CREATE TABLE vehicles (
  tenant_id   BLOB NOT NULL,
  id          BLOB NOT NULL,
  vin         TEXT NOT NULL,
  label       TEXT NOT NULL,
  plate       TEXT NOT NULL,
  maker       TEXT NOT NULL,
  model       TEXT NOT NULL,
  model_year  INTEGER NOT NULL,
  engine      TEXT NOT NULL,
  odometer_km REAL,
  customer_id BLOB,
  last_scan   INTEGER, -- kept by the scans of the vehicle
  scans       INTEGER NOT NULL DEFAULT 0,
  created     INTEGER NOT NULL,
  updated     INTEGER NOT NULL,
  rev         INTEGER NOT NULL,
  deleted     INTEGER,
  PRIMARY KEY (tenant_id, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX vehicles_vin ON vehicles (tenant_id, vin) WHERE vin <> '' AND deleted IS NULL;
CREATE INDEX vehicles_recent ON vehicles (tenant_id, last_scan DESC, id DESC) WHERE deleted IS NULL;

-- Ids of vehicles that were merged into another one.
CREATE TABLE vehicle_aliases (
  tenant_id  BLOB NOT NULL,
  alias      BLOB NOT NULL,
  vehicle_id BLOB NOT NULL,
  PRIMARY KEY (tenant_id, alias)
) WITHOUT ROWID;
CREATE INDEX vehicle_aliases_of ON vehicle_aliases (tenant_id, vehicle_id);

CREATE TABLE scans (
  tenant_id  BLOB NOT NULL,
  id         BLOB NOT NULL,
  vehicle_id BLOB NOT NULL,
  vin        TEXT NOT NULL,
  started    INTEGER NOT NULL,
  ended      INTEGER NOT NULL,
  mil        INTEGER NOT NULL,
  codes      INTEGER NOT NULL,
  verdict    TEXT NOT NULL,
  protocol   TEXT NOT NULL,
  adapter    TEXT NOT NULL,
  recording  TEXT NOT NULL, -- SHA-256 of a file, or ''
  read_stored    INTEGER NOT NULL, -- the list was read in full
  read_pending   INTEGER NOT NULL,
  read_permanent INTEGER NOT NULL,
  document   BLOB NOT NULL, -- the whole scan as JSON, zstd
  created    INTEGER NOT NULL,
  deleted    INTEGER,
  PRIMARY KEY (tenant_id, id)
) WITHOUT ROWID;
CREATE INDEX scans_recent ON scans (tenant_id, started DESC, id DESC) WHERE deleted IS NULL;
CREATE INDEX scans_of ON scans (tenant_id, vehicle_id, started DESC, id DESC) WHERE deleted IS NULL;

-- The control units that answered in a scan: a code is only gone when its unit was asked and did not hold it.
CREATE TABLE scan_units (
  tenant_id BLOB NOT NULL,
  scan_id   BLOB NOT NULL,
  ecu       INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, scan_id, ecu)
) WITHOUT ROWID;

CREATE TABLE scan_codes (
  tenant_id  BLOB NOT NULL,
  scan_id    BLOB NOT NULL,
  ecu        INTEGER NOT NULL,
  code       TEXT NOT NULL,
  kind       TEXT NOT NULL,
  vehicle_id BLOB NOT NULL,
  started    INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, scan_id, ecu, code, kind)
) WITHOUT ROWID;
CREATE INDEX scan_codes_of ON scan_codes (tenant_id, vehicle_id, code, ecu, kind, started);
CREATE INDEX scan_codes_code ON scan_codes (tenant_id, code, started);

CREATE TABLE scan_frames (
  tenant_id  BLOB NOT NULL,
  scan_id    BLOB NOT NULL,
  ecu        INTEGER NOT NULL,
  idx        INTEGER NOT NULL,
  code       TEXT NOT NULL,
  vehicle_id BLOB NOT NULL,
  started    INTEGER NOT NULL,
  document   TEXT NOT NULL, -- the frame as JSON
  PRIMARY KEY (tenant_id, scan_id, ecu, idx, code)
) WITHOUT ROWID;

CREATE TABLE scan_tests (
  tenant_id  BLOB NOT NULL,
  vehicle_id BLOB NOT NULL,
  ecu        INTEGER NOT NULL,
  mid        INTEGER NOT NULL, -- -1 on the older lines
  tid        INTEGER NOT NULL,
  part       INTEGER NOT NULL, -- -1 on CAN
  started    INTEGER NOT NULL,
  scan_id    BLOB NOT NULL,
  nth        INTEGER NOT NULL, -- some control units report one test twice
  document   TEXT NOT NULL, -- the test as JSON
  PRIMARY KEY (tenant_id, vehicle_id, ecu, mid, tid, part, started, scan_id, nth)
) WITHOUT ROWID;
CREATE INDEX scan_tests_scan ON scan_tests (tenant_id, scan_id);

CREATE TABLE series (
  id         INTEGER PRIMARY KEY,
  tenant_id  BLOB NOT NULL,
  vehicle_id BLOB NOT NULL,
  signal     TEXT NOT NULL,
  ecu        INTEGER NOT NULL,
  name       TEXT NOT NULL,
  unit       TEXT NOT NULL,
  UNIQUE (tenant_id, vehicle_id, signal, ecu)
);

CREATE TABLE readings (
  series INTEGER NOT NULL,
  at     INTEGER NOT NULL,
  value  REAL NOT NULL,
  PRIMARY KEY (series, at)
) WITHOUT ROWID;

-- The word of a reading that has one: states and texts.
CREATE TABLE reading_texts (
  series INTEGER NOT NULL,
  at     INTEGER NOT NULL,
  text   TEXT NOT NULL,
  PRIMARY KEY (series, at)
) WITHOUT ROWID;

-- Readings of a stretch of time in one row. step is its length in seconds, start its number since 1970.
CREATE TABLE rollups (
  series INTEGER NOT NULL,
  step   INTEGER NOT NULL,
  start  INTEGER NOT NULL,
  n      INTEGER NOT NULL,
  lo     REAL NOT NULL,
  hi     REAL NOT NULL,
  total  REAL NOT NULL,
  PRIMARY KEY (series, step, start)
) WITHOUT ROWID;

CREATE TABLE trips (
  tenant_id  BLOB NOT NULL,
  id         BLOB NOT NULL,
  vehicle_id BLOB NOT NULL,
  started    INTEGER NOT NULL,
  ended      INTEGER NOT NULL,
  document   TEXT NOT NULL, -- the trip as JSON
  PRIMARY KEY (tenant_id, id)
) WITHOUT ROWID;
CREATE INDEX trips_of ON trips (tenant_id, vehicle_id, started DESC, id DESC);
CREATE INDEX trips_recent ON trips (tenant_id, started DESC, id DESC);

CREATE TABLE orders (
  tenant_id   BLOB NOT NULL,
  id          BLOB NOT NULL,
  vehicle_id  BLOB NOT NULL,
  customer_id BLOB,
  number      TEXT NOT NULL,
  title       TEXT NOT NULL,
  state       TEXT NOT NULL,
  opened      INTEGER NOT NULL,
  closed      INTEGER,
  before_scan BLOB,
  after_scan  BLOB,
  created     INTEGER NOT NULL,
  updated     INTEGER NOT NULL,
  rev         INTEGER NOT NULL,
  deleted     INTEGER,
  PRIMARY KEY (tenant_id, id)
) WITHOUT ROWID;
CREATE INDEX orders_of ON orders (tenant_id, vehicle_id, opened DESC, id DESC) WHERE deleted IS NULL;

CREATE TABLE notes (
  tenant_id  BLOB NOT NULL,
  id         BLOB NOT NULL,
  vehicle_id BLOB,
  scan_id    BLOB,
  order_id   BLOB,
  text       TEXT NOT NULL,
  created    INTEGER NOT NULL,
  updated    INTEGER NOT NULL,
  rev        INTEGER NOT NULL,
  deleted    INTEGER,
  PRIMARY KEY (tenant_id, id)
) WITHOUT ROWID;
CREATE INDEX notes_of ON notes (tenant_id, vehicle_id, id DESC) WHERE deleted IS NULL;

CREATE TABLE files (
  tenant_id  BLOB NOT NULL,
  id         BLOB NOT NULL,
  vehicle_id BLOB,
  scan_id    BLOB,
  order_id   BLOB,
  sha256     TEXT NOT NULL,
  name       TEXT NOT NULL,
  type       TEXT NOT NULL,
  size       INTEGER NOT NULL,
  kind       TEXT NOT NULL,
  created    INTEGER NOT NULL,
  updated    INTEGER NOT NULL,
  rev        INTEGER NOT NULL,
  deleted    INTEGER,
  PRIMARY KEY (tenant_id, id)
) WITHOUT ROWID;
CREATE INDEX files_content ON files (tenant_id, sha256) WHERE deleted IS NULL;
CREATE INDEX files_of ON files (tenant_id, vehicle_id, id DESC) WHERE deleted IS NULL;

-- The content of files in pieces, each compressed where that makes it smaller.
CREATE TABLE file_pieces (
  tenant_id BLOB NOT NULL,
  sha256    TEXT NOT NULL,
  nth       INTEGER NOT NULL,
  packed    INTEGER NOT NULL, -- zstd
  data      BLOB NOT NULL,
  PRIMARY KEY (tenant_id, sha256, nth)
);

CREATE TABLE cards (
  tenant_id BLOB NOT NULL,
  identity  TEXT NOT NULL,
  document  TEXT NOT NULL,
  updated   INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, identity)
) WITHOUT ROWID;

CREATE TABLE imports (
  tenant_id  BLOB NOT NULL,
  id         BLOB NOT NULL,
  key        TEXT NOT NULL,
  name       TEXT NOT NULL,
  format     TEXT NOT NULL,
  at         INTEGER NOT NULL,
  vehicle_id BLOB,
  readings   INTEGER NOT NULL,
  scans      INTEGER NOT NULL,
  rejected   INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, key)
) WITHOUT ROWID;

-- One row for each thing that can be found; its words are in search_words under the same rowid.
CREATE TABLE search_rows (
  row        INTEGER PRIMARY KEY,
  tenant_id  BLOB NOT NULL,
  kind       TEXT NOT NULL,
  id         BLOB NOT NULL,
  vehicle_id BLOB,
  at         INTEGER NOT NULL,
  title      TEXT NOT NULL,
  state      TEXT NOT NULL, -- of a work order
  verdict    TEXT NOT NULL, -- of a scan
  mil        TEXT NOT NULL, -- on or off, of a scan
  UNIQUE (tenant_id, kind, id)
);
CREATE INDEX search_rows_of ON search_rows (tenant_id, vehicle_id);
CREATE VIRTUAL TABLE search_words USING fts5 (title, body, tokenize = "unicode61 remove_diacritics 2", prefix = '2 3');
