"""PostgreSQL 15 on a scratch cluster: the same drinks as JSONB with a GIN index, asked the same questions."""

import json
import os
import re
import subprocess
import tempfile
import time
import unicodedata

BINARIES = "/usr/lib/postgresql/15/bin"
ORDER = "ORDER BY section_order, section_id, display_order, drink_id LIMIT 20"
QUESTIONS = {
    "with": f"SELECT document::text FROM drink WHERE ingredients @> $1 {ORDER}",
    "without": f"SELECT document::text FROM drink WHERE ingredients @> $1 AND NOT ingredients @> $2 {ORDER}",
    "word": f"SELECT document::text FROM drink WHERE words @@ $1 {ORDER}",
}
TYPES = {"with": "jsonb", "without": "jsonb, jsonb", "word": "tsquery"}


def is_there():
    try:
        import psycopg2  # noqa: F401
    except ImportError:
        return False
    return os.access(f"{BINARIES}/postgres", os.X_OK)


def folded(text):
    plain = unicodedata.normalize("NFD", text.lower())
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


class Postgres:
    """A cluster that only this machine reaches, over a Unix socket, as the user postgres where we are root."""

    def __init__(self):
        self.root = tempfile.mkdtemp(prefix="barback-postgres-", dir="/tmp")

    def start(self):
        if os.geteuid() == 0:
            subprocess.run(["chown", "postgres", self.root], check=True)
        self._run("initdb", "-D", f"{self.root}/data", "-A", "trust", "-U", "postgres", "--no-locale",
                  "-E", "UTF8")
        # Everything stays in memory; nothing is written while it is asked.
        self._run("pg_ctl", "-D", f"{self.root}/data", "-l", f"{self.root}/log", "-w", "-o",
                  f"-c listen_addresses='' -c unix_socket_directories={self.root} "
                  "-c shared_buffers=512MB -c autovacuum=off -c fsync=off", "start")
        import psycopg2
        self.connection = psycopg2.connect(host=self.root, user="postgres", dbname="postgres")
        self.connection.autocommit = True
        self.cursor = self.connection.cursor()
        return self

    def stop(self):
        self.connection.close()
        self._run("pg_ctl", "-D", f"{self.root}/data", "-m", "immediate", "stop")
        subprocess.run(["rm", "-r", self.root], check=True)

    def _run(self, name, *arguments):
        become = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] \
            if os.geteuid() == 0 else []
        subprocess.run([*become, f"{BINARIES}/{name}", *arguments], check=True, cwd="/",
                       stdout=subprocess.DEVNULL)

    def fill(self, drinks, order_of_section, documents):
        """`documents` are what the bar answers for each drink, so that both send the same bytes."""
        self.cursor.execute(
            "CREATE TABLE drink (drink_id uuid PRIMARY KEY, section_order int, section_id uuid, "
            "display_order int, document jsonb, ingredients jsonb, words tsvector)")
        path = f"{self.root}/drinks.tsv"
        with open(path, "w") as file:
            for drink in drinks:
                names = [folded(line["name"]) for line in drink["ingredients"]]
                words = sorted(set(re.findall(r"\w+", " ".join([folded(drink["name"]), *names]))))
                cells = (drink["drink_id"], str(order_of_section[drink["section_id"]]), drink["section_id"],
                         str(drink["display_order"]), documents[drink["drink_id"]], json.dumps(names),
                         " ".join(words))
                file.write("\t".join(cell.replace("\\", "\\\\") for cell in cells) + "\n")
        with open(path) as file:
            self.cursor.copy_expert("COPY drink FROM STDIN", file)
        # The order of the menu is an index too: without it every question sorts all that it finds.
        for index in ("USING gin (ingredients jsonb_path_ops)", "USING gin (words)",
                      "(section_order, section_id, display_order, drink_id)"):
            self.cursor.execute(f"CREATE INDEX ON drink {index}")
        self.cursor.execute("VACUUM ANALYZE drink")
        for name, question in QUESTIONS.items():
            self.cursor.execute(f"PREPARE by_{name} ({TYPES[name]}) AS {question}")
            self.cursor.execute(self._inside(name, question))

    @staticmethod
    def _inside(name, question):
        """A function that carries the question out and says what that took, without a client."""
        return f"""
            CREATE FUNCTION inside_{name}({TYPES[name]}) RETURNS float8 LANGUAGE plpgsql AS $$
            DECLARE began timestamptz := clock_timestamp();
            BEGIN
                PERFORM length(string_agg(document, '')) FROM ({question}) AS found;
                RETURN extract(epoch FROM clock_timestamp() - began) * 1000;
            END $$"""

    @staticmethod
    def _arguments(question):
        if question.prefix:
            return "word", [f"{folded(question.prefix)}:*"]
        values = [json.dumps([folded(name) for name in names])
                  for names in (question.having, question.lacking) if names]
        return ("without" if question.lacking else "with"), values

    def ask(self, question):
        """The rows, and milliseconds from the question sent to the last row read."""
        name, values = self._arguments(question)
        marks = ", ".join(["%s"] * len(values))
        began = time.perf_counter_ns()
        self.cursor.execute(f"EXECUTE by_{name}({marks})", values)
        rows = self.cursor.fetchall()
        return [row[0] for row in rows], (time.perf_counter_ns() - began) / 1e6

    def inside(self, question):
        """Milliseconds within the server."""
        name, values = self._arguments(question)
        casts = ", ".join(f"%s::{kind}" for kind in TYPES[name].split(", "))
        self.cursor.execute(f"SELECT inside_{name}({casts})", values)
        return self.cursor.fetchone()[0]
