internal import Crypto
internal import Domain
internal import EventStore
internal import JSON
internal import SQLite
internal import System
internal import Wire

/// The first start of a data directory: an administrator, a key for the pages and a code for the guests.
///
/// All of it is written to `first-run.json` before any of it is in the log: whoever is killed in between
/// starts anew at the next start, and nobody is locked out.
enum FirstRun {
    static let file = "first-run.json"

    /// False where there is an account already, and nothing is done.
    @discardableResult
    static func prepare(_ handler: CommandHandler) throws -> Bool {
        guard handler.state.access.accounts.all.isEmpty else { return false }
        let vault = handler.vault
        let password = Password.madeUp()
        let salt = Random.bytes(16)
        let hash = PasswordTable.Entry(
            salt: salt, hash: Scrypt.hash(password: Array(password.utf8), salt: salt))
        var batch = Batch(after: handler.log.head.position)
        // Decided first, as the key and the code are made from their ids, and written last.
        if handler.state.access.webKey == nil { handler.issueWebKey(&batch) }
        _ = handler.joinCode(&batch)
        guard let key = handler.state.access.webKey,
            let code = handler.state.access.joinCode(at: handler.now())
        else { preconditionFailure("both were just made") }
        try write(
            key: vault.apiKey(of: key.id), code: vault.code(of: code.id), password: password,
            handler)
        try handler.log.commit(batch.staged) { connection throws(SQLiteError) in
            try handler.state.write(to: connection)
        }
        handler.state.written()
        var json = JSONWriter()
        json.object { json in
            json.member("username", username)
            json.member("role", Role.admin.rawValue)
            json.member("password", password)
        }
        let add = CommandRequest(
            route: .addAccount,
            credential: .local(secret: vault.localKey, .system("first run")), body: json.bytes)
        let outcome = try handler.handle([PreparedCommand(request: add, hashes: [hash])]).first
        guard case .accepted? = outcome else {
            throw SystemError(
                "make the first account of", vault.directory, code: 1,
                reason: "\(outcome.map { "\($0)" } ?? "nothing was answered")")
        }
        return true
    }

    static let username = "host"

    private static func write(
        key: String, code: String, password: String, _ handler: CommandHandler
    ) throws(SystemError) {
        var json = JSONWriter()
        json.object { json in
            json.member("base_url", handler.baseURL)
            json.member("api_key", key)
            json.name("admin")
            json.object {
                $0.member("username", username)
                $0.member("password", password)
            }
            json.member("registration_code", code)
            json.member("join_url", "\(handler.baseURL)/join/\(code)")
        }
        try Files.writeAtomically(
            json.bytes + Array("\n".utf8), to: "\(handler.vault.directory)/\(file)", mode: 0o600)
    }
}
