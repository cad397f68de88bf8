"""A log that holds a menu of any size, written as the commands process would have."""

import json
import os
import random
import shutil
import sqlite3

import machine
from seed import Log, uuid_text

# How often ingredients stand in recipes, counted once over 160 well-known ones.
COMMON = {
    "Lemon juice": 48, "Gin": 39, "Lime juice": 35, "Simple syrup": 33, "Angostura bitters": 21,
    "Sweet vermouth": 20, "Club soda": 19, "Campari": 17, "White rum": 13, "Bourbon": 11, "Cointreau": 11,
    "Maraschino": 10, "Absinthe": 10, "Apple brandy": 10, "St-Germain": 9, "Cynar": 9, "Orange bitters": 9,
    "Pineapple juice": 9, "Vodka": 9, "Coffee liqueur": 8, "Demerara syrup": 8, "Honey syrup": 8,
    "Rye whiskey": 8, "Green Chartreuse": 8, "Orange juice": 8, "Cognac": 8, "Prosecco": 8,
    "Passion fruit syrup": 7, "Dark rum": 7, "Dry vermouth": 7, "Egg white": 6, "Aperol": 6, "Orgeat": 6,
    "Tequila reposado": 6, "Grapefruit juice": 6, "Cream": 6, "Peychaud's bitters": 6, "Mezcal": 6,
    "Grenadine": 5, "Brandy": 5, "Espresso": 5, "Tonic water": 5, "Scotch": 5, "Amaretto": 4,
    "Tequila blanco": 4, "Sugar": 4, "Grand Marnier": 4, "Triple sec": 4, "Agave syrup": 4, "Champagne": 4,
    "White wine": 3, "Mint": 3, "Ginger ale": 3, "Lillet Blanc": 3, "Sherry": 3, "Averna": 3,
    "Jägermeister": 3, "Crème de cacao": 3, "Galliano": 3, "Cola": 3, "Ginger syrup": 3, "Basil": 3,
    "Fernet": 2, "Rhum agricole": 2, "Apricot brandy": 2, "Suze": 2, "Irish whiskey": 2, "Salt": 2,
    "Irish cream": 2, "Maple syrup": 2, "Curaçao": 2, "Crème de menthe": 2, "Bénédictine": 2, "Cucumber": 2,
    "Yellow Chartreuse": 2, "Raspberry syrup": 2, "Crème de cassis": 1, "Coconut water": 1,
    "Crème de violette": 1, "Pear brandy": 1, "Overproof rum": 1, "Falernum": 1, "Allspice dram": 1,
    "Peach liqueur": 1, "Limoncello": 1, "Tomato juice": 1, "Tabasco": 1, "Cachaça": 1, "Pisco": 1,
    "Rose syrup": 1, "Crème de mûre": 1, "Chambord": 1,
}
PLACES = ["Havana", "Oaxaca", "Kyoto", "Lisbon", "Cádiz", "Málaga", "Porto", "Lima", "Quito", "Oslo", "Turin"]
# Besides, 330 rarer bottles: together one line in ten.
RARE = [f"{name} from {place}" for name in list(COMMON)[:30] for place in PLACES]
FIRST = ["Golden", "Silent", "Midnight", "Salty", "Royal", "Little", "Velvet", "Burning", "Pale", "Smoky", "Lucky",
         "Northern", "Frozen", "Ruby", "Paper", "Hidden", "Crooked", "Señorita's", "Blue", "Last"]
LAST = ["Sour", "Fizz", "Collins", "Daisy", "Smash", "Flip", "Julep", "Punch", "Mule", "Negroni", "Spritz", "Toddy",
        "Swizzle", "Cobbler", "Highball", "Buck", "Rickey", "Sling", "Crusta", "Martini"]
SECTIONS = 12
LINES = 6


def recipes(count, rnd):
    names = list(COMMON) + RARE
    weights = list(COMMON.values()) + [sum(COMMON.values()) / 9 / len(RARE)] * len(RARE)
    for _ in range(count):
        lines = []
        while len(lines) < LINES:
            lines += [n for n in rnd.choices(names, weights, k=LINES - len(lines)) if n not in lines]
            lines = list(dict.fromkeys(lines))
        yield f"{rnd.choice(FIRST)} {rnd.choice(LAST)} {rnd.randrange(1, 1_000)}", lines


def make(binary, data, count, number=1):
    """A data directory with that many drinks in twelve sections, and nothing else; returns the drinks.

    One that was made before is left as it is.
    """
    if not os.path.exists(f"{data}/seeded"):
        shutil.rmtree(data, ignore_errors=True)
        os.makedirs(data)
        _empty_log(binary, data)
        _write(f"{data}/log.db", number, count)
        open(f"{data}/seeded", "w").close()
    file = sqlite3.connect(f"file:{data}/log.db?mode=ro", uri=True)
    try:
        return [json.loads(data) for data, in file.execute(
            "SELECT data FROM event WHERE type = 'DrinkCreated' ORDER BY position")]
    finally:
        file.close()


def _rows(log, count):
    rnd = log.random
    sections = []
    for place in range(SECTIONS):
        sections.append(uuid_text(log.id()))
        yield log.row(f"section-{sections[-1]}", "SectionCreated", {
            "section_id": sections[-1], "name": f"Section {place}", "description": "",
            "display_order": rnd.randrange(100), "translations": {}}, "staff:host", 1)
    for name, lines in recipes(count, rnd):
        drink = {
            "drink_id": uuid_text(log.id()),
            # The first sections are the longest.
            "section_id": sections[min(SECTIONS - 1, int(rnd.expovariate(0.25)))], "name": name,
            "description": "Shake hard with ice and strain into a chilled glass; serve at once.",
            "ingredients": [{"name": line, "amount": rnd.choice((15, 22.5, 30, 45, 60)), "unit": "ml",
                             "optional": rnd.random() < 0.05, "substitutes": []} for line in lines],
            "recipe_steps": ["Shake with ice for ten seconds.", "Strain.", "Garnish."],
            "garnish": "A slice of what is fresh", "glass": "Coupe", "ice": "none",
            "tags": [rnd.choice(("classic", "short", "long", "sour", "bitter"))],
            "abv": rnd.choice((0, 8, 12.5, 18, 22, 26.5, 31)), "display_order": rnd.randrange(5_000),
            "is_active": True, "translations": {}}
        yield log.row(f"drink-{drink['drink_id']}", "DrinkCreated", drink, "staff:host", 1)


def _empty_log(binary, data):
    reading, writing = os.pipe()
    commands = machine.spawn([binary, "commands", "--data", data], f"{data}/commands.log",
                             {"BARBACK_READY_FD": str(writing)}, (writing,))
    os.close(writing)
    is_ready = os.read(reading, 100) == b"ready\n"
    os.close(reading)
    machine.stop(commands)
    if not is_ready:
        with open(f"{data}/commands.log") as file:
            raise RuntimeError(f"barback commands did not start: {file.read()}")


def _write(path, number, count):
    """The menu, after what the first start has written."""
    file = sqlite3.connect(path, isolation_level=None)
    log = Log(random.Random(number), 0)
    log.position, frontier = file.execute("SELECT position, frontier FROM head").fetchone()
    log.frontier = [frontier[place:place + 32] for place in range(0, len(frontier), 32)]
    last, log.now = file.execute("SELECT id, recorded_at FROM event ORDER BY position DESC LIMIT 1").fetchone()
    log.last_id = int.from_bytes(last, "big")
    rows = list(_rows(log, count))
    file.execute("PRAGMA synchronous = OFF")
    file.execute("BEGIN")
    file.execute("DELETE FROM checkpoint")
    file.executemany(f"INSERT INTO event VALUES ({','.join('?' * 14)})", rows)
    file.execute("UPDATE head SET position = ?, frontier = ?", (log.position, b"".join(log.frontier)))
    file.execute("INSERT INTO state_drink SELECT data ->> 'drink_id', data ->> 'section_id' FROM event "
                 "WHERE type = 'DrinkCreated'")
    file.execute("COMMIT")
    file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    file.close()
