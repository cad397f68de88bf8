-- The search: which drinks of the menu have what, and their finished documents.
--
-- Every drink has a slot in its section, numbered as they came. For each section and each term, such
-- as an ingredient or a word, `posting` keeps one bit a slot. A question reads the bits of its terms
-- section by section, in the order of the menu, and stops where it has enough drinks.
--
-- Functions that a plain sqlite3 does not have: `ingredient_key` gives two spellings of one bottle the
-- same text; `search_terms` and `search_ingredients` list what a drink is found by and what it names;
-- `ingredient_term` and `substitute_term` are terms of an ingredient; `document_parts` is what does not
-- change of a document; `with_slot`, `without_slot` and `slot_list` set, clear and list bits.

CREATE TABLE section (
    number        INTEGER PRIMARY KEY,
    section_id    TEXT    NOT NULL UNIQUE,
    name          TEXT    NOT NULL,
    display_order INTEGER NOT NULL,
    slots         INTEGER NOT NULL,   -- given away so far; none is given twice
    arranged      INTEGER NOT NULL    -- position of the last event that may have put its drinks in
                                      -- another order: readers keep the order until then
) STRICT;
CREATE UNIQUE INDEX section_order ON section (display_order, section_id);

CREATE TABLE drink (
    place         INTEGER PRIMARY KEY,   -- the section's number, shifted by 32, and the slot
    drink_id      TEXT    NOT NULL UNIQUE,
    section       INTEGER NOT NULL,
    display_order INTEGER NOT NULL,
    is_active     INTEGER NOT NULL,
    -- These change without the document.
    version       INTEGER NOT NULL,
    image_url     TEXT,
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX menu_order ON drink (section, display_order, drink_id);

-- The drinks that guests see. The triggers below keep their postings.
CREATE TABLE listed (
    place       INTEGER PRIMARY KEY,
    document    TEXT    NOT NULL,   -- JSON members in three lines, see document_parts
    ingredients TEXT    NOT NULL,   -- JSON
    terms       TEXT    NOT NULL    -- JSON
) STRICT;

-- The drinks that an ingredient is missing for, mostly none.
CREATE TABLE sold_out (
    place   INTEGER PRIMARY KEY,
    missing TEXT    NOT NULL        -- JSON: names of needed ingredients that are out
) STRICT;

CREATE TABLE posting (
    section INTEGER NOT NULL,
    term    TEXT    NOT NULL,
    chunk   INTEGER NOT NULL,       -- of 4,096 slots
    slots   BLOB    NOT NULL,       -- a bit each, as far as the last that is set
    PRIMARY KEY (section, term, chunk)
) STRICT, WITHOUT ROWID;

-- What listed drinks name in their lines, substitutes not counted.
CREATE TABLE ingredient (
    ingredient TEXT    PRIMARY KEY,
    name       TEXT    NOT NULL,
    words      TEXT    NOT NULL,    -- folded, a space before each
    drinks     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE out_of_stock (
    ingredient TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- SQLite's shifts and its | bind alike: without the parentheses this is another number.
CREATE VIEW place_of_term AS
SELECT term, (posting.section << 32) | (chunk << 12) | slot.value AS place
FROM section CROSS JOIN posting ON posting.section = section.number,
    json_each(slot_list(posting.slots)) AS slot;

CREATE VIEW missing_now AS
SELECT place, (
    SELECT json_group_array(line.value ->> 'name')
    FROM json_each(listed.ingredients) AS line
    WHERE NOT (line.value ->> 'optional')
      AND ingredient_key(line.value ->> 'name') IN (SELECT ingredient FROM out_of_stock)
      AND NOT EXISTS (
          SELECT 1 FROM json_each(line.value -> 'substitutes') AS other
          WHERE ingredient_key(other.value) NOT IN (SELECT ingredient FROM out_of_stock))
) AS missing
FROM listed;

CREATE TRIGGER listed_new AFTER INSERT ON listed BEGIN
    INSERT INTO posting
    SELECT new.place >> 32, value, (new.place & 0xFFFFFFFF) >> 12, with_slot(x'', new.place & 4095)
    FROM json_each(new.terms) WHERE true
    ON CONFLICT DO UPDATE SET slots = with_slot(slots, new.place & 4095);
    INSERT INTO ingredient
    SELECT value ->> 0, value ->> 1, value ->> 2, 1
    FROM json_each(search_ingredients(new.ingredients)) WHERE true
    ON CONFLICT DO UPDATE SET drinks = drinks + 1;
    INSERT INTO sold_out
    SELECT place, missing FROM missing_now
    WHERE EXISTS (SELECT 1 FROM out_of_stock) AND place = new.place AND missing <> '[]';
END;

CREATE TRIGGER listed_no_more AFTER DELETE ON listed BEGIN
    DELETE FROM sold_out WHERE place = old.place;
    UPDATE posting SET slots = without_slot(slots, old.place & 4095)
    WHERE section = old.place >> 32 AND chunk = (old.place & 0xFFFFFFFF) >> 12
      AND term IN (SELECT value FROM json_each(old.terms));
    DELETE FROM posting
    WHERE section = old.place >> 32 AND chunk = (old.place & 0xFFFFFFFF) >> 12
      AND term IN (SELECT value FROM json_each(old.terms)) AND slots = x'';
    UPDATE ingredient SET drinks = drinks - 1
    WHERE ingredient IN (
        SELECT value ->> 0 FROM json_each(search_ingredients(old.ingredients)));
    DELETE FROM ingredient
    WHERE ingredient IN (
        SELECT value ->> 0 FROM json_each(search_ingredients(old.ingredients))) AND drinks = 0;
END;

-- The term of drinks that are sold out is an exclamation mark.
CREATE TRIGGER sold_out_new AFTER INSERT ON sold_out BEGIN
    INSERT INTO posting VALUES (
        new.place >> 32, '!', (new.place & 0xFFFFFFFF) >> 12, with_slot(x'', new.place & 4095))
    ON CONFLICT DO UPDATE SET slots = with_slot(slots, new.place & 4095);
END;

CREATE TRIGGER sold_out_no_more AFTER DELETE ON sold_out BEGIN
    UPDATE posting SET slots = without_slot(slots, old.place & 4095)
    WHERE section = old.place >> 32 AND term = '!' AND chunk = (old.place & 0xFFFFFFFF) >> 12;
    DELETE FROM posting
    WHERE section = old.place >> 32 AND term = '!' AND chunk = (old.place & 0xFFFFFFFF) >> 12
      AND slots = x'';
END;

--# on SectionCreated
INSERT INTO section (section_id, name, display_order, slots, arranged)
VALUES (:data ->> 'section_id', :data ->> 'name', :data ->> 'display_order', 0, :position);

--# on SectionUpdated
UPDATE section SET name = :data ->> 'name', display_order = :data ->> 'display_order'
WHERE section_id = :data ->> 'section_id';

--# on SectionDeleted
DELETE FROM section WHERE section_id = :data ->> 'section_id';

--# on DrinkCreated, DrinkUpdated
DELETE FROM listed
WHERE place = (SELECT place FROM drink WHERE drink_id = :data ->> 'drink_id');
-- One that is new in its section gets the next slot there.
UPDATE section SET arranged = :position, slots = slots + (
    number IS NOT (SELECT section FROM drink WHERE drink_id = :data ->> 'drink_id'))
WHERE section_id = :data ->> 'section_id';
INSERT OR REPLACE INTO drink
SELECT CASE WHEN old.section = section.number THEN old.place
            ELSE section.number << 32 | (section.slots - 1) END,
    :data ->> 'drink_id', section.number, :data ->> 'display_order', :data ->> 'is_active',
    :version, old.image_url, coalesce(old.created_at, :recorded_at), :recorded_at
FROM section LEFT JOIN drink AS old ON old.drink_id = :data ->> 'drink_id'
WHERE section.section_id = :data ->> 'section_id';
INSERT INTO listed
SELECT place,
    document_parts(
        drink_id, NULL, :data ->> 'section_id', NULL, :data ->> 'name',
        :data ->> 'description', :data -> 'ingredients', :data -> 'recipe_steps',
        :data ->> 'garnish', :data ->> 'glass', :data ->> 'ice', :data -> 'tags',
        :data ->> 'abv', :data ->> 'display_order', :data ->> 'is_active', NULL,
        :data -> 'translations', created_at),
    :data -> 'ingredients',
    search_terms(
        :data ->> 'name', :data -> 'ingredients', :data -> 'tags', :data ->> 'abv',
        :data -> 'translations')
FROM drink WHERE drink_id = :data ->> 'drink_id' AND is_active;

--# on DrinkImageAttached, DrinkImageRemoved
UPDATE drink SET
    version = :version, image_url = :data ->> 'image_url', updated_at = :recorded_at
WHERE drink_id = :data ->> 'drink_id';

--# on DrinkDeleted
DELETE FROM listed
WHERE place = (SELECT place FROM drink WHERE drink_id = :data ->> 'drink_id');
DELETE FROM drink WHERE drink_id = :data ->> 'drink_id';

--# on IngredientRanOut
-- Not OR IGNORE, which would pass over an event without a name too.
INSERT INTO out_of_stock VALUES (ingredient_key(:data ->> 'ingredient')) ON CONFLICT DO NOTHING;

--# on IngredientRestocked
DELETE FROM out_of_stock WHERE ingredient = ingredient_key(:data ->> 'ingredient');

--# on IngredientRanOut, IngredientRestocked
DELETE FROM sold_out
WHERE place IN (
    SELECT place FROM place_of_term
    WHERE term IN (ingredient_term(:data ->> 'ingredient'), substitute_term(:data ->> 'ingredient')));
WITH changed AS MATERIALIZED (
    SELECT place, missing FROM missing_now
    WHERE place IN (
        SELECT place FROM place_of_term
        WHERE term IN (
            ingredient_term(:data ->> 'ingredient'), substitute_term(:data ->> 'ingredient'))))
INSERT INTO sold_out SELECT place, missing FROM changed WHERE missing <> '[]';
