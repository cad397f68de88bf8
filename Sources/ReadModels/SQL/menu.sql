-- The menu: sections, drinks, what is out and which drinks that takes away.
--
-- The tables come first; then, under each `--# on TYPE`, what an event of that type does. `:data` is
-- the event's JSON in its present schema; `:position`, `:version`, `:recorded_at`, `:actor`, `:type` are its
-- columns. `ingredient_key` gives two spellings of one ingredient the same text; `past_drink` writes a drink's
-- document without the shelf.

CREATE TABLE section (
    section_id    TEXT    PRIMARY KEY,
    version       INTEGER NOT NULL,
    name          TEXT    NOT NULL,
    description   TEXT    NOT NULL,
    display_order INTEGER NOT NULL,
    translations  TEXT    NOT NULL,   -- JSON
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX section_in_order ON section (display_order, section_id);

CREATE TABLE drink (
    drink_id      TEXT    PRIMARY KEY,
    version       INTEGER NOT NULL,
    section_id    TEXT    NOT NULL,
    name          TEXT    NOT NULL,
    description   TEXT    NOT NULL,
    ingredients   TEXT    NOT NULL,   -- JSON
    recipe_steps  TEXT    NOT NULL,   -- JSON
    garnish       TEXT    NOT NULL,
    glass         TEXT    NOT NULL,
    ice           TEXT    NOT NULL,
    tags          TEXT    NOT NULL,   -- JSON
    abv           REAL,
    image_url     TEXT,               -- NULL for a drink without a photo
    display_order INTEGER NOT NULL,
    is_active     INTEGER NOT NULL,
    translations  TEXT    NOT NULL,   -- JSON
    missing       TEXT    NOT NULL,   -- JSON: names of needed ingredients that are out
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX drink_in_order ON drink (section_id, display_order, drink_id);
CREATE INDEX served_drink ON drink (is_active);

-- Which drinks an ingredient stands in, as itself or as a substitute, and how it is written there.
CREATE TABLE drink_ingredient (
    ingredient TEXT NOT NULL,
    drink_id   TEXT NOT NULL,
    name       TEXT NOT NULL,
    PRIMARY KEY (ingredient, drink_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX drink_ingredient_of_drink ON drink_ingredient (drink_id);

-- Every version of every drink, with who made it so; deleted drinks keep theirs.
CREATE TABLE drink_version (
    drink_id    TEXT    NOT NULL,
    version     INTEGER NOT NULL,
    position    INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    actor       TEXT    NOT NULL,
    type        TEXT    NOT NULL,
    document    TEXT,             -- JSON; NULL for the end
    PRIMARY KEY (drink_id, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE out_of_stock (
    ingredient TEXT PRIMARY KEY,
    name       TEXT NOT NULL         -- as the host wrote it
) STRICT, WITHOUT ROWID;

CREATE VIEW drink_missing AS
SELECT drink_id, (
    SELECT json_group_array(line.value ->> 'name')
    FROM json_each(drink.ingredients) AS line
    WHERE NOT (line.value ->> 'optional')
      AND ingredient_key(line.value ->> 'name') IN (SELECT ingredient FROM out_of_stock)
      AND NOT EXISTS (
          SELECT 1 FROM json_each(line.value -> 'substitutes') AS other
          WHERE ingredient_key(other.value) NOT IN (SELECT ingredient FROM out_of_stock))
) AS missing
FROM drink;

--# on SectionCreated
INSERT INTO section VALUES (
    :data ->> 'section_id', :version, :data ->> 'name', :data ->> 'description',
    :data ->> 'display_order', :data -> 'translations', :recorded_at, :recorded_at);

--# on SectionUpdated
UPDATE section SET
    version = :version, name = :data ->> 'name', description = :data ->> 'description',
    display_order = :data ->> 'display_order', translations = :data -> 'translations',
    updated_at = :recorded_at
WHERE section_id = :data ->> 'section_id';

--# on SectionDeleted
DELETE FROM section WHERE section_id = :data ->> 'section_id';

--# on DrinkCreated
INSERT INTO drink VALUES (
    :data ->> 'drink_id', :version, :data ->> 'section_id', :data ->> 'name',
    :data ->> 'description', :data -> 'ingredients', :data -> 'recipe_steps', :data ->> 'garnish',
    :data ->> 'glass', :data ->> 'ice', :data -> 'tags', :data ->> 'abv',
    NULL, :data ->> 'display_order', :data ->> 'is_active', :data -> 'translations', '[]',
    :recorded_at, :recorded_at);

--# on DrinkUpdated
UPDATE drink SET
    version = :version, section_id = :data ->> 'section_id', name = :data ->> 'name',
    description = :data ->> 'description', ingredients = :data -> 'ingredients',
    recipe_steps = :data -> 'recipe_steps', garnish = :data ->> 'garnish',
    glass = :data ->> 'glass', ice = :data ->> 'ice', tags = :data -> 'tags', abv = :data ->> 'abv',
    display_order = :data ->> 'display_order', is_active = :data ->> 'is_active',
    translations = :data -> 'translations', missing = '[]', updated_at = :recorded_at
WHERE drink_id = :data ->> 'drink_id';
DELETE FROM drink_ingredient WHERE drink_id = :data ->> 'drink_id';

--# on DrinkCreated, DrinkUpdated
INSERT OR IGNORE INTO drink_ingredient
SELECT ingredient_key(line.value ->> 'name'), :data ->> 'drink_id', line.value ->> 'name'
FROM json_each(:data, '$.ingredients') AS line;
INSERT OR IGNORE INTO drink_ingredient
SELECT ingredient_key(other.value), :data ->> 'drink_id', other.value
FROM json_each(:data, '$.ingredients') AS line, json_each(line.value, '$.substitutes') AS other;
UPDATE drink SET missing = (
    SELECT v.missing FROM drink_missing AS v WHERE v.drink_id = drink.drink_id)
WHERE drink_id = :data ->> 'drink_id' AND EXISTS (SELECT 1 FROM out_of_stock);

--# on DrinkImageAttached, DrinkImageRemoved
UPDATE drink SET
    version = :version, image_url = :data ->> 'image_url', updated_at = :recorded_at
WHERE drink_id = :data ->> 'drink_id';

--# on DrinkCreated, DrinkUpdated, DrinkImageAttached, DrinkImageRemoved
INSERT INTO drink_version
SELECT drink_id, drink.version, :position, :recorded_at, :actor, :type, past_drink(
    drink_id, drink.version, section_id, section.name, drink.name, drink.description, ingredients,
    recipe_steps, garnish, glass, ice, tags, abv, drink.display_order, is_active, missing,
    drink.translations, drink.created_at, drink.updated_at, image_url)
FROM drink JOIN section USING (section_id)
WHERE drink_id = :data ->> 'drink_id';

--# on DrinkDeleted
INSERT INTO drink_version VALUES (
    :data ->> 'drink_id', :version, :position, :recorded_at, :actor, :type, NULL);
DELETE FROM drink WHERE drink_id = :data ->> 'drink_id';
DELETE FROM drink_ingredient WHERE drink_id = :data ->> 'drink_id';

--# on IngredientRanOut
-- Not OR IGNORE, which would pass over an event without a name too.
INSERT INTO out_of_stock VALUES (
    ingredient_key(:data ->> 'ingredient'), :data ->> 'ingredient') ON CONFLICT DO NOTHING;

--# on IngredientRestocked
DELETE FROM out_of_stock WHERE ingredient = ingredient_key(:data ->> 'ingredient');

--# on IngredientRanOut, IngredientRestocked
UPDATE drink SET missing = (
    SELECT v.missing FROM drink_missing AS v WHERE v.drink_id = drink.drink_id)
WHERE drink_id IN (
    SELECT drink_id FROM drink_ingredient
    WHERE ingredient = ingredient_key(:data ->> 'ingredient'));
