-- Orders and their status, and whether the bar takes more.

CREATE TABLE placed_order (
    order_id      TEXT    PRIMARY KEY,
    position      INTEGER NOT NULL,
    ticket        INTEGER NOT NULL,
    guest         TEXT    NOT NULL,
    drink_id      TEXT    NOT NULL,
    drink_version INTEGER NOT NULL,   -- a version never changes: the drink as it was ordered
    drink_name    TEXT    NOT NULL,
    quantity      INTEGER NOT NULL,
    note          TEXT    NOT NULL,
    status        TEXT    NOT NULL,
    placed_by     TEXT    NOT NULL,
    created_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The queue, oldest first. Only what waits is in it, so it stays as short as the queue.
CREATE INDEX waiting_order ON placed_order (position)
WHERE status IN ('pending', 'in_progress');

-- Every move after the first status.
CREATE TABLE order_step (
    order_id TEXT    NOT NULL,
    position INTEGER NOT NULL,
    status   TEXT    NOT NULL,
    at       INTEGER NOT NULL,
    by       TEXT    NOT NULL,
    reason   TEXT,
    PRIMARY KEY (order_id, position)
) STRICT, WITHOUT ROWID;

-- Every version of every drink, as its event said it: what an order's drink_version names.
CREATE TABLE drink_version (
    drink_id TEXT    NOT NULL,
    version  INTEGER NOT NULL,
    data     TEXT    NOT NULL,
    PRIMARY KEY (drink_id, version)
) STRICT, WITHOUT ROWID;

-- How long drinks took from the tap to the counter.
CREATE TABLE make_time (
    position INTEGER PRIMARY KEY,
    seconds  INTEGER NOT NULL
) STRICT;

CREATE TABLE bar (
    one              INTEGER PRIMARY KEY CHECK (one = 1),
    accepting_orders INTEGER NOT NULL,
    message          TEXT
) STRICT;
INSERT INTO bar VALUES (1, 1, NULL);

-- The languages the menu is written in: English, and what drinks were translated into.
CREATE TABLE language (
    tag TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
INSERT INTO language VALUES ('en');

--# on DrinkCreated
INSERT INTO drink_version VALUES (:data ->> 'drink_id', :version, :data);
INSERT OR IGNORE INTO language SELECT key FROM json_each(:data, '$.translations');

--# on OrderPlaced
INSERT INTO placed_order VALUES (
    :data ->> 'order_id', :position, :data ->> 'ticket', :data ->> 'guest',
    :data ->> '$.drink.id', :data ->> '$.drink.version', :data ->> '$.drink.name',
    :data ->> 'quantity', :data ->> 'note', 'pending', :actor, :recorded_at);

--# on OrderStatusChanged
INSERT INTO order_step VALUES (
    :data ->> 'order_id', :position, :data ->> 'to', :recorded_at, :actor, :data ->> 'reason');
UPDATE placed_order SET status = :data ->> 'to' WHERE order_id = :data ->> 'order_id';
INSERT INTO make_time
SELECT :position, (:recorded_at - created_at) / 1000000 FROM placed_order
WHERE order_id = :data ->> 'order_id' AND :data ->> 'to' = 'ready';

--# on OrderingPaused
UPDATE bar SET accepting_orders = 0, message = :data ->> 'message';

--# on OrderingResumed
UPDATE bar SET accepting_orders = 1, message = :data ->> 'message';
