"""Page, styles, scripts, words and a menu of forty drinks come to less than 120 kB on the line, and the menu is useful
soon on a slow phone: its names are there first, then the drawings that are on the screen, then what a tap needs.

What is held to a limit is what a busy machine does not change much: bytes, files, and time of the processor. Time on
the clock is printed, the median of three; docs/decisions/0036 has it from runs side by side.
"""

import statistics

from tasks import tasks

MEASURES_TIME = True

MOST_BYTES = 120_000
#: Files that a phone reads before it asks for the menu; each costs more time than its bytes.
MOST_FILES = 16
MOST_BEFORE_NAMES = 160
MOST_AT_A_TIME = 50
#: A phone of the middle range, by its processor a quarter of a desktop's, on the Wi-Fi of a party.
WIFI = {"offline": False, "latency": 20, "downloadThroughput": 5_000_000 / 8, "uploadThroughput": 2_000_000 / 8}
SLOWER = 4

#: Marks when names are painted, and when drawings are and a tap on the first row has opened it.
WATCH = """(() => {
  window.moved = 0;
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput } of list.getEntries()) if (!hadRecentInput) window.moved += value;
  }).observe({ type: "layout-shift", buffered: true });
  const all = (selector, count) => [...document.querySelectorAll(selector)].slice(0, count);
  const steps = [
    ["names", () => all("h1", 1)[0]?.textContent && all(".finder .chip", 3).length === 3 && all(".drink-row", 2).length
      && all(".drink-row", 2).every((row) => row.querySelector("h3"))],
    ["drawings", () => [...all(".pick .stand", 3), ...all(".drink-row .stand", 2)]
      .every((stand) => stand.querySelector(".dd"))],
    ["opened", () => {
      if (!all("dialog.sheet", 1).length && document.querySelector("aside")) all(".drink-row h3 a", 1)[0].click();
      return all("dialog.sheet h1", 1).length;
    }],
  ];
  const look = () => {
    while (steps.length && steps[0][1]()) {
      const [name] = steps.shift();
      // After this frame has been painted.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => performance.mark(name);
      port2.postMessage(null);
    }
    if (steps.length) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})()"""

SIZES = """() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
    .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)"""
FIRST_FILES = """() => {
    const files = performance.getEntriesByType("resource");
    const asked = files.find(({ name }) => name.endsWith("/drinks")).startTime;
    return files.filter(({ name, startTime }) => name.includes("/assets/") && startTime < asked)
        .map(({ name }) => name.split("/assets/")[1]).filter((name) => !name.startsWith("icon"));
}"""
TIMES = "() => performance.getEntriesByType('mark').map(({ name, startTime }) => [name, startTime / 1000])"


def opened(phone):
    phone.page.add_init_script(WATCH)
    phone.page.goto("/", wait_until="commit")
    phone.page.wait_for_function(
        "() => performance.getEntriesByName('opened').length", polling=100, timeout=60_000)


def slow(bar, browser):
    phone = browser.phone(bar)
    client = phone.context.new_cdp_session(phone.page)
    client.send("Network.enable")
    client.send("Network.emulateNetworkConditions", WIFI)
    client.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    opened(phone)
    times = dict(phone.page.evaluate(TIMES))
    phone.context.close()
    return times


def journey(bar, browser):
    drinks = bar.ask("GET", "/drinks")
    for drink in drinks[40:]:
        bar.ask("DELETE", f"/admin/drinks/{drink['id']}")
    phone = browser.phone(bar)
    with tasks(phone.page) as seen:
        opened(phone)
    files, total = phone.page.evaluate(FIRST_FILES), phone.page.evaluate(SIZES)
    names = seen.until("names")
    times = [slow(bar, browser) for _ in range(3)]
    print(f"{total} bytes, {len(files)} files before the menu; {names:.0f} ms before the names, "
          f"{seen.longest:.0f} ms at a time; slow:",
          {name: round(statistics.median(each[name] for each in times), 2) for name in ("names", "drawings", "opened")})
    assert total < MOST_BYTES, f"{total} bytes"
    assert len(files) <= MOST_FILES, files
    assert names < MOST_BEFORE_NAMES, f"the processor worked {names:.0f} ms before the names were there"
    assert seen.longest < MOST_AT_A_TIME, f"it worked {seen.longest:.0f} ms at a time"
    assert phone.page.evaluate("() => window.moved") == 0, "something on the screen was pushed away"
