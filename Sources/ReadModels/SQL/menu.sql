-- The menu: sections, drinks, what is out and which drinks that takes away.
--
-- The tables come first; then, under each `--# on TYPE`, what an event of that type does. `:data` is
-- the event's JSON in its present schema, `:position`, `:version`, `:recorded_at` are its columns.
-- `ingredient_key` gives two spellings of one ingredient the same text.

CREATE TABLE section (
    section_id    TEXT    PRIMARY KEY,
    name          TEXT    NOT NULL,
    description   TEXT    NOT NULL,
    display_order INTEGER NOT NULL,
    translations  TEXT    NOT NULL,   -- JSON
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

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
    display_order INTEGER NOT NULL,
    is_active     INTEGER NOT NULL,
    translations  TEXT    NOT NULL,   -- JSON
    missing       TEXT    NOT NULL,   -- JSON: names of needed ingredients that are out
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Which drinks an ingredient stands in, as itself or as a substitute.
CREATE TABLE drink_ingredient (
    ingredient TEXT NOT NULL,
    drink_id   TEXT NOT NULL,
    PRIMARY KEY (ingredient, drink_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE out_of_stock (
    ingredient TEXT PRIMARY KEY
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
    :data ->> 'section_id', :data ->> 'name', :data ->> 'description', :data ->> 'display_order',
    :data -> 'translations', :recorded_at, :recorded_at);

--# on DrinkCreated
INSERT INTO drink VALUES (
    :data ->> 'drink_id', :version, :data ->> 'section_id', :data ->> 'name',
    :data ->> 'description', :data -> 'ingredients', :data -> 'recipe_steps', :data ->> 'garnish',
    :data ->> 'glass', :data ->> 'ice', :data -> 'tags', :data ->> 'abv',
    :data ->> 'display_order', :data ->> 'is_active', :data -> 'translations', '[]',
    :recorded_at, :recorded_at);
INSERT OR IGNORE INTO drink_ingredient
SELECT ingredient_key(line.value ->> 'name'), :data ->> 'drink_id'
FROM json_each(:data, '$.ingredients') AS line;
INSERT OR IGNORE INTO drink_ingredient
SELECT ingredient_key(other.value), :data ->> 'drink_id'
FROM json_each(:data, '$.ingredients') AS line, json_each(line.value, '$.substitutes') AS other;
UPDATE drink SET missing = (
    SELECT v.missing FROM drink_missing AS v WHERE v.drink_id = drink.drink_id)
WHERE drink_id = :data ->> 'drink_id' AND EXISTS (SELECT 1 FROM out_of_stock);

--# on IngredientRanOut
-- Not OR IGNORE, which would pass over an event without a name too.
INSERT INTO out_of_stock VALUES (ingredient_key(:data ->> 'ingredient')) ON CONFLICT DO NOTHING;
UPDATE drink SET missing = (
    SELECT v.missing FROM drink_missing AS v WHERE v.drink_id = drink.drink_id)
WHERE drink_id IN (
    SELECT drink_id FROM drink_ingredient
    WHERE ingredient = ingredient_key(:data ->> 'ingredient'));

--# on IngredientRestocked
DELETE FROM out_of_stock WHERE ingredient = ingredient_key(:data ->> 'ingredient');
UPDATE drink SET missing = (
    SELECT v.missing FROM drink_missing AS v WHERE v.drink_id = drink.drink_id)
WHERE drink_id IN (
    SELECT drink_id FROM drink_ingredient
    WHERE ingredient = ingredient_key(:data ->> 'ingredient'));
