"""Behind the guests' page: orders, menu and bar are as they are at the bar within a second or two, and ready is told once."""

import time

from bar import until

MEASURES_TIME = True

LISTEN = """async () => {
    const { orders } = await import('/assets/orders.js');
    const { menu } = await import('/assets/menu.js');
    window.heard = [];
    orders.addEventListener('ready', ({ detail }) => window.heard.push(['ready', detail.order.drink.name]));
    orders.addEventListener('moved', ({ detail }) => window.heard.push([detail.before, detail.order.state]));
    window.orders = orders;
    window.menu = menu;
}"""
HEARD = "() => window.heard"


def journey(bar, browser):
    phone = browser.phone(bar)
    phone.open(bar.join_path)
    page = phone.page
    page.get_by_role("heading").first.wait_for()
    page.evaluate(LISTEN)
    page.evaluate("() => import('/assets/session.js').then(({ session }) => session.comeIn('Ana'))")
    until(lambda: page.evaluate("() => import('/assets/live.js').then(({ live }) => live.state)") == "live", "it is live")
    placed = page.evaluate("""async () => {
        const drink = [...window.menu.drinks.values()].find(({ name }) => name === 'Negroni');
        const shown = window.orders.place(drink, 2, ' No ice ');
        const states = window.orders.open.map(({ state }) => state);
        const { kind, order } = await shown;
        return [states, kind, order.state, order.quantity, order.note, window.orders.open.length];
    }""")
    assert placed == [["sending"], "placed", "pending", 2, "No ice", 1], placed
    order = until(bar.queue, "the order is in the queue")[0]
    until(lambda: page.evaluate("() => window.orders.open[0].place") == 1, "its place is known")
    for status in ("in_progress", "ready"):
        bar.move(order, status)
        moved = time.monotonic()
        until(lambda status=status: page.evaluate("() => window.orders.open[0].state") == status, status, seconds=1)
        assert time.monotonic() - moved < 1
    all_of_it = [["pending", "in_progress"], ["in_progress", "ready"], ["ready", "Negroni"]]
    until(lambda: page.evaluate(HEARD) == all_of_it, "each step is told")

    # It is told again to nobody who knows, and to everybody who was away.
    page.reload()
    page.evaluate(LISTEN)
    until(lambda: page.evaluate("() => window.orders.open.length") == 1, "it is there after a reload")
    page.wait_for_timeout(500)
    assert page.evaluate(HEARD) == []
    page.goto("about:blank")
    bar.move(order, "completed")
    again = page_that_orders(bar, phone)
    assert again == [["ready", "Daiquiri"]], again

    bar.ask("PUT", "/admin/ingredients/Gin", {"in_stock": False})
    gin = "() => [...window.menu.drinks.values()].find(({ name }) => name === 'Negroni').missing"
    until(lambda: page.evaluate(gin) == ["Gin"], "the menu says what is out", seconds=3)
    bar.ask("PUT", "/admin/bar", {"accepting_orders": False, "message": "Back at ten."})
    until(lambda: page.evaluate("() => window.menu.bar.message") == "Back at ten.", "and the bar why", seconds=3)


def page_that_orders(bar, phone):
    """Orders, goes away, and comes back when it is ready; what is told then."""
    page = phone.page
    page.goto("/")
    page.evaluate(LISTEN)
    until(lambda: page.evaluate("() => window.menu.isHere"), "the menu is there")
    page.evaluate("""() => window.orders.place(
        [...window.menu.drinks.values()].find(({ name }) => name === 'Daiquiri'))""")
    page.goto("about:blank")
    bar.move(until(bar.queue, "the order is in the queue")[0], "ready")
    page.add_init_script("""window.early = [];
        import('/assets/orders.js').then(({ orders }) => orders.addEventListener('ready',
            ({ detail }) => window.early.push(['ready', detail.order.drink.name])));""")
    page.goto("/")
    page.evaluate(LISTEN)
    until(lambda: page.evaluate("() => window.early.length"), "it is told")
    return page.evaluate("() => window.early")
