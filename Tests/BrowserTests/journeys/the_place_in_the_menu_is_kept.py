"""Wherever somebody was in the menu, they are there again: after a drink, an order, the door, another language and a
reload; in each language with its own numbers, times and measures, and those of the guest."""

import re

from bar import until

ROW = """() => {
    const row = [...document.querySelectorAll('[data-drink]')].find((row) => row.getBoundingClientRect().top >= 150);
    return [row.dataset.drink, Math.round(row.getBoundingClientRect().top)];
}"""


def journey(bar, browser):
    phone = browser.phone(bar)
    page = phone.page
    phone.open("/")
    page.locator(".drink-row").first.wait_for()
    page.get_by_role("searchbox").fill("gin")
    page.locator(".suggest .without").first.wait_for()
    page.get_by_role("searchbox").fill("juice")
    page.locator(".results").get_by_text("juice").wait_for()
    page.evaluate("() => scrollTo(0, 1200)")
    place = until(lambda: page.evaluate(ROW) == (page.wait_for_timeout(300) or page.evaluate(ROW)) and page.evaluate(ROW),
                  "it stands still")

    def is_same(what):
        until(lambda: near(page.evaluate(ROW), place), f"the same place after {what}: {place}, {page.evaluate(ROW)}")
        assert page.get_by_role("searchbox").input_value() == "juice"

    row = page.locator(f"[data-drink='{place[0]}']")
    press = "(element) => element.click()"  # The driver's own scrolls first.
    row.locator("a").evaluate(press)
    page.locator("dialog h1").wait_for()
    page.go_back()
    page.locator("dialog").wait_for(state="detached")
    is_same("a drink")
    row.locator(".ring").evaluate(press)
    page.locator("#code").fill(bar.first_run["registration_code"])
    phone.come_in("Ana")
    order = until(bar.queue, "it is ordered")[0]
    is_same("door and order")
    page.reload()
    page.locator(".drink-row").first.wait_for()
    is_same("a reload")
    page.evaluate("() => import('/assets/sheet.js').then(({ goTo }) => goTo('#/settings'))")
    page.get_by_role("button", name="Español").click()
    page.get_by_role("heading", name="A tu manera").wait_for()
    assert page.evaluate("() => document.activeElement.textContent") == "Español"
    page.get_by_role("button", name="cl", exact=True).click()
    page.keyboard.press("Escape")
    page.locator("dialog").wait_for(state="detached")
    is_same("another language")

    # Numbers, times and measures: as the language writes them, in what the guest measures with.
    def recipe(drink):
        page.evaluate("(id) => import('/assets/sheet.js').then(({ goTo }) => goTo('#/drink/' + id))", drink["id"])
        page.locator("dialog .recipe li").first.wait_for()
        text = page.locator("dialog .recipe").inner_text()
        page.keyboard.press("Escape")
        page.locator("dialog").wait_for(state="detached")
        return text

    model = bar.drink("Negroni")
    drink = bar.ask("POST", "/admin/drinks", {
        "section_id": model["section_id"], "name": "Measure", "glass": "rocks",
        "ingredients": [{"name": "Gin", "amount": 22.5, "unit": "ml"}, {"name": "Campari", "amount": 45, "unit": "ml"}]})
    page.evaluate("() => import('/assets/menu.js').then(({ menu }) => menu.load())")
    seen = {}
    for language in ("es", "en"):
        for units in ("ml", "cl", "oz"):
            page.evaluate("""([language, units]) => import('/assets/prefs.js').then(({ prefs }) =>
                prefs.set({ language, units }))""", [language, units])
            page.wait_for_function("(language) => document.documentElement.lang === language", arg=language)
            seen[language, units] = re.findall(r"[\d,.½¾⅔]+ (?:ml|cl|oz)", recipe(drink))
    assert seen == {
        ("es", "ml"): ["22,5 ml", "45 ml"], ("es", "cl"): ["2,25 cl", "4,5 cl"], ("es", "oz"): ["¾ oz", "1½ oz"],
        ("en", "ml"): ["22.5 ml", "45 ml"], ("en", "cl"): ["2.25 cl", "4.5 cl"], ("en", "oz"): ["¾ oz", "1½ oz"]}, seen

    # What was ordered on another day says which.
    bar.move(order, "completed")
    page.clock.set_fixed_time("2030-01-02T12:00:00")
    page.goto(bar.origin + "/#/orders")
    text = page.locator("dialog .order-row p").first
    until(lambda: re.search(r"Served, \w{3}", text.text_content()), "a day of the week")


def near(one, other):
    return one[0] == other[0] and abs(one[1] - other[1]) <= 8
