"""The parts of the page that need no guest, each asked by itself: search, amounts, words, and the stream's reader."""

from bar import until


def journey(bar, browser):
    phone = browser.phone(bar)
    phone.open("/")
    page = phone.page
    page.evaluate("() => import('/assets/words.js').then(({ words }) => words.ready)")
    for part in (search, completions, amounts, words, reader):
        part(page)
    other = browser.phone(bar, locale="es-ES")
    other.open("/")
    other.page.evaluate("() => import('/assets/words.js').then(({ words }) => words.ready)")
    spanish(other.page)
    in_spanish(bar, other)


MENU = """
    const { find, completions, fold, hasIngredient } = await import('/assets/search.js');
    const drink = (id, name, names, more = {}) => {
        const ingredients = names.map((name) => ({ name, shown: more.shown?.[name] ?? name }));
        const original = { name: more.original ?? name };
        return { id, name, description: '', section_id: 's', section_name: 'Sours', tags: [], abv: 20, available: true,
            ...more, ingredients, original };
    };
    const drinks = [
        drink('1', 'Gin Fizz', ['Gin', 'Lemon juice', 'Egg white'], { tags: ['long'] }),
        drink('2', 'Piña Colada', ['White rum', 'Pineapple juice'], { section_id: 't', description: 'Smooth.' }),
        drink('3', 'Lemonade', ['Lemon juice', 'Sugar'], { abv: 0 }),
        drink('4', 'Unknown', ['Ginger beer'], { abv: null, available: false }),
        drink('5', 'Ruso blanco', ['Vodka', 'Cream'], { original: 'White Russian', shown: { Cream: 'Nata' } }),
    ];
    const ids = (wishes) => find(drinks, wishes).map(({ drink }) => drink.id).join('');
"""


def asked(page, body):
    return page.evaluate("async () => {" + body + "}")


def search(page):
    found = asked(page, MENU + """return {
        all: ids({}), want: ids({ want: ['lemon JUICE'] }), both: ids({ want: ['Lemon juice', 'Gin'] }),
        avoid: ids({ avoid: ['Egg white', 'Vodka'] }), part: ids({ avoid: ['Lemon'] }),
        section: ids({ section: 't' }), free: ids({ alcoholFree: true }), makeable: ids({ makeable: true }),
        favourites: ids({ favourites: ['5', '2'] }), nobody: ids({ favourites: [] }),
        accent: ids({ text: 'pina' }), case: ids({ text: '  LEMON ' }), best: ids({ text: 'gin' }),
        words: ids({ text: 'lemon gin' }), original: ids({ text: 'white russian' }), shown: ids({ text: 'nata' }),
        slip: ids({ text: 'lemonaed' }), tag: ids({ text: 'long' }), none: ids({ text: 'xyz' }),
        signs: ids({ text: '!' }),
        name: find(drinks, { text: 'lemon' })[0].found, line: find(drinks, { text: 'egg' })[0].found,
        folded: fold('  Crème  de CASSIS '), stroke: fold('Øl'), has: hasIngredient(drinks[1], 'white RUM'),
    };""")
    assert found == {
        "all": "12345", "want": "13", "both": "1", "avoid": "234", "part": "12345", "section": "2", "free": "3",
        "makeable": "1235", "favourites": "25", "nobody": "", "accent": "2", "case": "31", "best": "14", "words": "1",
        "original": "5", "shown": "5", "slip": "3", "tag": "1", "none": "", "signs": "12345",
        "name": {"name": True, "ingredients": ["Lemon juice"], "other": False},
        "line": {"name": False, "ingredients": ["Egg white"], "other": False},
        "folded": "creme de cassis", "stroke": "ol", "has": True}, found


def completions(page):
    found = asked(page, MENU + """return {
        count: completions(drinks, 'lem'), second: completions(drinks, 'jui').map(({ name }) => name),
        shown: completions(drinks, 'nat'), none: completions(drinks, ''), few: completions(drinks, 'g', 1).length,
    };""")
    assert found == {
        "count": [{"name": "Lemon juice", "shown": "Lemon juice", "count": 2}],
        "second": ["Lemon juice", "Pineapple juice"], "shown": [{"name": "Cream", "shown": "Nata", "count": 1}],
        "none": [], "few": 1}, found


def amounts(page):
    said = asked(page, """
        const { amount } = await import('/assets/units.js');
        const all = (lines, quantity) => lines.map(([value, unit, units]) =>
            amount({ name: '', amount: value, unit }, quantity, units ?? 'ml'));
        return {
            ml: all([[60, 'ml'], [22.5, 'ml'], [1, 'oz'], [4, 'cl']]),
            cl: all([[60, 'ml', 'cl'], [22.5, 'ml', 'cl']]),
            oz: all([[60, 'ml', 'oz'], [45, 'ml', 'oz'], [50, 'ml', 'oz'], [20, 'ml', 'oz'], [5, 'ml', 'oz'],
                [29.9, 'ml', 'oz'], [1, 'ml', 'oz']]),
            others: all([[1, 'dash'], [3, 'dash'], [null, 'top'], [6, 'leaf'], [2, 'glug'], [null, 'glug'],
                [null, '']]),
            twice: all([[30, 'ml'], [1, 'dash']], 2),
        };""")
    assert said == {
        "ml": ["60 ml", "22.5 ml", "30 ml", "40 ml"], "cl": ["6 cl", "2.25 cl"],
        "oz": ["2 oz", "1½ oz", "1⅔ oz", "⅔ oz", "⅙ oz", "1 oz", "⅛ oz"],
        "others": ["1 dash", "3 dashes", "to top up", "6 leaves", "2 glug", "", ""],
        "twice": ["60 ml", "2 dashes"]}, said


def words(page):
    said = asked(page, """
        const { t, has, languages, listed, time, percent, refusal, words } = await import('/assets/words.js');
        return {
            none: t('order.say.before', { count: 0 }), one: t('menu.count', { count: 1 }),
            many: t('menu.count', { count: 1200 }), and: t('menu.found.want', { list: ['a', 'b', 'c'] }),
            or: t('menu.found.avoid', { list: ['a', 'b'] }),
            time: t('order.asOf', { time: new Date(2026, 0, 1, 22, 14) }), text: t('settings.who', { name: '{bar}<b>' }),
            missing: t('no.such'), has: has('no.such'), inherited: has('constructor'), gap: t('settings.who'),
            languages: languages(), listed: listed(['x', 'y'], 'or'), percent: percent(23), language: words.language,
            page: document.documentElement.lang,
            refused: refusal({ kind: 'refused', status: 409, code: 'sold_out', detail: 'No Gin left.', wait: 0 }),
            wait: refusal({ kind: 'refused', status: 429, code: 'too_many_requests', detail: '', wait: 3 }),
            unknown: refusal({ kind: 'refused', status: 418, code: 'teapot', detail: 'Short and stout.', wait: 0 }),
            away: refusal({ kind: 'unreachable' }),
        };""")
    assert said == {
        "none": "Yours is the next to be made.", "one": "1 drink", "many": "1,200 drinks",
        "and": "with a, b and c", "or": "without a or b", "time": "This is how it looked at 22:14. Your order is safe at the bar.",
        "text": "You are here as {bar}<b>.", "missing": "no.such", "has": False, "inherited": False, "gap": "You are here as {name}.",
        "languages": [{"code": "en", "name": "English"}, {"code": "es", "name": "Español"}], "listed": "x or y",
        "percent": "23%", "language": "en", "page": "en",
        "refused": "The last one just went. Your place in line is kept if you choose another.",
        "wait": "Slowly. Try again in 3 seconds.", "unknown": "Short and stout.",
        "away": "The bar did not answer. Try again."}, said


def spanish(page):
    said = asked(page, """
        const { t, words, setLanguage } = await import('/assets/words.js');
        const { menu } = await import('/assets/menu.js');
        await menu.load();
        const texts = () => ({ t: t('order.asOf', { time: new Date(2026, 0, 1, 9, 5) }),
            language: document.documentElement.lang, section: menu.sections[1].name,
            drink: [...menu.drinks.values()].find(({ original }) => original.name === 'White Russian').name });
        const before = texts();
        await setLanguage('en');
        return [before, texts()];""")
    assert said == [
        {"t": "Así estaba a las 9:05. Tu pedido está a salvo en la barra.", "language": "es", "section": "Removidos y potentes", "drink": "Ruso blanco"},
        {"t": "This is how it looked at 09:05. Your order is safe at the bar.", "language": "en", "section": "Stirred and strong", "drink": "White Russian"}], said


def in_spanish(bar, phone):
    """Steps are read in the phone's language where there is one for each, and as the host wrote them otherwise."""
    drink = bar.drink("Negroni")
    translated = drink["translations"]["es"]["recipe_steps"]
    assert len(translated) == len(drink["recipe_steps"]) == 3
    phone.page.evaluate("() => import('/assets/words.js').then(({ setLanguage }) => setLanguage('es'))")
    phone.open(f"/#/drink/{drink['id']}")
    steps = phone.page.locator(".sheet .method li")

    def are_read(wanted):
        until(lambda: steps.all_text_contents() == wanted, f"{wanted}, not {steps.all_text_contents()}")

    def change(steps):
        bar.ask("PUT", f"/admin/drinks/{drink['id']}", {
            "translations": {"es": {**drink["translations"]["es"], "recipe_steps": steps}}})
        phone.page.reload()

    are_read(translated)
    change([translated[0], "", translated[2]])
    are_read([translated[0], drink["recipe_steps"][1], translated[2]])
    change(translated[:2])
    are_read(drink["recipe_steps"])


def reader(page):
    blocks = asked(page, r"""
        const { BlockReader } = await import('/assets/events.js');
        const all = (...pieces) => {
            const reader = new BlockReader();
            return pieces.flatMap((piece) => reader.read(piece)).map(({ id, type, data }) => [id, type, data]);
        };
        const text = 'id: 1\nevent: a\ndata: x\ndata: y\n\n: said nothing\n\nid: 2\n\ndata:z\n\n';
        return {
            whole: all(text), letters: all(...text), carriage: all(...text.replaceAll('\n', '\r\n')),
            cut: all('id: 7\ndata: half'), empty: all('\n\n\n'),
        };""")
    whole = [["1", "a", "x\ny"], ["1", "message", None], ["2", "message", None], ["2", "message", "z"]]
    assert blocks == {"whole": whole, "letters": whole, "carriage": whole, "cut": [], "empty": []}, blocks
