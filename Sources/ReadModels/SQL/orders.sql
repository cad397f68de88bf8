-- Orders and their status, and whether the bar takes more.

CREATE TABLE placed_order (
    position      INTEGER PRIMARY KEY,  -- of its first event: the order in which orders came
    order_id      TEXT    NOT NULL UNIQUE,
    ticket        INTEGER NOT NULL,
    guest_id      TEXT,                 -- NULL where staff placed it by hand
    username      TEXT    NOT NULL,     -- who it is for; empty once they are forgotten
    drink_id      TEXT    NOT NULL,
    drink_version INTEGER NOT NULL,   -- a version never changes: the drink as it was ordered
    drink_name    TEXT    NOT NULL,
    quantity      INTEGER NOT NULL,
    note          TEXT    NOT NULL,
    status        TEXT    NOT NULL,
    placed_by     TEXT    NOT NULL,
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL
) STRICT;

-- The queue and every other list of the host's, oldest first.
CREATE INDEX order_of_status ON placed_order (status);   -- and by position, which an index ends with
-- A guest's own.
CREATE INDEX order_of_guest ON placed_order (guest_id);
-- What was done today, and last.
CREATE INDEX completed_order ON placed_order (updated_at) WHERE status = 'completed';

-- The names that orders are for.
CREATE TABLE guest (
    guest_id TEXT PRIMARY KEY,
    username TEXT NOT NULL
) STRICT, WITHOUT ROWID;

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

-- Every version of every drink, as a bartender needs it: what an order's drink_version names.
CREATE TABLE drink_version (
    drink_id TEXT    NOT NULL,
    version  INTEGER NOT NULL,
    document TEXT    NOT NULL,   -- JSON
    PRIMARY KEY (drink_id, version)
) STRICT, WITHOUT ROWID;

-- Which of them an ingredient stands in, as itself or as a substitute.
CREATE TABLE version_ingredient (
    ingredient TEXT    NOT NULL,
    drink_id   TEXT    NOT NULL,
    version    INTEGER NOT NULL,
    PRIMARY KEY (ingredient, drink_id, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE bar (
    one              INTEGER PRIMARY KEY CHECK (one = 1),
    accepting_orders INTEGER NOT NULL,
    message          TEXT,
    name             TEXT    NOT NULL,
    show_recipes     INTEGER NOT NULL,
    max_active_orders INTEGER,          -- NULL: as barback was started
    wait_minutes     INTEGER NOT NULL,
    late_minutes     INTEGER NOT NULL,
    settings_version INTEGER NOT NULL
) STRICT;
INSERT INTO bar VALUES (1, 1, NULL, 'Barback', 1, NULL, 5, 8, 0);

-- The languages that a section or a drink is written in, beside English.
CREATE TABLE translation (
    thing_id TEXT NOT NULL,
    language TEXT NOT NULL,
    PRIMARY KEY (language, thing_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX translation_of_thing ON translation (thing_id);

--# on SectionCreated, SectionUpdated
DELETE FROM translation WHERE thing_id = :data ->> 'section_id';
INSERT INTO translation SELECT :data ->> 'section_id', key FROM json_each(:data, '$.translations');

--# on SectionDeleted
DELETE FROM translation WHERE thing_id = :data ->> 'section_id';

--# on DrinkDeleted
DELETE FROM translation WHERE thing_id = :data ->> 'drink_id';

--# on DrinkCreated, DrinkUpdated
INSERT INTO drink_version VALUES (:data ->> 'drink_id', :version, json_object(
    'id', :data ->> 'drink_id', 'version', :version, 'name', :data ->> 'name',
    'description', :data ->> 'description', 'ingredients', :data -> 'ingredients',
    'recipe_steps', :data -> 'recipe_steps', 'garnish', :data ->> 'garnish',
    'glass', :data ->> 'glass', 'ice', :data ->> 'ice', 'tags', :data -> 'tags',
    'abv', :data -> 'abv', 'image_url', (
        SELECT document ->> 'image_url' FROM drink_version
        WHERE drink_id = :data ->> 'drink_id' AND version = :version - 1)));
INSERT OR IGNORE INTO version_ingredient
SELECT ingredient_key(line.value ->> 'name'), :data ->> 'drink_id', :version
FROM json_each(:data, '$.ingredients') AS line;
INSERT OR IGNORE INTO version_ingredient
SELECT ingredient_key(other.value), :data ->> 'drink_id', :version
FROM json_each(:data, '$.ingredients') AS line, json_each(line.value, '$.substitutes') AS other;
DELETE FROM translation WHERE thing_id = :data ->> 'drink_id';
INSERT INTO translation SELECT :data ->> 'drink_id', key FROM json_each(:data, '$.translations');

--# on DrinkImageAttached, DrinkImageRemoved
-- Another version, and but for the photo as the one before.
INSERT INTO drink_version
SELECT drink_id, :version, json_set(
    document, '$.version', :version, '$.image_url', :data ->> 'image_url')
FROM drink_version WHERE drink_id = :data ->> 'drink_id' AND version = :version - 1;
INSERT INTO version_ingredient
SELECT ingredient, drink_id, :version FROM version_ingredient
WHERE drink_id = :data ->> 'drink_id' AND version = :version - 1;

--# on GuestRegistered
INSERT INTO guest VALUES (:data ->> 'guest_id', coalesce(:data ->> 'username', ''));

--# on GuestForgotten
UPDATE guest SET username = '' WHERE guest_id = :data ->> 'guest_id';
UPDATE placed_order SET username = '', note = '' WHERE guest_id = :data ->> 'guest_id';

--# on OrderPlaced
INSERT INTO placed_order VALUES (
    :position, :data ->> 'order_id', :data ->> 'ticket', :data ->> 'guest_id',
    coalesce(
        :data ->> 'username',
        (SELECT username FROM guest WHERE guest_id = :data ->> 'guest_id'), ''),
    :data ->> '$.drink.id', :data ->> '$.drink.version', :data ->> '$.drink.name',
    :data ->> 'quantity', coalesce(:data ->> 'note', ''), 'pending', :actor, :recorded_at, :recorded_at);

--# on OrderStatusChanged
INSERT INTO order_step VALUES (
    :data ->> 'order_id', :position, :data ->> 'to', :recorded_at, :actor, :data ->> 'reason');
UPDATE placed_order SET status = :data ->> 'to', updated_at = :recorded_at
WHERE order_id = :data ->> 'order_id';

--# on OrderingPaused
UPDATE bar SET accepting_orders = 0, message = :data ->> 'message';

--# on OrderingResumed
UPDATE bar SET accepting_orders = 1, message = :data ->> 'message';

--# on SettingsChanged
UPDATE bar SET
    name = :data ->> 'name', show_recipes = :data ->> 'show_recipes',
    max_active_orders = :data ->> 'max_active_orders', wait_minutes = :data ->> 'wait_minutes',
    late_minutes = :data ->> 'late_minutes', settings_version = :version;
