-- In every read model: what it has read of the log.
CREATE TABLE projection (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    format   INTEGER NOT NULL,   -- of these tables; another one is rebuilt
    log_id   BLOB    NOT NULL,   -- the log it was built from
    position INTEGER NOT NULL,   -- the last event it has read
    leaf     BLOB    NOT NULL,   -- that event's leaf hash: a restored log has another one there
    changed  INTEGER NOT NULL,   -- the last event that it did something with
    skipped  INTEGER NOT NULL    -- events of types that this release does not know
) STRICT;
