-- Who may come in, and with what: nothing here opens a door by itself.

CREATE TABLE api_key (
    key_id      TEXT    PRIMARY KEY,
    hash        TEXT    NOT NULL UNIQUE,   -- SHA-256 of the key, base64
    name        TEXT    NOT NULL,
    plan        TEXT    NOT NULL,
    is_web_key  INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    disabled_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE account (
    account_id TEXT    PRIMARY KEY,
    username   TEXT    NOT NULL,
    role       TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    removed_at INTEGER,
    seen_at    INTEGER                     -- last signed in
) STRICT, WITHOUT ROWID;

CREATE TABLE code (
    code_id      TEXT    PRIMARY KEY,
    hash         TEXT    NOT NULL UNIQUE,  -- SHA-256 of the code, base64
    created_at   INTEGER NOT NULL,
    expires_at   TEXT    NOT NULL,
    max_uses     INTEGER NOT NULL,
    used         INTEGER NOT NULL,
    notes        TEXT    NOT NULL,
    is_join_code INTEGER NOT NULL,
    revoked_at   INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE guest (
    guest_id   TEXT    PRIMARY KEY,
    username   TEXT    NOT NULL,           -- empty once the guest is forgotten
    code_id    TEXT    NOT NULL,
    session_id TEXT    NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX guest_of_session ON guest (session_id);

-- Of staff and guests: what an access token's sid names.
CREATE TABLE session (
    session_id TEXT    PRIMARY KEY,
    subject_id TEXT    NOT NULL,           -- an account or a guest
    started_at INTEGER NOT NULL,
    expires_at TEXT    NOT NULL,
    ended_at   INTEGER,
    reason     TEXT                        -- why it ended before its time
) STRICT, WITHOUT ROWID;
CREATE INDEX session_of_subject ON session (subject_id);

--# on ApiKeyIssued
INSERT INTO api_key VALUES (
    :data ->> 'key_id', :data ->> 'hash', :data ->> 'name', :data ->> 'plan',
    :data ->> 'is_web_key', :recorded_at, NULL);

--# on ApiKeyDisabled
UPDATE api_key SET disabled_at = :recorded_at WHERE key_id = :data ->> 'key_id';

--# on AccountAdded
INSERT INTO account VALUES (
    :data ->> 'account_id', :data ->> 'username', :data ->> 'role', :recorded_at, NULL, NULL);

--# on AccountRemoved
UPDATE account SET removed_at = :recorded_at WHERE account_id = :data ->> 'account_id';
UPDATE session SET ended_at = :recorded_at, reason = 'account_removed'
WHERE subject_id = :data ->> 'account_id' AND ended_at IS NULL;

--# on AccountPasswordChanged
UPDATE session SET ended_at = :recorded_at, reason = 'password_changed'
WHERE subject_id = :data ->> 'account_id' AND ended_at IS NULL
    AND session_id IS NOT :data ->> 'session_id';

--# on AccountSignedIn
INSERT INTO session VALUES (
    :data ->> 'session_id', :data ->> 'account_id', :recorded_at, :data ->> 'expires_at', NULL,
    NULL);
UPDATE account SET seen_at = :recorded_at WHERE account_id = :data ->> 'account_id';

--# on SessionEnded
UPDATE session SET ended_at = :recorded_at, reason = :data ->> 'reason'
WHERE session_id = :data ->> 'session_id' AND ended_at IS NULL;

--# on RegistrationCodeIssued
INSERT INTO code VALUES (
    :data ->> 'code_id', :data ->> 'hash', :recorded_at, :data ->> 'expires_at',
    :data ->> 'max_uses', 0, :data ->> 'notes', :data ->> 'is_join_code', NULL);

--# on RegistrationCodeRevoked
UPDATE code SET revoked_at = :recorded_at WHERE code_id = :data ->> 'code_id';

--# on GuestRegistered
INSERT INTO guest VALUES (
    :data ->> 'guest_id', coalesce(:data ->> 'username', ''), :data ->> 'code_id',
    :data ->> 'session_id', :recorded_at);
INSERT INTO session VALUES (
    :data ->> 'session_id', :data ->> 'guest_id', :recorded_at, :data ->> 'expires_at', NULL, NULL);
UPDATE code SET used = used + 1 WHERE code_id = :data ->> 'code_id';

--# on GuestForgotten
UPDATE guest SET username = '' WHERE guest_id = :data ->> 'guest_id';
UPDATE session SET ended_at = :recorded_at, reason = 'forgotten'
WHERE subject_id = :data ->> 'guest_id' AND ended_at IS NULL;

--# on GuestDisabled
UPDATE session SET ended_at = :recorded_at, reason = 'disabled'
WHERE subject_id = :data ->> 'guest_id' AND ended_at IS NULL;

--# on GuestLeft
UPDATE session SET ended_at = :recorded_at, reason = 'left'
WHERE subject_id = :data ->> 'guest_id' AND ended_at IS NULL;
