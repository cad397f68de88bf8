"""Every drink of the menu is drawn, and so is whatever else a recipe may hold."""

ONLY_LOOKS = True

DRAWING = """async drinks => {
  const { drawDrink } = await import("/assets/drink-drawing.js");
  const ids = new Set(), wrong = [];
  const ways = [{ size: 48, fit: true }, { size: 112, title: true }, { size: 320 }, { level: .5 }, { empty: true }];
  for (const drink of drinks) for (const way of ways) {
    const options = { ...way, title: way.title && drink.name };
    const text = drawDrink(drink, { ...options, uid: String(ids.size) });
    const svg = new DOMParser().parseFromString(text, "image/svg+xml");
    const complain = what => wrong.push(`${what}: ${JSON.stringify(drink).slice(0, 300)}`);
    if (text !== drawDrink(drink, { ...options, uid: String(ids.size) })) complain("not the same twice");
    if (svg.querySelector("parsererror")) complain("not well-formed");
    if (/NaN|undefined|Infinity/.test(text.replace(/aria-label="[^"]*"/, ""))) complain("no numbers");
    for (const part of svg.querySelectorAll("*")) for (const { name } of part.attributes)
      if (/^(style|on.*|href|xlink:href)$/.test(name)) complain(name);
    if (svg.querySelector("script, foreignObject, image, text, style, a")) complain("more than a drawing");
    for (const { id } of svg.querySelectorAll("[id]")) ids.has(id) ? complain("an id twice") : ids.add(id);
    // XML has no place for control characters.
    const name = svg.documentElement.getAttribute("aria-label");
    if (options.title && name !== options.title.replaceAll("\\0", "")) complain("another name");
    if (text.length > 24_000) complain("long");
  }
  return wrong;
}"""

TWICE = """async drink => {
  const { picture } = await import("/assets/picture.js");
  const lost = { ...drink, image_url: "/images/nowhere.jpg" };
  const pictures = [drink, drink, lost].map(one => picture(one, { size: 112 }));
  document.body.append(...pictures);
  await new Promise(done => pictures[2].querySelector("img").addEventListener("error", done));
  const ids = pictures.flatMap(one => [...one.querySelectorAll("[id]")].map(part => part.id));
  const filled = pictures.flatMap(one => [...one.querySelectorAll("[fill^='url(']")]);
  const used = filled.map(part => part.getAttribute("fill"));
  const missing = used.filter(url => !ids.includes(url.slice(5, -1)));
  const answer = { same: ids.length - new Set(ids).size, missing, shows: pictures.map(one => one.dataset.shows),
    names: pictures.map(one => one.querySelector("svg").getAttribute("aria-label")) };
  pictures.forEach(one => one.remove());
  return answer;
}"""

HEIGHT = """async drinks => {
  const { read } = await import("/assets/drink-recipe.js");
  return drinks.map(read).map(({ key, ice, height, layers }) => [key, ice, height, layers.length]);
}"""

MARKUP = '<script>alert(1)</script> "&\' ]]> \u0000 \U0001f378'


def odd():
    """Recipes that nobody would write."""
    parts = [None, "", MARKUP, -1, 1e308, float("nan"), [], {}, {"name": MARKUP, "amount": MARKUP, "unit": MARKUP},
             {"name": None, "amount": -5, "unit": None}, {"name": "gin", "amount": "1/0", "unit": "oz"},
             {"amount": 99999, "unit": "l", "name": "Campari"}, {"name": "x" * 5000, "amount": "½", "unit": "top"}]
    yield {"name": MARKUP}
    for part in parts:
        for garnish in (None, "", MARKUP, 7, ["lime wheel", None], "mint, " * 50, "salt rim, lima o limón"):
            text = dict.fromkeys(["glass", "ice", "garnish", "tags", "recipe_steps", "rim"], garnish)
            yield {**text, "name": MARKUP, "ingredients": [part], "abv": part}
        yield {"name": MARKUP, "ingredients": part, "layers": "sharp"}


def drink(glass, ice, *parts, **more):
    lines = [{"name": name, "amount": amount, "unit": "ml" if amount else "top"} for name, amount in parts]
    return {"name": "", "glass": glass, "ice": ice, "ingredients": lines, **more}


def journey(bar, browser):
    phone = browser.phone(bar)
    phone.open("/")
    drinks = bar.ask("GET", "/drinks")
    # JSON has no NaN; a page never sees one.
    strange = [one for one in odd() if "nan" not in repr(one)]
    wrong = phone.page.evaluate(DRAWING, drinks + strange)
    assert not wrong, "\n".join(wrong[:10])

    with phone.trouble():
        twice = phone.page.evaluate(TWICE, bar.drink("Negroni"))
    assert twice == {"same": 0, "missing": [], "shows": ["drawing"] * 3, "names": ["Negroni"] * 3}, twice

    negroni, long, martini, sazerac, sunrise, coffee, vaso, nameless = phone.page.evaluate(HEIGHT, [
        drink("rocks", "large", ("Gin", 30), ("Campari", 30), ("Sweet vermouth", 30)),
        drink("highball", "cubes", ("Gin", 50), ("Tonic water", None)),
        drink("martini", "none", ("Gin", 60), ("Dry vermouth", 10)),
        drink("rocks", "none", ("Cognac", 50)),
        drink("highball", "cubes", ("Tequila", 45), ("Orange juice", 90), ("Grenadine", 15),
              recipe_steps=["Build over ice.", "Pour in the grenadine and let it sink."]),
        drink("irish coffee", "none", ("Coffee", 120), ("Irish whiskey", 50), ("Cream", 50),
              recipe_steps=["Slide the cream in off a spoon so that it stays on top."]),
        drink("vaso largo", "cubos", ("Ron blanco", 50), ("Refresco de cola", 120)),
        drink(None, "none", ("Prosecco", 100), ("Crème de cassis", 10)),
    ])
    assert sazerac[2] < 0.35 < negroni[2] < 0.85 < long[2], "a drink stands as high as it is large"
    assert martini[2] > 0.7, "in a cone little stands high"
    assert (sunrise[3], coffee[3], nameless[3]) == (2, 2, 2), "what floats and sinks is seen"
    assert vaso[:2] == ["highball", "cubes"] and nameless[0] == "flute", "glass and ice are understood"
