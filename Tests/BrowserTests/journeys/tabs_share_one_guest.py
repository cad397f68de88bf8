"""Tabs of one browser are one guest: one renews for all, who leaves has left in each, and a renewal is asked for once."""

from bar import until

GUEST = "() => import('/assets/session.js').then(({ session }) => session.guest?.name ?? null)"
ASK = """async () => {
    const { session } = await import('/assets/session.js');
    const { kind, code } = await session.ask('GET', '/orders');
    return [kind, code ?? null];
}"""
SPOIL = """(what) => {
    const guest = JSON.parse(localStorage['barback.guest']);
    guest[what] = what === 'ends' ? 0 : guest.access.slice(0, -8) + 'AAAAAAAA';
    localStorage['barback.guest'] = JSON.stringify(guest);
}"""


def journey(bar, browser):
    phone = browser.phone(bar)
    one = phone.page
    one.goto(bar.join_path)
    other = phone.context.new_page()
    other.goto("/")
    one.get_by_role("heading").first.wait_for()
    assert one.evaluate("() => location.pathname") == "/"
    come_in = """async (name) => {
        const { session } = await import('/assets/session.js');
        const ending = await session.comeIn(name);
        return [ending.kind, session.code];
    }"""
    assert one.evaluate(come_in, "  Ana ") == ["answered", None]
    until(lambda: other.evaluate(GUEST) == "Ana", "the other tab knows")

    # Their token is about to end; both ask at once, and later one that the bar does not believe.
    for what in ("ends", "access"):
        renewals = []
        phone.context.on("request", lambda request, found=renewals: (
            found.append(request.url) if request.url.endswith("/auth/refresh") else None))
        one.goto("about:blank")
        other.evaluate(SPOIL, what)
        with phone.trouble():
            other.reload()
            one.goto("/")
            for tab in (one, other):
                assert tab.evaluate(ASK) == ["answered", None]
        assert len(renewals) == 1, renewals

    left = "() => import('/assets/session.js').then(({ session }) => session.leave()).then(({ kind }) => kind)"
    # The first tab may be asking for something just then.
    with phone.trouble():
        assert other.evaluate(left) == "answered"
        until(lambda: one.evaluate(GUEST) is None, "the first tab knows")
    assert one.evaluate("() => localStorage['barback.guest'] ?? localStorage['barback.seen'] ?? null") is None

    # A guest whom the host lets go is out by the next thing they ask.
    one.goto(bar.join_path)
    assert one.evaluate(come_in, "Bo") == ["answered", None]
    guest = next(guest for guest in bar.ask("GET", "/admin/guests") if guest["username"] == "Bo")
    with phone.trouble():
        bar.ask("POST", f"/admin/guests/{guest['id']}/disable", {})
        until(lambda: one.evaluate(ASK) == ["refused", "not_signed_in"] or one.evaluate(GUEST) is None, "Bo is out")
        assert one.evaluate(GUEST) is None
