"""nginx with the bytes of GET /drinks in a file: what the front is measured against."""

import os

import bar
import load
import machine

# Two workers, as the front has two threads, each with a socket of its own, as the front's have.
# The second server keeps the file open, which nginx does not do unless it is told to.
CONFIGURATION = """
worker_processes 2;
pid {root}/nginx.pid;
error_log {root}/nginx.log;
daemon off;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    gzip off;
    keepalive_requests 1000000000;
    default_type application/json;
    client_body_temp_path {root}/t1; proxy_temp_path {root}/t2; fastcgi_temp_path {root}/t3;
    uwsgi_temp_path {root}/t4; scgi_temp_path {root}/t5;
    add_header Cache-Control no-cache;
    add_header Vary Accept-Encoding;
    server {{ listen 127.0.0.1:{port} reuseport; root {root}/files; }}
    server {{
        listen 127.0.0.1:{kept} reuseport;
        root {root}/files;
        open_file_cache max=10;
        open_file_cache_valid 1h;
    }}
}}
"""


class Nginx:
    def __init__(self, root):
        self.root = root

    def start(self, body):
        os.makedirs(f"{self.root}/files")
        with open(f"{self.root}/files/drinks", "wb") as file:
            file.write(body)
        port, kept = machine.free_port(), machine.free_port()
        with open(f"{self.root}/nginx.conf", "w") as file:
            file.write(CONFIGURATION.format(root=self.root, port=port, kept=kept))
        # Workers started by root would be nobody, who cannot look into the temporary directory.
        user = ["-g", "user root;"] if os.geteuid() == 0 else []
        self.process = machine.spawn(
            ["nginx", "-p", self.root, "-c", f"{self.root}/nginx.conf", *user],
            f"{self.root}/nginx.out")
        self.plain = Site(self, port)
        self.kept = Site(self, kept)
        machine.wait_for(lambda: _serves(port, body), "nginx")
        return self

    def workers(self):
        return machine.children_of(self.process.pid)

    def stop(self):
        machine.stop(self.process)


class Site:
    def __init__(self, nginx, port):
        self.nginx, self.port, self.url = nginx, port, f"http://127.0.0.1:{port}"

    def headers(self):
        return {}

    def cost(self):
        return load.Cost({"nginx": self.nginx.workers()})


def _serves(port, body):
    try:
        return bar.get(port, "/drinks")[1] == body
    except OSError:
        return False
