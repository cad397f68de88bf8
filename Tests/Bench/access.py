"""The way into a bar: the host's token, API keys, and guests with theirs."""

import json
import os

import machine

GUESTS = 64
_NAMES = os.urandom(4).hex()


class Access:
    """Asked for once a start; a data directory that was used before has its host still.

    Its API key has no rates: what is measured is the bar and not how it holds back whoever asks too often.
    """

    def __init__(self, bar):
        self.bar = bar
        with open(f"{bar.data}/first-run.json") as file:
            first = json.load(file)
        # Until there is one without rates: the key of the page.
        with open(f"{bar.data}/run/web-key") as file:
            self.key = file.read()
        login = {name: first["admin"][name] for name in ("username", "password")}
        self._token = self._post("/auth/login", login, self.key, None, 200)["access_token"]
        self.key = self.new_key("unlimited")
        machine.wait_for(self._opens, "an API key that opens")
        self._guests = []

    def new_key(self, plan):
        return self._post(
            "/admin/api-keys", {"name": f"Bench, {plan}", "plan": plan}, self.key,
            self._token)["key"]

    def host(self):
        return self.headers(self._token)

    def anyone(self):
        return {"X-Api-Key": self.key}

    def guests(self, count=GUESTS):
        """Tokens of that many guests, of the same ones each time."""
        while (number := len(self._guests)) < count:
            if number % 25 == 0:
                self._code = self._post(
                    "/admin/registration-codes", {"max_uses": 25}, self.key, self._token)["code"]
                machine.wait_for(lambda: self._knows(self._code), "a code that opens")
            # A name is taken for a week; the same directory is measured more often.
            self._guests.append(self._post(
                "/register", {"username": f"Guest {number} {_NAMES} {self.bar.port}"}, self.key,
                None, 201, {"X-Registration-Code": self._code})["access_token"])
        return self._guests[:count]

    def guest(self):
        return self.headers(self.guests()[0])

    def headers(self, token):
        return {"X-Api-Key": self.key, "Authorization": f"Bearer {token}"}

    def _opens(self):
        # Each connection goes to one of the front's two threads by chance.
        return all(self.bar.ask("GET", "/bar", None, self.anyone())[0] == 200 for _ in range(10))

    def _knows(self, code):
        """An invalid name is refused as such only behind a code that opens."""
        headers = {"X-Registration-Code": code, **self.anyone()}
        return all(self.bar.ask("POST", "/register", {"username": ""}, headers)[0] == 422
                   for _ in range(10))

    def _post(self, path, document, key, token, wanted=201, more={}):
        headers = {"X-Api-Key": key, **more}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        status, body, _ = self.bar.ask("POST", path, document, headers)
        if status != wanted:
            raise RuntimeError(f"POST {path}: {status} {body.decode()}")
        return json.loads(body)["data"]
