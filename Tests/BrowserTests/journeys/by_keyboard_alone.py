"""A whole order without a finger: the focus goes where the design says, is always seen, and stays where it was when
what is around it changes."""

from bar import until

HERE = """() => {
    const at = document.activeElement, style = getComputedStyle(at), field = at.closest('.field');
    const ring = field ? getComputedStyle(field) : style;
    return [(at.getAttribute('aria-label') ?? at.textContent).trim() || at.id, ring.outlineStyle, parseInt(ring.outlineWidth)];
}"""


def journey(bar, browser):
    phone = browser.phone(bar)
    page = phone.page
    press = page.keyboard.press

    def at():
        name, style, width = page.evaluate(HERE)
        assert style == "solid" and width >= 3, f"no ring around {name}"
        return name

    def go_to(name, key="Tab", most=80):
        for _ in range(most):
            press(key)
            if at() == name:
                return
        raise AssertionError(f"{name} is not reached")

    phone.open(bar.join_path)
    page.locator("#name").wait_for()
    go_to("name")
    page.keyboard.type("Ana")
    press("Enter")
    page.locator("dialog").wait_for(state="detached")
    page.locator(".drink-row").first.wait_for()

    # Surprise and theme, search, suggestions, chips; then row by row a name and its ring.
    page.evaluate("() => document.activeElement.blur()")
    order = [page.evaluate(HERE)[0] for _ in range(4) if press("Tab") is None]
    assert order == ["Surprise me", "Your way", "q", "All"], order
    go_to("q", "Shift+Tab")
    page.keyboard.type("gin")
    page.locator(".suggest li").first.wait_for()
    press("Tab")
    assert at() == "Drinks with Gin"
    press("Enter")
    assert at() == "q"
    press("Tab")
    assert at() == "With Gin. Remove"
    name, row_of_it = "Negroni", page.locator(".found .drink-row").filter(has=page.get_by_text("Negroni", exact=True))
    go_to(name)
    press("Tab")
    assert at() == f"Order: {name}"

    # A bottle is empty and full again under the focus, and another language comes: it stays in its row.
    row = "() => document.activeElement.closest('[data-drink]')?.dataset.drink"
    drink = page.evaluate(row)
    for is_in in (False, True):
        bar.ask("PUT", "/admin/ingredients/Gin", {"in_stock": is_in})
        row_of_it.get_by_text("No Gin left tonight").wait_for(state="detached" if is_in else "attached", timeout=4_000)
        assert page.evaluate(row) == drink
    assert at() == name
    press("Enter")
    page.locator("dialog h1").get_by_text(name, exact=True).wait_for()
    forth = [at() for _ in range(4) if press("Tab") is None]
    assert forth == ["note", "One fewer", "One more", "Order this drink"], forth
    back = [at() for _ in range(5) if press("Shift+Tab") is None][3:]
    assert back == [f"Favourite: {name}", "Back to the menu"], back
    press("Escape")
    page.locator("dialog").wait_for(state="detached")
    assert page.evaluate(row) == drink, "and back to the row it came from"

    press("Enter")
    page.locator("dialog h1").get_by_text(name, exact=True).wait_for()
    go_to("note")
    page.keyboard.type("No ice")
    go_to("One more")
    press("Space")
    go_to("Order this drink")
    press("Enter")
    order = until(bar.queue, "it is ordered")[0]
    assert (order["quantity"], order["note"]) == (2, "No ice")
    page.locator(".toast").get_by_role("button").wait_for()
    # What the toast says of it is over as soon as it is begun; the order itself is the next place.
    bar.move(order, "in_progress")
    page.locator(".toast").wait_for(state="hidden")
    page.locator(".order-bar").focus()
    press("Enter")
    page.locator("dialog h1").get_by_text("Being mixed").wait_for()
    press("Tab")
    assert at() == "Order something else"
    bar.move(order, "ready")
    page.locator("dialog h1").get_by_text("Ready.").wait_for()
    until(lambda: at() == "I have it", "the main action has the focus that the one before had")
    press("Enter")
    page.locator("dialog").wait_for(state="detached")
