internal import Crypto
internal import Domain
internal import EventStore
internal import JSON
internal import SQLite
internal import Wire

// Accounts of the staff, and everybody's sessions.
extension CommandHandler {
    /// What has to be hashed before a request is decided; nil for nothing, and where it will be refused.
    func passwordWork(for request: CommandRequest) -> PasswordWork? {
        guard let names = request.route.passwordMembers,
            let body = try? JSONValue(parsing: request.body).object,
            let identity = try? authority.identify(request, state.access, at: now())
        else { return nil }
        var passwords: [PasswordWork.Password] = []
        for name in names {
            guard let text = body[name]?.string, !text.isEmpty,
                text.utf8.count <= Account.passwordLength.upperBound
            else { return nil }
            let salt: [UInt8]
            switch name {
            case "new_password": salt = Random.bytes(16)
            // Of a name that is not there a salt too, so that the answer takes as long.
            case "password" where request.route == .signIn:
                salt = saltOfAccount(named: body["username"]?.string ?? "")
            case "current_password":
                guard let id = identity.account, let account = state.access.accounts[id] else {
                    return nil
                }
                salt = saltOfAccount(named: account.username)
            default: salt = Random.bytes(16)
            }
            passwords.append(PasswordWork.Password(text: Array(text.utf8), salt: salt))
        }
        return PasswordWork(passwords: passwords)
    }

    private func saltOfAccount(named name: String) -> [UInt8] {
        let entry = account(signingInAs: name).flatMap {
            try? vault.passwords.entry(of: $0)
        }
        return entry?.salt ?? Array(vault.nameHash(String(name.utf8.prefix(100)) ?? "").prefix(16))
    }

    /// Names of accounts are short; a long one is not looked at, as normalizing it could take long.
    private func account(signingInAs name: String) -> AccountState? {
        name.utf8.count > 1_000 ? nil : state.access.account(named: name.normalized)
    }

    private func isRight(
        _ given: PasswordTable.Entry, for account: AccountState
    ) throws -> Bool {
        guard let entry = try vault.passwords.entry(of: account) else { return false }
        return isEqualInConstantTime(entry.salt, given.salt)
            && isEqualInConstantTime(entry.hash, given.hash)
    }

    func signIn(_ work: Work, _ batch: inout Batch) throws -> CommandOutcome {
        var rules = FieldRules()
        let name = work.body.requiredText("username", &rules)
        _ = work.body.requiredText("password", &rules)
        try rules.check()
        guard let given = work.hashes.first,
            let account = account(signingInAs: name),
            try isRight(given, for: account)
        else { throw Refusal.wrongPassword }
        let (at, uuid) = newID()
        let signedIn = AccountSignedIn(
            session: SessionID(uuid), account: account.id,
            expires: end(of: Session.staffLifetime, from: at))
        state.access.sessions[signedIn.session] = SessionState(signedIn)
        return stage(
            [staged(.session(.signedIn(signedIn)), .noStream, at)],
            StoredReply(created: false, id: signedIn.session.description), work, &batch,
            by: .staff(account.username), document: tokens(of: account, signedIn.session))
    }

    private func tokens(of account: AccountState, _ session: SessionID) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.member("username", account.username)
            json.member("role", account.role.rawValue)
            writeTokens(
                subject: account.id.description, role: account.role, session, account.username,
                into: &json)
        }
        return json.bytes
    }

    func writeTokens(
        subject: String, role: Role, _ session: SessionID, _ name: String,
        into json: inout JSONWriter
    ) {
        let seconds = role == .guest ? Session.guestAccessSeconds : Session.staffAccessSeconds
        json.member(
            "access_token",
            vault.accessToken(
                subject: subject, role: role, session: session, name: name, at: now()))
        json.member(
            "refresh_token",
            vault.refreshToken(of: session, counter: vault.refreshes[session]?.counter ?? 0))
        json.member("token_type", "Bearer")
        json.member("expires_in", seconds)
    }

    // MARK: Sessions

    /// Microseconds in which an old token brings the same successor: two tabs, or an answer that was lost.
    private static let grace: Int64 = 10_000_000

    func refresh(_ work: Work, _ batch: inout Batch) throws -> CommandOutcome {
        var rules = FieldRules()
        let token = work.body.requiredText("refresh_token", &rules)
        try rules.check()
        let moment = now()
        guard let (session, counter) = vault.readRefreshToken(token),
            let holder = holder(of: session, at: moment)
        else { throw Refusal.notSignedIn }
        let known = vault.refreshes[session]
        let current = known?.counter ?? 0
        if counter >= current {
            vault.refreshes[session] = RefreshTable.Row(
                counter: counter + 1, refreshedAt: moment)
        } else if counter < current - 1
            || moment.microseconds - (known?.refreshedAt.microseconds ?? 0) > Self.grace
        {
            return end(session, holder, .tokenReused, work, &batch) { _ in .refused(.notSignedIn) }
        }
        var json = JSONWriter()
        switch holder {
        case .guest(let guest):
            let name = try aggregates.guest(guest.id)?.name ?? ""
            json.object {
                writeTokens(
                    subject: guest.id.description, role: .guest, session, name, into: &$0)
            }
        case .account(let account):
            json.object {
                writeTokens(
                    subject: account.id.description, role: account.role, session,
                    account.username, into: &$0)
            }
        }
        return unchanged(session.description, &batch, document: json.bytes)
    }

    private enum Holder {
        case guest(GuestState)
        case account(AccountState)
    }

    private func holder(of session: SessionID, at moment: Time) -> Holder? {
        if let state = state.access.sessions[session], state.expires > moment {
            return self.state.access.accounts[state.account].map(Holder.account)
        }
        return state.access.guests.all.first { $0.session == session && $0.expires > moment }
            .map(Holder.guest)
    }

    func signOut(_ work: Work, _ batch: inout Batch) throws -> CommandOutcome {
        var rules = FieldRules()
        let token = work.body.optionalText("refresh_token", &rules)
        try rules.check()
        let session = work.who.session ?? token.flatMap { vault.readRefreshToken($0)?.session }
        guard let session, let holder = holder(of: session, at: now()) else {
            throw Refusal.notSignedIn
        }
        return end(session, holder, .signedOut, work, &batch) { position in
            .accepted(.init(created: false, id: session.description, position: position))
        }
    }

    private func end(
        _ session: SessionID, _ holder: Holder, _ reason: Session.EndReason, _ work: Work,
        _ batch: inout Batch, _ outcome: (Position) -> CommandOutcome
    ) -> CommandOutcome {
        let event: Event
        let by: Caller
        switch holder {
        case .guest(let guest):
            state.access.guests[guest.id] = nil
            by = .guest(guest.id)
            event =
                reason == .signedOut
                ? .guest(.left(guest.id)) : .session(.ended(session, reason))
        case .account(let account):
            state.access.sessions[session] = nil
            by = .staff(account.username)
            event = .session(.ended(session, reason))
        }
        // Its counter goes later, with `tidy`: were this event not written, the session would go on, and at no count
        // its first token would be good again.
        _ = stage(
            [staged(event, .any, log.stamp(now()))],
            StoredReply(created: false, id: session.description), work, &batch, by: by)
        return outcome(batch.last)
    }

    // MARK: Accounts

    func addAccount(_ work: Work, _ batch: inout Batch) throws -> CommandOutcome {
        var rules = FieldRules()
        let name = Account.name("username", work.body.text("username", &rules), &rules)
        let role = Role(rawValue: work.body.text("role", &rules))
        if role == nil || role == .guest {
            rules.refuse("role", "must be admin, bartender or auditor")
        }
        checkPassword("password", work.body, &rules)
        let isTaken = state.access.accounts.all.contains {
            Guest.nameKey($0.username) == Guest.nameKey(name)
        }
        if isTaken { rules.refuse("username", "is the name of another account") }
        try rules.check()
        guard let role, let hash = work.hashes.first else { return .tooManySignIns }
        let (at, uuid) = newID()
        let added = AccountAdded(id: AccountID(uuid), username: name, role: role)
        try vault.passwords.add(hash, of: added.id, at: at)
        state.access.accounts[added.id] = AccountState(added, at: at)
        return stage(
            .account(.added(added)), .noStream, at, created: added.id.description, work, &batch)
    }

    func removeAccount(_ work: Work, _ batch: inout Batch) throws -> CommandOutcome {
        let account = try account(work.request.target)
        let admins = state.access.accounts.all.filter { $0.role == .admin }
        guard account.role != .admin || admins.count > 1 else { throw Refusal.lastAdmin }
        state.access.accounts[account.id] = nil
        state.access.endSessions(of: account.id)
        return stage(
            .account(.removed(account.id)), .exists, log.stamp(now()),
            changed: account.id.description, work, &batch)
    }

    /// One's own, knowing the one before.
    func changePassword(_ work: Work, _ batch: inout Batch) throws -> CommandOutcome {
        var rules = FieldRules()
        _ = work.body.requiredText("current_password", &rules)
        checkPassword("new_password", work.body, &rules)
        try rules.check()
        guard let account = work.who.account.flatMap({ state.access.accounts[$0] }) else {
            throw Refusal.notAllowed
        }
        guard work.hashes.count == 2, try isRight(work.hashes[0], for: account) else {
            throw Refusal.wrongPassword
        }
        return try change(account, to: work.hashes[1], work, &batch)
    }

    /// Somebody's who has forgotten it.
    func setPassword(_ work: Work, _ batch: inout Batch) throws -> CommandOutcome {
        var rules = FieldRules()
        checkPassword("password", work.body, &rules)
        try rules.check()
        let account = try account(work.request.target)
        guard let hash = work.hashes.first else { return .tooManySignIns }
        return try change(account, to: hash, work, &batch)
    }

    private func change(
        _ account: AccountState, to hash: PasswordTable.Entry, _ work: Work, _ batch: inout Batch
    ) throws -> CommandOutcome {
        let at = log.stamp(now())
        try vault.passwords.add(hash, of: account.id, at: at)
        var changed = account
        changed.passwordAt = at
        state.access.accounts[account.id] = changed
        let kept = work.who.account == account.id ? work.who.session : nil
        state.access.endSessions(of: account.id, keeping: kept)
        return stage(
            .account(.passwordChanged(account.id, keeping: kept)), .exists, at,
            changed: account.id.description, work, &batch)
    }

    /// By its id or its name.
    private func account(_ target: String) throws(Refusal) -> AccountState {
        let found =
            AccountID(target).flatMap { state.access.accounts[$0] }
            ?? account(signingInAs: target)
        guard let found else { throw .notFound("account") }
        return found
    }

    private func checkPassword(
        _ name: String, _ body: RequestBody, _ rules: inout FieldRules
    ) {
        Account.check(password: body.text(name, &rules), name, &rules)
    }
}

extension CommandRoute {
    /// The members of the body that are passwords; nil where there are none.
    var passwordMembers: [String]? {
        switch self {
        case .signIn, .addAccount, .setPassword: ["password"]
        case .changePassword: ["current_password", "new_password"]
        default: nil
        }
    }

    /// Whether an Idempotency-Key counts: not where a body holds a password or a token, of which not even
    /// a fingerprint is stored.
    var isRepeatable: Bool {
        passwordMembers == nil && self != .refresh && self != .signOut
    }
}
