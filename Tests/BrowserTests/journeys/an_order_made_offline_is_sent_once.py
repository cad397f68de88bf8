"""Orders that could not be sent wait on the phone, over reloads and in two tabs; once the line is back they go once."""

from bar import until

PLACE = """async ([name, note]) => {
    const { orders } = await import('/assets/orders.js');
    const { menu } = await import('/assets/menu.js');
    await menu.load();
    const drink = [...menu.drinks.values()].find((drink) => drink.original.name === name);
    const { kind, code } = await orders.place(drink, 1, note);
    return [kind, code ?? null];
}"""
STATES = """async () => {
    const { orders } = await import('/assets/orders.js');
    return orders.open.map(({ note, state }) => [note, state]).sort();
}"""

LOSE_ANSWERS = """() => {
    window.kept ??= window.fetch;
    window.fetch = async (path, more) => {
        const answer = await window.kept(path, more);
        if (more.method === 'POST' && path === '/orders') throw new TypeError('lost on the way');
        return answer;
    };
}"""
HEAR_ANSWERS = "() => { window.fetch = window.kept; }"


def come_in(bar, page, name):
    page.evaluate("""async ([name, code]) => {
        const { session } = await import('/assets/session.js');
        const { words } = await import('/assets/words.js');
        await words.ready;
        const ending = await session.comeIn(name, code);
        if (ending.kind !== 'answered') throw new Error(JSON.stringify(ending));
    }""", [name, bar.first_run["registration_code"]])


def notes(bar):
    return sorted(order["note"] for order in bar.queue())


def journey(bar, browser):
    phone = browser.phone(bar)
    phone.open("/")
    page = phone.page
    come_in(bar, page, "Ana")
    assert page.evaluate(PLACE, ["Negroni", "at once"]) == ["placed", None]
    assert notes(bar) == ["at once"]

    with phone.trouble():
        lost_answer(bar, page)
        without_a_line(bar, phone)
        refused_late(bar, phone)
        second_thoughts(bar, phone)


def lost_answer(bar, page):
    """The bar gets it and the phone never hears so; the same key again is the same order."""
    page.evaluate(LOSE_ANSWERS)
    assert page.evaluate(PLACE, ["Daiquiri", "lost answer"]) == ["waiting", None]
    assert notes(bar) == ["at once", "lost answer"], notes(bar)
    page.evaluate(HEAR_ANSWERS)
    until(lambda: ["lost answer", "pending"] in page.evaluate(STATES), "it has arrived")
    assert notes(bar) == ["at once", "lost answer"], notes(bar)


def without_a_line(bar, phone):
    """Two tabs are open when the bar goes away; a third comes after a reload."""
    page = phone.page
    other = phone.context.new_page()
    other.goto("/")
    other.locator("aside").wait_for(state="attached")  # The last that a page shows: it has all its files.
    bar.stop()
    assert page.evaluate(PLACE.replace("await menu.load();", ""), ["Margarita", "while away"]) == ["waiting", None]
    for tab in (page, other):
        until(lambda tab=tab: ["while away", "notSent"] in tab.evaluate(STATES), "both tabs show it")
    page.evaluate("() => window.gone = true")
    bar.restart()
    page.reload()
    for tab in (page, other):
        until(lambda tab=tab: ["while away", "pending"] in tab.evaluate(STATES), "both see it at the bar", seconds=30)
    assert notes(bar) == ["at once", "lost answer", "while away"], notes(bar)
    other.close()


def refused_late(bar, phone):
    """What waited is sold out by then: it comes back to the guest as not ordered."""
    page = phone.page
    page.evaluate("""async () => {
        const { orders } = await import('/assets/orders.js');
        window.refused = [];
        orders.addEventListener('refused', ({ detail: { order, ending } }) =>
            window.refused.push([order.note, ending.code]));
    }""")
    phone.context.set_offline(True)
    assert page.evaluate(PLACE, ["Negroni", "too late"]) == ["waiting", None]
    bar.ask("PUT", "/admin/ingredients/Gin", {"in_stock": False})
    phone.context.set_offline(False)
    until(lambda: page.evaluate("() => window.refused") == [["too late", "sold_out"]], "the guest is told")
    assert ["too late", "refused"] in page.evaluate(STATES)
    page.reload()
    until(lambda: ["too late", "refused"] in page.evaluate(STATES), "and still is after a reload")
    page.evaluate("""async () => {
        const { orders } = await import('/assets/orders.js');
        await orders.dismiss(orders.open.find(({ state }) => state === 'refused').id);
    }""")
    assert "too late" not in [note for note, _ in page.evaluate(STATES)]
    assert page.evaluate(PLACE, ["Negroni", "now"]) == ["refused", "sold_out"]
    assert "now" not in [note for note, _ in page.evaluate(STATES)]
    bar.ask("PUT", "/admin/ingredients/Gin", {"in_stock": True})
    assert "too late" not in notes(bar)


def second_thoughts(bar, phone):
    """One that surely never left is gone at once; one that the bar may have is cancelled there."""
    page = phone.page
    cancel = """async (note) => {
        const { orders } = await import('/assets/orders.js');
        await orders.cancel(orders.open.find((order) => order.note === note).id);
    }"""
    phone.context.set_offline(True)
    assert page.evaluate(PLACE, ["Negroni", "never mind"]) == ["waiting", None]
    page.evaluate(cancel, "never mind")
    assert "never mind" not in [note for note, _ in page.evaluate(STATES)]
    phone.context.set_offline(False)

    page.evaluate(LOSE_ANSWERS)
    assert page.evaluate(PLACE, ["Negroni", "half sent"]) == ["waiting", None]
    assert "half sent" in notes(bar)
    page.evaluate(cancel, "half sent")
    assert ["half sent", "withdrawing"] in page.evaluate(STATES)
    page.evaluate(HEAR_ANSWERS)
    until(lambda: "half sent" not in notes(bar), "the bar knows", seconds=20)
    until(lambda: "half sent" not in [note for note, _ in page.evaluate(STATES)], "and so does the phone")
    assert "never mind" not in notes(bar)
