-- What phones and the bar are told of as it happens: a row for each change and audience, ready to be sent.
--
-- A row stays for a day by the log's own time: what stands under `for a day` writes rows that go, under `after a
-- day`, once an event is recorded more than 24 h later. `:outdated` is the last position whose day is over.
-- `time_text` writes a time as the public contract shows it; `ingredient_key` gives two spellings of one ingredient
-- the same text.

CREATE TABLE notification (
    position INTEGER NOT NULL,   -- of the event
    audience TEXT    NOT NULL,   -- 'everyone', 'staff', or the id of the one guest it is for
    event    TEXT    NOT NULL,
    document TEXT    NOT NULL,   -- one line of JSON
    at       INTEGER NOT NULL,   -- rises with the position
    PRIMARY KEY (position, audience)
) STRICT, WITHOUT ROWID;

-- Whoever comes back reads what they missed, and a guest who is forgotten stands in their rows.
CREATE INDEX notification_of_audience ON notification (audience, position);

CREATE TABLE retention (
    one            INTEGER PRIMARY KEY CHECK (one = 1),
    retained_after INTEGER NOT NULL    -- the last position whose day is over; 0 while all are here
) STRICT;
INSERT INTO retention VALUES (1, 0);

-- What the document of an order's next move needs, however old the order is.
CREATE TABLE placed_order (
    order_id   TEXT    PRIMARY KEY,
    ticket     INTEGER NOT NULL,
    guest_id   TEXT,                 -- NULL where staff placed it by hand
    drink_id   TEXT    NOT NULL,
    drink_name TEXT    NOT NULL,
    image_url  TEXT,                 -- as the drink had it when it was ordered
    quantity   INTEGER NOT NULL,
    status     TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    steps      TEXT    NOT NULL      -- JSON: the items of its timeline
) STRICT, WITHOUT ROWID;

-- What was said in words, apart from the orders: few have any, and it is found by whose it is.
CREATE TABLE said (
    guest_id TEXT NOT NULL,          -- empty where staff placed the order by hand
    order_id TEXT NOT NULL,
    username TEXT,                   -- NULL where the guest is named by id
    note     TEXT NOT NULL,
    PRIMARY KEY (guest_id, order_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE guest (
    guest_id TEXT PRIMARY KEY,
    username TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The drinks that there are.
CREATE TABLE drink (
    drink_id  TEXT    PRIMARY KEY,
    is_active INTEGER NOT NULL       -- guests hear of no other
) STRICT, WITHOUT ROWID;

-- Which drinks an ingredient stands in, as itself or as a substitute.
CREATE TABLE drink_ingredient (
    ingredient TEXT NOT NULL,
    drink_id   TEXT NOT NULL,
    PRIMARY KEY (ingredient, drink_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX drink_ingredient_of_drink ON drink_ingredient (drink_id);

-- From which version on a drink has had which photo; a deleted drink's orders keep theirs.
CREATE TABLE drink_image (
    drink_id  TEXT    NOT NULL,
    since     INTEGER NOT NULL,
    image_url TEXT,
    PRIMARY KEY (drink_id, since)
) STRICT, WITHOUT ROWID;

CREATE TABLE bar (
    one              INTEGER PRIMARY KEY CHECK (one = 1),
    name             TEXT    NOT NULL,
    accepting_orders INTEGER NOT NULL,
    message          TEXT,
    show_recipes     INTEGER NOT NULL
) STRICT;
INSERT INTO bar VALUES (1, 'Barback', 1, NULL, 1);

CREATE VIEW drink_audience AS
SELECT drink_id, iif(is_active, 'everyone', 'staff') AS audience FROM drink;

-- One that only hidden drinks have is as secret as they are.
CREATE VIEW served_ingredient AS
SELECT ingredient FROM drink_ingredient JOIN drink USING (drink_id) WHERE is_active;

-- Each change of the menu is written here.
CREATE VIEW menu_change AS
SELECT 0 AS position, '' AS audience, '' AS change, '' AS kind_of_id, '' AS id, 0 AS at;
CREATE TRIGGER write_menu_change INSTEAD OF INSERT ON menu_change BEGIN
    INSERT INTO notification VALUES (
        NEW.position, NEW.audience, 'menu_changed',
        '{"type":"menu_changed","position":' || NEW.position || ',"data":'
            || json_object('change', NEW.change, NEW.kind_of_id, NEW.id) || '}',
        NEW.at);
END;

-- As GET /orders/{id} shows it, but for the place in the queue: that changes without an event.
CREATE VIEW order_document AS
SELECT placed_order.order_id, json_object(
    'id', placed_order.order_id, 'ticket', ticket,
    'drink', json_object('id', drink_id, 'name', drink_name, 'image_url', image_url),
    'quantity', quantity, 'note', coalesce(said.note, ''),
    'username', coalesce(said.username, guest.username, ''),
    'status', status, 'queue_position', NULL,
    'created_at', time_text(created_at), 'updated_at', time_text(updated_at),
    'completed_at', CASE status WHEN 'completed' THEN time_text(updated_at) END,
    'timeline', (
        SELECT json_group_array(json_object(
            'status', step.value ->> 0, 'at', time_text(step.value ->> 1),
            'by', step.value ->> 2, 'reason', step.value ->> 3))
        FROM json_each('[' || steps || ']') AS step)) AS document
FROM placed_order
LEFT JOIN said ON said.guest_id = coalesce(placed_order.guest_id, '')
    AND said.order_id = placed_order.order_id
LEFT JOIN guest ON guest.guest_id = placed_order.guest_id;

--# on GuestRegistered
INSERT INTO guest VALUES (:data ->> 'guest_id', coalesce(:data ->> 'username', ''));

--# on GuestForgotten
UPDATE guest SET username = '' WHERE guest_id = :data ->> 'guest_id';
DELETE FROM said WHERE guest_id = :data ->> 'guest_id';
UPDATE notification SET
    document = json_set(document, '$.data.username', '', '$.data.note', '')
WHERE position IN (SELECT position FROM notification WHERE audience = :data ->> 'guest_id');

--# on OrderPlaced
INSERT INTO said
SELECT coalesce(:data ->> 'guest_id', ''), :data ->> 'order_id', :data ->> 'username',
    coalesce(:data ->> 'note', '')
WHERE coalesce(:data ->> 'username', :data ->> 'note') IS NOT NULL;
INSERT INTO placed_order VALUES (
    :data ->> 'order_id', :data ->> 'ticket', :data ->> 'guest_id',
    :data ->> '$.drink.id', :data ->> '$.drink.name', (
        SELECT image_url FROM drink_image
        WHERE drink_id = :data ->> '$.drink.id' AND since <= :data ->> '$.drink.version'
        ORDER BY since DESC LIMIT 1),
    :data ->> 'quantity', 'pending', :recorded_at, :recorded_at, json_array(
        'pending', :recorded_at, substr(:actor, 1, instr(:actor || ':', ':') - 1), NULL));

--# on OrderStatusChanged
UPDATE placed_order SET
    status = :data ->> 'to', updated_at = :recorded_at, steps = steps || ',' || json_array(
        :data ->> 'to', :recorded_at, substr(:actor, 1, instr(:actor || ':', ':') - 1),
        :data ->> 'reason')
WHERE order_id = :data ->> 'order_id';

--# for a day on OrderPlaced
INSERT INTO notification
SELECT :position, 'staff', 'order_created',
    '{"type":"order_created","position":' || :position || ',"data":' || document || '}',
    :recorded_at
FROM order_document
WHERE order_id = :data ->> 'order_id';

--# for a day on OrderStatusChanged
INSERT INTO notification
SELECT :position, 'staff', event,
    '{"type":"' || event || '","position":' || :position || ',"data":' || document
        || ',"previous_status":' || json_quote(:data ->> 'from') || '}',
    :recorded_at
FROM order_document, (
    SELECT CASE :data ->> 'to' WHEN 'completed' THEN 'order_completed'
        ELSE 'order_status_changed' END AS event)
WHERE order_id = :data ->> 'order_id';

--# for a day on OrderPlaced, OrderStatusChanged
INSERT INTO notification
SELECT :position, guest_id, event, document, at
FROM placed_order, notification
WHERE order_id = :data ->> 'order_id' AND guest_id IS NOT NULL AND position = :position;

--# for a day on SectionCreated
INSERT INTO menu_change VALUES (
    :position, 'everyone', 'section_created', 'section_id', :data ->> 'section_id', :recorded_at);

--# for a day on SectionUpdated
INSERT INTO menu_change VALUES (
    :position, 'everyone', 'section_updated', 'section_id', :data ->> 'section_id', :recorded_at);

--# for a day on SectionDeleted
INSERT INTO menu_change VALUES (
    :position, 'everyone', 'section_deleted', 'section_id', :data ->> 'section_id', :recorded_at);

--# on DrinkCreated
INSERT INTO drink VALUES (:data ->> 'drink_id', :data ->> 'is_active');

--# for a day on DrinkCreated
INSERT INTO menu_change
SELECT :position, audience, 'drink_created', 'drink_id', drink_id, :recorded_at
FROM drink_audience WHERE drink_id = :data ->> 'drink_id';

--# for a day on DrinkUpdated
-- Guests hear of one that they saw before or see now.
INSERT INTO menu_change
SELECT :position, iif(:data ->> 'is_active', 'everyone', audience), 'drink_updated', 'drink_id',
    drink_id, :recorded_at
FROM drink_audience WHERE drink_id = :data ->> 'drink_id';

--# on DrinkUpdated
UPDATE drink SET is_active = :data ->> 'is_active' WHERE drink_id = :data ->> 'drink_id';
DELETE FROM drink_ingredient WHERE drink_id = :data ->> 'drink_id';

--# on DrinkCreated, DrinkUpdated
INSERT OR IGNORE INTO drink_ingredient
SELECT ingredient_key(line.value ->> 'name'), :data ->> 'drink_id'
FROM json_each(:data, '$.ingredients') AS line;
INSERT OR IGNORE INTO drink_ingredient
SELECT ingredient_key(other.value), :data ->> 'drink_id'
FROM json_each(:data, '$.ingredients') AS line, json_each(line.value, '$.substitutes') AS other;

--# on DrinkImageAttached, DrinkImageRemoved
INSERT INTO drink_image VALUES (:data ->> 'drink_id', :version, :data ->> 'image_url');

--# for a day on DrinkImageAttached, DrinkImageRemoved
INSERT INTO menu_change
SELECT :position, audience, 'drink_image_changed', 'drink_id', drink_id, :recorded_at
FROM drink_audience WHERE drink_id = :data ->> 'drink_id';

--# for a day on DrinkDeleted
INSERT INTO menu_change
SELECT :position, audience, 'drink_deleted', 'drink_id', drink_id, :recorded_at
FROM drink_audience WHERE drink_id = :data ->> 'drink_id';

--# on DrinkDeleted
DELETE FROM drink WHERE drink_id = :data ->> 'drink_id';
DELETE FROM drink_ingredient WHERE drink_id = :data ->> 'drink_id';

--# for a day on IngredientRanOut
INSERT INTO menu_change VALUES (
    :position, iif(EXISTS (
        SELECT 1 FROM served_ingredient WHERE ingredient = ingredient_key(:data ->> 'ingredient')),
        'everyone', 'staff'),
    'ingredient_ran_out', 'ingredient', :data ->> 'ingredient', :recorded_at);

--# for a day on IngredientRestocked
INSERT INTO menu_change VALUES (
    :position, iif(EXISTS (
        SELECT 1 FROM served_ingredient WHERE ingredient = ingredient_key(:data ->> 'ingredient')),
        'everyone', 'staff'),
    'ingredient_restocked', 'ingredient', :data ->> 'ingredient', :recorded_at);

--# on OrderingPaused
UPDATE bar SET accepting_orders = 0, message = :data ->> 'message';

--# on OrderingResumed
UPDATE bar SET accepting_orders = 1, message = :data ->> 'message';

--# on SettingsChanged
UPDATE bar SET name = :data ->> 'name', show_recipes = :data ->> 'show_recipes';

--# for a day on OrderingPaused, OrderingResumed, SettingsChanged
INSERT INTO notification
SELECT :position, 'everyone', 'bar_changed',
    '{"type":"bar_changed","position":' || :position || ',"data":' || json_object(
        'name', name, 'accepting_orders', json(iif(accepting_orders, 'true', 'false')),
        'message', message, 'show_recipes', json(iif(show_recipes, 'true', 'false'))) || '}',
    :recorded_at
FROM bar;

--# after a day
DELETE FROM notification WHERE position <= :outdated;
UPDATE retention SET retained_after = :outdated WHERE retained_after < :outdated;
