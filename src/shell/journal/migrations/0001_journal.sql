-- The journal of one site. Times are microseconds; records are the JSON lines of domain/record.

-- "dvjl": tells our file from another program's.
PRAGMA application_id = 1685482092;

-- The HMAC chain (shell/journal/chain): transitions, acts, configurations, starts and stops whole;
-- groups of inputs and checkpoints by their digest. Rows are never changed or deleted.
CREATE TABLE chain (
    n    INTEGER PRIMARY KEY,  -- from 1, no hole
    kind INTEGER NOT NULL,
    body TEXT NOT NULL,
    mac  BLOB NOT NULL         -- HMAC-SHA256, 32 bytes
) STRICT;

-- Every input in the order that the engine stepped them. Rows of one commit are one group in the
-- chain; they may be pruned, the chain stays whole.
CREATE TABLE input (
    id   INTEGER PRIMARY KEY,  -- from 1, no hole; not the number of a reading
    body TEXT NOT NULL
) STRICT;

-- Where in the chain a transition stands.
CREATE TABLE transition (
    seq INTEGER PRIMARY KEY,
    n   INTEGER NOT NULL REFERENCES chain (n)
) STRICT;

-- The latest transition of each occurrence: the alarm list, newest first, without a scan.
CREATE TABLE alarm (
    occurrence TEXT PRIMARY KEY,  -- UUID
    seq        INTEGER NOT NULL REFERENCES transition (seq),
    bed        TEXT,              -- null: service-wide
    session    TEXT,              -- UUID
    wall_us    INTEGER NOT NULL   -- of that transition
) STRICT, WITHOUT ROWID;
CREATE INDEX alarm_by_seq ON alarm (seq);

-- The engine's state as of everything up to and with `input`. Only the newest is kept.
CREATE TABLE checkpoint (
    n     INTEGER PRIMARY KEY REFERENCES chain (n),
    input INTEGER NOT NULL,
    state BLOB NOT NULL
) STRICT;

-- One row. `clean` is 0 from open to close; the head is the chain's last entry.
CREATE TABLE meta (
    one   INTEGER PRIMARY KEY CHECK (one = 1),
    clean INTEGER NOT NULL,
    head  INTEGER NOT NULL,
    mac   BLOB NOT NULL
) STRICT;
INSERT INTO meta (one, clean, head, mac) VALUES (1, 1, 0, zeroblob(32));
