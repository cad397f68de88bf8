"""A small OpenID Connect provider on loopback, real to the letter until it is told to misbehave.

    python3 provider.py DIRECTORY      keys and certificate go there; prints "ready PORT TLSPORT" once

    GET  /.well-known/openid-configuration   GET /keys
    POST /mode/NAME                          how to misbehave from now on; "good" ends it
    POST /keys/new                           the next keys: the ones before are forgotten
    POST /token {"key": "rsa" | "ec", "header": {...}, "claims": {...}}   a signed token

Only what Python and the openssl command line have.
"""

import base64
import http.server
import json
import pathlib
import ssl
import subprocess
import sys
import threading
import time

folder = pathlib.Path(sys.argv[1])
mode = "good"
number = 0


def openssl(*words, data=None):
    return subprocess.run(["openssl", *words], input=data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          check=True).stdout


def text(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def make_keys():
    global number
    number += 1
    openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", str(folder / "rsa.pem"))
    openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", str(folder / "ec.pem"))


def key_set():
    modulus = openssl("rsa", "-in", str(folder / "rsa.pem"), "-noout", "-modulus").decode().strip()
    point = openssl("ec", "-in", str(folder / "ec.pem"), "-pubout", "-outform", "DER")[-64:]
    return {"keys": [
        {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": f"rsa{number}", "e": "AQAB",
         "n": text(bytes.fromhex(modulus.split("=")[1]))},
        {"kty": "RSA", "use": "enc", "alg": "RSA-OAEP", "kid": f"enc{number}", "e": "AQAB", "n": "AAAA"},
        {"kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": f"ec{number}",
         "x": text(point[:32]), "y": text(point[32:])},
    ]}


def raw(signature):
    """r and s, 32 bytes each, out of DER."""
    values, place = b"", 2
    for _ in range(2):
        count = signature[place + 1]
        values += signature[place + 2:place + 2 + count][-32:].rjust(32, b"\0")
        place += 2 + count
    return values


def token(kind, header, claims):
    header = {"alg": "RS256" if kind == "rsa" else "ES256", "typ": "JWT", "kid": f"{kind}{number}"} | header
    # A member that is to be left out.
    header = {name: value for name, value in header.items() if value is not None}
    signed = text(json.dumps(header).encode()) + "." + text(json.dumps(claims).encode())
    signature = openssl("dgst", "-sha256", "-sign", str(folder / f"{kind}.pem"), data=signed.encode())
    return signed + "." + text(signature if kind == "rsa" else raw(signature))


class Provider(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def answer(self, body, status=200, headers=()):
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        base = f"http://127.0.0.1:{plain.server_port}"
        if mode == "error":
            return self.answer({}, 500)
        if mode == "redirect":
            return self.answer(b"", 302, [("Location", f"{base}/elsewhere")])
        if mode == "slow":
            time.sleep(30)
        if mode == "endless":
            self.send_response(200)
            self.end_headers()
            try:
                while True:
                    self.wfile.write(b" " * 65_536)
            except OSError:
                return
        if self.path == "/.well-known/openid-configuration":
            keys = {"keys-in-file": "file:///etc/passwd", "keys-in-plain": "http://192.0.2.1/keys",
                    "keys-missing": None}.get(mode, f"{base}/keys")
            issuer = "https://evil.example" if mode == "other-issuer" else base
            description = {"issuer": issuer, "jwks_uri": keys}
            return self.answer(b"<html>" if mode == "not-json" else description)
        if self.path == "/keys":
            if mode == "keys-not-json":
                return self.answer(b"{")
            if mode == "keys-none":
                return self.answer({"keys": []})
            if mode == "keys-unsound":
                return self.answer({"keys": [{"kty": "RSA", "kid": "a", "e": "Aw", "n": "AAAA"}]})
            return self.answer(key_set())
        return self.answer({}, 404)

    def do_POST(self):
        global mode
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path.startswith("/mode/"):
            mode = self.path.removeprefix("/mode/")
            return self.answer({})
        if self.path == "/keys/new":
            make_keys()
            return self.answer({})
        wanted = json.loads(body)
        return self.answer(token(wanted["key"], wanted["header"], wanted["claims"]).encode())


def serve(context=None):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    server.daemon_threads = True
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


make_keys()
openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=localhost",
        "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
        "-keyout", str(folder / "tls.pem"), "-out", str(folder / "tls.crt"))
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(folder / "tls.crt", folder / "tls.pem")
plain, secret = serve(), serve(context)
print("ready", plain.server_port, secret.server_port, flush=True)
threading.Event().wait()
