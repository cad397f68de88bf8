"""The menu on paper: every drink once, with the code at the door, on two pages of either paper."""

import re


def journey(bar, browser):
    host = browser.phone(bar, viewport={"width": 1180, "height": 820})
    host.sign_in("/host#/print")
    page = host.page
    page.locator(".paper .qr").wait_for()
    page.locator(".paper li").first.wait_for()
    served = [drink["id"] for drink in bar.ask("GET", "/drinks")]
    assert len(served) >= 40
    printed = page.locator(".paper li").evaluate_all("(rows) => rows.map(({ dataset }) => dataset.drink)")
    assert sorted(printed) == sorted(served), "every drink, and none twice"
    assert page.locator(".paper").get_by_text(bar.ask("GET", "/admin/join-code")["code"]).count() == 1
    for paper in ("A4", "Letter"):
        pages = len(re.findall(rb"/Type\s*/Page[^s]", page.pdf(format=paper)))
        assert 1 <= pages <= 2, f"{pages} pages of {paper}"
    page.emulate_media(media="print")
    for aside in (".rail", ".host-head", ".print-says"):
        assert not page.locator(aside).is_visible(), aside
