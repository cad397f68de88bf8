"""Two hosts write the same drink: what only one changed is kept, what both changed is put side by side, and nothing is
overwritten unseen. What it was before is found in its history, and brought back."""

from bar import until


def journey(bar, browser):
    drink = bar.drink("Negroni")

    def now():
        return bar.ask("GET", f"/admin/drinks/{drink['id']}")

    def change(**fields):
        return bar.ask("PUT", f"/admin/drinks/{drink['id']}", fields)

    host = browser.phone(bar, viewport={"width": 1180, "height": 820})
    host.sign_in(f"/host#/drink/{drink['id']}")
    page = host.page
    name = page.locator("input.name")
    save = page.get_by_role("button", name="Save", exact=True)
    notice = page.locator(".notice")

    # Nothing of one's own: the other's change is simply there.
    name.wait_for()
    change(garnish="Lemon twist")
    notice.get_by_text("Garnish").wait_for()
    assert page.get_by_label("Garnish").input_value() == "Lemon twist"

    # Both write: one field each, and one that both have changed.
    name.fill("My Negroni")
    page.get_by_label("Strength in percent").fill("24")
    change(name="Their Negroni", description="Theirs.")
    notice.get_by_text("Description").wait_for()
    notice.get_by_text("Their Negroni").wait_for()
    notice.get_by_text("My Negroni").wait_for()
    save.click()
    page.get_by_text("Guests see changes at once.").wait_for()
    assert (now()["name"], now()["description"], now()["abv"]) == ("My Negroni", "Theirs.", 24)

    # Somebody else is faster than the news of it: the bar refuses, and the page says so.
    name.fill("Mine again")
    page.route("**/admin/drinks", lambda route: route.abort())
    with host.trouble():
        change(name="Faster")
        save.click()
        page.get_by_text("Not saved: somebody else was faster.").wait_for()
        assert now()["name"] == "Faster"
        page.get_by_role("button", name="Take theirs: Name").click()
        assert name.input_value() == "Faster"
        page.unroute_all()

    page.get_by_role("button", name="History").click()
    versions = page.locator(".versions button")
    versions.first.wait_for()
    assert versions.count() == now()["version"], versions.count()
    versions.last.click()
    table = page.locator(".compared table")
    rows = {row.locator("th").inner_text(): row.locator("td").all_inner_texts() for row in table.locator("tbody tr").all()}
    assert rows["Name"] == ["Negroni", "Faster"], rows
    assert rows["Garnish"] == [drink["garnish"], "Lemon twist"], rows
    assert "Glass" not in rows and "Steps" not in rows, rows
    page.get_by_role("button", name="Bring back version 1").click()
    page.get_by_text("Version 1 is back on the menu.").wait_for()
    for field in ("name", "description", "garnish", "abv", "ingredients", "translations", "recipe_steps"):
        assert now()[field] == drink[field], field
    until(lambda: name.input_value() == "Negroni", "the form shows it")
