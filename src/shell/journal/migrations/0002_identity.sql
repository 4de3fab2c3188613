-- Who may use the service. Times are microseconds since 1970. No password, token or cookie is in
-- here, only hashes of them.

-- Users are disabled, never deleted: their names stand in the journal.
CREATE TABLE user (
    name       TEXT PRIMARY KEY,  -- [a-z0-9._-]{1,32}
    role       TEXT NOT NULL CHECK (role IN ('viewer', 'nurse', 'lead', 'admin')),
    password   TEXT NOT NULL,     -- argon2id, as a PHC string
    disabled   INTEGER NOT NULL CHECK (disabled IN (0, 1)),
    created_us INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Tokens of machines; revoked, never deleted.
CREATE TABLE token (
    name       TEXT PRIMARY KEY,  -- [a-z0-9._-]{1,32}
    role       TEXT NOT NULL CHECK (role IN ('viewer', 'nurse', 'lead', 'admin')),
    hash       BLOB NOT NULL UNIQUE,  -- SHA-256
    created_us INTEGER NOT NULL,
    revoked_us INTEGER            -- null: in force
) STRICT, WITHOUT ROWID;

-- Log-ins under way; one goes at its log-out, and when a later log-in finds it 12 h old.
CREATE TABLE log_in (
    hash      BLOB PRIMARY KEY,   -- SHA-256 of the cookie's secret
    user      TEXT NOT NULL REFERENCES user (name),
    began_us  INTEGER NOT NULL,
    active_us INTEGER NOT NULL    -- of the last request that a person made
) STRICT, WITHOUT ROWID;
CREATE INDEX log_in_by_user ON log_in (user);

-- Log-ins, refusals, log-outs and changes of users and tokens. Rows are only added.
CREATE TABLE audit_identity (
    id           INTEGER PRIMARY KEY,
    at_us        INTEGER NOT NULL,
    who          TEXT NOT NULL,   -- a user, `token:NAME`, `command-line`, or empty: nobody known
    what         TEXT NOT NULL,
    from_address TEXT NOT NULL,   -- empty: this machine's command line
    detail       TEXT NOT NULL
) STRICT;
