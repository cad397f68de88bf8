"""An empty menu, one section, all hidden, a section that leaves while it is looked at, and recipes that are not shown."""

from bar import until

ONLY_LOOKS = True


def journey(bar, browser):
    sections = bar.ask("GET", "/sections")
    drinks = bar.ask("GET", "/drinks")
    first, second = sections[0], sections[1]
    kept = [[one for one in drinks if one["section_id"] == section["id"]][0] for section in (first, second)]
    for drink in drinks:
        if drink not in kept:
            bar.ask("DELETE", f"/admin/drinks/{drink['id']}")
    phone = browser.phone(bar)
    page = phone.page
    rows, chips, says = page.locator(".drink-row"), page.locator(".finder .chip"), page.locator(".results")
    phone.open("/")
    rows.first.wait_for()
    assert chips.all_text_contents() == ["All", first["name"], second["name"], "No alcohol", "All to be had"]

    # It leaves while it is looked at: the rest is shown, and not a menu without anything.
    chips.get_by_text(second["name"]).click()
    until(lambda: rows.count() == 1, "one drink of it")
    bar.ask("DELETE", f"/admin/drinks/{kept[1]['id']}")
    look(phone, drinks=1)
    rows.get_by_text(kept[0]["name"], exact=True).wait_for()
    assert chips.all_text_contents() == ["All", "No alcohol", "All to be had"]
    assert chips.first.get_attribute("aria-pressed") == "true"

    steps = page.get_by_role("heading", name="How it is made")
    rows.locator("a").first.click()
    steps.wait_for()
    bar.ask("PUT", "/admin/settings", {"show_recipes": False})
    page.keyboard.press("Escape")
    until(lambda: bar.ask("GET", "/bar")["show_recipes"] is False, "the bar has it")
    look(phone, drinks=1)
    rows.locator("a").first.click()
    page.locator("dialog h1").wait_for()
    assert steps.count() == 0
    page.keyboard.press("Escape")

    name = kept[0]["ingredients"][0]["name"]
    page.evaluate("(name) => import('/assets/prefs.js').then(({ prefs }) => prefs.set({ avoid: [name] }))", name)
    says.get_by_text("All of it is hidden, as you asked.").wait_for()
    page.evaluate("() => import('/assets/prefs.js').then(({ prefs }) => prefs.set({ avoid: [] }))")
    rows.first.wait_for()
    bar.ask("DELETE", f"/admin/drinks/{kept[0]['id']}")
    look(phone, drinks=0)
    says.get_by_text("Nothing is on the menu yet.").wait_for()
    page.get_by_role("button", name="Surprise me").click()
    assert page.locator("dialog").count() == 0


def look(phone, drinks):
    """Nobody tells a guest who has not come in; they look again now and then."""
    until(lambda: phone.page.evaluate("""() => import('/assets/menu.js').then(async ({ menu }) => {
        await menu.load();
        return menu.drinks.size;
    })""") == drinks, f"{drinks} drinks")
