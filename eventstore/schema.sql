-- The log. These four tables are a public contract: columns are added, never renamed or dropped.

-- One row an event, written once.
CREATE TABLE event (
    position       INTEGER PRIMARY KEY,  -- 1 for the first, dense: assigned inside the commit
    stream         TEXT    NOT NULL,     -- drink-ID, order-ID, ...
    version        INTEGER NOT NULL,     -- place in the stream, 1 for the first, dense
    id             BLOB    NOT NULL,     -- UUIDv7, 16 bytes; ordered as position, which verify checks
    type           TEXT    NOT NULL,     -- DrinkCreated, ...: in the catalogue
    schema         INTEGER NOT NULL,     -- the version of the type's JSON Schema that data follows
    recorded_at    INTEGER NOT NULL,     -- microseconds since 1970 UTC, strictly rising
    actor          TEXT    NOT NULL,     -- guest:NAME, staff:NAME, cli:USER, system:PART
    command_id     BLOB    NOT NULL,     -- 16 bytes, shared by the events of one command
    correlation_id BLOB    NOT NULL,     -- the command that a chain of commands began with
    causation_id   BLOB,                 -- the event that caused the command, if one did
    key_id         BLOB,                 -- which guest's key encrypts parts of data
    data           TEXT    NOT NULL,     -- JSON, never changed
    leaf           BLOB    NOT NULL,     -- RFC 6962 leaf hash over all columns before it
    UNIQUE (stream, version)
) STRICT;

-- What a command with an Idempotency-Key led to. Numbered in order and not indexed by id: random
-- keys in a tree cost more with every order; the writer keeps the last 24 hours in memory.
CREATE TABLE command (
    number         INTEGER PRIMARY KEY,
    id             BLOB    NOT NULL,     -- 16 bytes of SHA-256 over caller, route and key
    fingerprint    BLOB    NOT NULL,     -- 16 bytes of SHA-256 over the request
    first_position INTEGER NOT NULL,
    last_position  INTEGER NOT NULL,
    recorded_at    INTEGER NOT NULL,
    reply          BLOB    NOT NULL      -- what the answer is rebuilt from: kind and id, no words
) STRICT;

-- One row: where the log ends. Changed in the same transaction as every append.
CREATE TABLE head (
    one            INTEGER PRIMARY KEY CHECK (one = 1),
    log_id         BLOB    NOT NULL,     -- 16 bytes, made at the first start
    format         INTEGER NOT NULL,     -- of this file; a newer one is refused
    position       INTEGER NOT NULL,
    frontier       BLOB    NOT NULL      -- roots of the perfect subtrees, largest first, 32 bytes each
) STRICT;

-- Signed tree heads, at most one a second.
CREATE TABLE checkpoint (
    size           INTEGER PRIMARY KEY,  -- number of events it covers
    root           BLOB    NOT NULL,     -- RFC 6962 tree hash, 32 bytes
    note           TEXT    NOT NULL,     -- C2SP tlog-checkpoint, signed
    frontier       BLOB    NOT NULL      -- so that a start verifies only what came after
) STRICT;

CREATE TRIGGER event_is_never_updated BEFORE UPDATE ON event
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;

CREATE TRIGGER event_is_never_deleted BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
