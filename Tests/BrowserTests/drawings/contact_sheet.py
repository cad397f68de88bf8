"""Every drink of the demo menu, drawn: contact sheets to look at, at three sizes in both rooms.

    contact_sheet.py FOLDER [SET SIZE...]

SET is demo (the default), iba, glasses, garnishes or a JSON file of drinks as the menu has them.
"""

import http.server
import json
import pathlib
import sys
import threading
import urllib.parse

from playwright.sync_api import sync_playwright

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
GLASSES = """coupe, martini, nick & nora, sour, margarita, flute, wine, balloon, snifter, cordial, hurricane,
irish coffee, rocks, highball, collins, pint, beer mug, punch cup, shot, copper mug, julep cup, tiki mug""" \
    .replace("\n", " ").split(", ")
GARNISHES = """lemon wheel; lime slice; orange slice; lime wedge; orange twist; lemon peel; grapefruit peel; cherry;
two cherries; olive; three olives; onions; mint sprig; mint leaf; basil leaves; basil; rosemary; thyme; cucumber ribbon;
cucumber slice; pineapple wedge; pineapple leaves; raspberry; blackberries; strawberry; blueberries; grated nutmeg;
cocoa powder; three coffee beans; viola flower; cinnamon stick; star anise; candied ginger; celery stick;
apple fan; pear slice; chili; straw, lime wheel; salt rim; sugar rim; half chili rim, lime wedge; bitters drops;
grapes; dehydrated orange""".replace("\n", " ").split("; ")


def demo():
    menu = json.loads((ROOT / "Sources/DemoMenu/menu.json").read_text())
    return [drink for section in menu["sections"] for drink in section["drinks"]]


def glasses():
    parts = [{"name": "Campari", "amount": 30, "unit": "ml"}, {"name": "Orange juice", "unit": "top"}]
    return [{"name": f"{glass}, {ice}", "glass": glass, "ice": ice, "ingredients": parts}
            for ice in ("none", "cubes", "large", "crushed") for glass in GLASSES]


def garnishes():
    parts = [{"name": "Gin", "amount": 60, "unit": "ml"}, {"name": "Aperol", "amount": 20, "unit": "ml"}]
    return [{"name": f"{garnish}, {glass}", "glass": glass, "ice": ice, "garnish": garnish, "ingredients": parts}
            for garnish in GARNISHES for glass, ice in (("coupe", "none"), ("rocks", "cubes"), ("highball", "crushed"))]


def iba(path):
    return [{"name": one["name"], "ingredients": [
        {"name": part["ingredient"], "amount": part["quantity"], "unit": part["unit"]} for part in one["ingredients"]],
        "recipe_steps": [one["method"]], "garnish": one.get("garnish"), "glass": one.get("glass")}
        for one in json.loads(pathlib.Path(path).read_text())]


class Room(http.server.SimpleHTTPRequestHandler):
    def do_GET(self):
        path = urllib.parse.urlparse(self.path).path
        if path.startswith("/sets/"):
            return self.answer(json.dumps(drinks(path[6:])).encode(), "application/json")
        folder = ROOT / "Sources/WebApp" if path.startswith("/public/") else HERE
        kinds = {".js": "text/javascript", ".css": "text/css", ".html": "text/html; charset=utf-8",
                 ".svg": "image/svg+xml"}
        file = folder / path.lstrip("/")
        if not file.is_file():
            return self.send_error(404)
        return self.answer(file.read_bytes(), kinds.get(file.suffix, "text/plain"))

    def answer(self, body, kind):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Security-Policy", "default-src 'self'")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def drinks(name):
    name = urllib.parse.unquote(name)
    known = {"demo": demo, "glasses": glasses, "garnishes": garnishes}
    if name in known:
        return known[name]()
    return iba(name) if "iba" in name else json.loads(pathlib.Path(name).read_text())


def main():
    folder, kind, *sizes = (sys.argv[1:] + ["demo"])[:2] + (sys.argv[3:] or ["48", "112", "320"])
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Room)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for theme in ("night", "day"):
            for size in sizes:
                number, _, more = size.partition("&")
                page = chromium.new_page(viewport={"width": 1280, "height": 800})
                page.on("console", lambda message: print(message.text, file=sys.stderr))
                page.on("pageerror", lambda error: print(error, file=sys.stderr))
                query = urllib.parse.urlencode({"size": number, "theme": theme, "set": kind}) + "&" + more
                page.goto(f"http://127.0.0.1:{server.server_port}/sheet.html?{query}")
                page.locator("body[data-ready]").wait_for()
                name = "-".join(filter(None, [pathlib.Path(kind).stem, number, more.replace("=", ""), theme]))
                page.screenshot(path=f"{folder}/{name}.png", full_page=True)
                page.close()
        chromium.close()


if __name__ == "__main__":
    main()
