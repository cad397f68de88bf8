import Crypto
import Domain
import EventStore
import Foundation
import JSON
import SQLite
import Testing
import Wire

@testable import Commands

@Suite("A registration") struct RegistrationTests {
    @Test func `needs a code that lets somebody in`() throws {
        let bar = try TestBar()
        let good = try bar.code(uses: 1)
        let revoked = try bar.code()
        _ = try accepted(bar.send(.revokeCode, as: bar.host, target: revoked.text))
        let over = try bar.code(hours: 1)
        bar.wait(seconds: 3_600)
        _ = try bar.register("Ana", good.text)
        let count = try bar.events().count
        for code in [good.text, revoked.text, over.text, good.id, "", "AAAA-BBBB-CCCC"] {
            #expect(try bar.handle(bar.registration("Bo", code)) == .refused(.wrongCode))
        }
        #expect(try bar.send(.register, #"{"username":"Bo"}"#) == .refused(.wrongCode))
        #expect(try bar.events().count == count)
    }

    @Test func `uses a code up exactly, also within one batch`() throws {
        let bar = try TestBar()
        let code = try bar.code(uses: 3).text
        let outcomes = try bar.handler.handle(
            (1...10).map { bar.registration("Guest \($0)", code) })
        let refused = outcomes.filter { $0 == .refused(.wrongCode) }
        #expect(refused.count == 7)
        for outcome in outcomes.prefix(3) { _ = try LetIn(outcome) }
        try bar.expectTablesOfReplay()
    }

    @Test func `under a key is the same guest again, and nobody else's`() throws {
        let bar = try TestBar()
        let code = try bar.code(uses: 1).text
        let request = bar.registration("Ana", code, key: "k")
        let both = try bar.handler.handle([request, request])
        let first = try LetIn(both[0])
        let count = try bar.events().count
        try bar.reopen()
        for outcome in [both[1], try bar.handle(request)] {
            let again = try LetIn(outcome)
            #expect(again.text("user_key") == first.text("user_key"))
            #expect(again.text("username") == "Ana")
            #expect(again.refresh == first.refresh)
        }
        #expect(try bar.events().count == count)
        #expect(
            try bar.handle(bar.registration("Bo", code, key: "k")) == .refused(.keyReused))
        #expect(
            try bar.handle(bar.registration("Ana", code, key: "l")) == .refused(.wrongCode))
        // The same key with another code is another guest's.
        let other = try bar.code(uses: 1).text
        let bo = try LetIn(bar.handle(bar.registration("Bo", other, key: "k")))
        #expect(bo.text("user_key") != first.text("user_key"))
        // Who has left meanwhile gets no tokens.
        _ = try accepted(bar.send(.signOut, as: first.credential))
        #expect(try bar.handle(request) == .refused(.wrongCode))
    }

    @Test func `under a key gives the tokens as they are by then`() throws {
        let bar = try TestBar()
        let request = bar.registration("Ana", try bar.code().text, key: "k")
        let first = try LetIn(bar.handle(request))
        let next = try LetIn(bar.refresh(first.refresh))
        #expect(try LetIn(bar.handle(request)).refresh == next.refresh)
    }

    @Test func `frees its name after a week, or when the guest leaves or is put out`() throws {
        let bar = try TestBar()
        let code = try bar.code(hours: 168).text
        let first = try bar.register("Zoë", code)
        let taken = bar.registration("ZOE\u{308}", code)
        #expect(try bar.handle(taken) == .refused(.nameTaken))
        #expect(try bar.handle(bar.registration("Ｚｏë", code)) == .refused(.nameTaken))
        _ = try accepted(bar.send(.signOut, as: first.credential))
        let second = try LetIn(bar.handle(taken))
        #expect(second.text("username") == "ZOË")
        _ = try accepted(
            bar.send(.disableGuest, as: bar.host, target: second.text("user_key")))
        _ = try bar.register("zoë", code)
        bar.wait(seconds: Session.guestLifetime / 1_000_000 - 10)
        let next = try bar.code().text
        #expect(try bar.handle(bar.registration("Zoë", next)) == .refused(.nameTaken))
        bar.wait(seconds: 11)
        _ = try bar.register("Zoë", next)
    }

    @Test func `with the longest name there may be fits into a token`() throws {
        let bar = try TestBar()
        let code = try bar.code().text
        // Four bytes in one code point, and six in one that JSON writes with a backslash.
        for (number, letter) in ["𝔷", "\\\"", "\\\\"].enumerated() {
            let name = String(repeating: letter, count: 99) + "\(number)"
            let guest = try bar.register(name, code)
            #expect(guest.access.utf8.count < 4_096)
            _ = try LetIn(bar.refresh(guest.refresh))
        }
        let longest = String(repeating: "🧑🏽‍🤝‍🧑🏻", count: 100)
        guard case .refused(.invalid) = try bar.handle(bar.registration(longest, code)) else {
            Issue.record("a name of \(longest.utf8.count) bytes is taken")
            return
        }
    }

    @Test func `names nobody in the log`() throws {
        let bar = try TestBar()
        let drink = try bar.drink(bar.section())
        let guest = try bar.register("Quetzalcoatlina", bar.code().text)
        let order = #"{"drink_id":"\#(drink)","note":"ohne Kokosnuss bitte"}"#
        let placed = try accepted(bar.send(.placeOrder, order, as: guest.credential))
        #expect(try member("note", of: placed)?.string == "ohne Kokosnuss bitte")
        #expect(try bar.refresh(guest.refresh) != .refused(.notSignedIn))
        try bar.reopen()
        for file in ["log.db", "log.db-wal"] {
            let path = URL(fileURLWithPath: "\(bar.directory)/\(file)")
            let bytes = try Data(contentsOf: path)
            #expect(!bytes.isEmpty)
            for word in ["Quetzalcoatlina", "ohne Kokosnuss bitte", guest.refresh, guest.access] {
                #expect(bytes.range(of: Data(word.utf8)) == nil, "\(file) says \(word)")
            }
        }
        // Their keys stand beside the log, and open what is sealed.
        let event = try #require(bar.events().last { $0.type == "GuestRegistered" })
        #expect(!String(decoding: event.data, as: UTF8.self).contains("username"))
        let opened = Sealed.open(
            event.data, stream: event.stream, keyID: event.keyID ?? [],
            with: bar.handler.vault.people)
        #expect(String(decoding: opened, as: UTF8.self).contains("Quetzalcoatlina"))
    }

    @Test func `issues the next code of the door with its last use`() throws {
        let bar = try TestBar()
        let first = try accepted(bar.send(.joinCode, as: bar.host))
        let code = try #require(member("code", of: first)?.string)
        #expect(try accepted(bar.send(.joinCode, as: bar.host)).id == first.id)
        for number in 1...25 { _ = try bar.register("Guest \(number)", code) }
        let next = try accepted(bar.send(.joinCode, as: bar.host))
        #expect(next.id != first.id)
        bar.wait(seconds: 168 * 3_600)
        let later = try accepted(bar.send(.joinCode, as: bar.host))
        #expect(later.id != next.id)
        try bar.expectTablesOfReplay()
    }
}

@Suite("A session of the vault's") struct VaultSessionTests {
    @Test func `goes on from refresh to refresh, through every restart`() throws {
        let bar = try TestBar()
        var token = try bar.register("Ana", bar.code().text).refresh
        var seen: Set<String> = [token]
        for _ in 1...5 {
            try bar.reopen()
            token = try LetIn(bar.refresh(token)).refresh
            seen.insert(token)
        }
        #expect(seen.count == 6)
    }

    @Test func `is given its successor again for ten seconds, and not after`() throws {
        let bar = try TestBar()
        let first = try bar.register("Ana", bar.code().text)
        let second = try LetIn(bar.refresh(first.refresh)).refresh
        bar.wait(seconds: 9)
        #expect(try LetIn(bar.refresh(first.refresh)).refresh == second)
        try bar.reopen()
        #expect(try LetIn(bar.refresh(first.refresh)).refresh == second)
        bar.wait(seconds: 1)
        #expect(try bar.refresh(first.refresh) == .refused(.notSignedIn))
        #expect(try bar.refresh(second) == .refused(.notSignedIn))
        #expect(
            try bar.last("session-\(first.session)")
                == .session(
                    .ended(#require(SessionID(first.session)), .tokenReused)))
        try bar.expectTablesOfReplay()
    }

    @Test func `ends once although its end could not be written at first`() throws {
        let bar = try TestBar()
        let first = try bar.register("Ana", bar.code().text)
        let second = try LetIn(bar.refresh(first.refresh))
        let third = try LetIn(bar.refresh(second.refresh))
        try bar.poison("token_reused")
        guard case .failed = try bar.refresh(first.refresh) else {
            Issue.record("the end was written")
            return
        }
        try bar.raw().execute("DROP TRIGGER poisoned")
        // Whoever stole the first token is no nearer to the session than before.
        #expect(try bar.refresh(first.refresh) == .refused(.notSignedIn))
        #expect(try bar.refresh(third.refresh) == .refused(.notSignedIn))
        try bar.expectTablesOfReplay()
    }

    @Test func `of the staff lasts thirty days, and a guest's seven`() throws {
        let bar = try TestBar()
        _ = try bar.addAccount("nora")
        let nora = try LetIn(bar.signIn("nora"))
        let ana = try bar.register("Ana", bar.code().text)
        bar.wait(seconds: 7 * 86_400 - 60)
        _ = try LetIn(bar.refresh(ana.refresh))
        bar.wait(seconds: 60)
        #expect(try bar.refresh(ana.refresh) == .refused(.notSignedIn))
        let next = try LetIn(bar.refresh(nora.refresh))
        bar.wait(seconds: 23 * 86_400)
        #expect(try bar.refresh(next.refresh) == .refused(.notSignedIn))
    }

    @Test func `takes no access token that is over`() throws {
        let bar = try TestBar()
        _ = try bar.addAccount("nora")
        let nora = try LetIn(bar.signIn("nora"))
        let pause = #"{"accepting_orders":true}"#
        bar.wait(seconds: 3_599)
        _ = try accepted(bar.send(.acceptOrders, pause, as: nora.credential))
        bar.wait(seconds: 1)
        #expect(
            try bar.send(.acceptOrders, pause, as: nora.credential) == .refused(.notSignedIn))
        let next = try LetIn(bar.refresh(nora.refresh))
        _ = try accepted(bar.send(.acceptOrders, pause, as: next.credential))
    }

    @Test func `goes on under the key that signed it, once that was replaced`() throws {
        let bar = try TestBar()
        _ = try bar.addAccount("nora")
        let old = try LetIn(bar.signIn("nora"))
        try FileManager.default.createDirectory(
            atPath: bar.directory + "/run", withIntermediateDirectories: false)
        _ = try accepted(bar.send(.rotateSigning, as: bar.host))
        let new = try LetIn(bar.refresh(old.refresh))
        try bar.reopen()
        for session in [old, new] {
            _ = try accepted(
                bar.send(.acceptOrders, #"{"accepting_orders":true}"#, as: session.credential))
        }
    }
}

@Suite("An account") struct AccountTests {
    @Test func `is let in by its password alone`() throws {
        let bar = try TestBar()
        _ = try bar.addAccount("nora")
        for (name, password) in [
            ("nora", "their-own-word"), ("Nora", "their-own-words"), ("", "their-own-words"),
            ("nobody", "their-own-words"), ("nora", ""),
        ] {
            let outcome = try bar.signIn(name, password)
            guard case .refused(let refusal) = outcome else {
                Issue.record("\(name), \(password)")
                continue
            }
            if !name.isEmpty && !password.isEmpty { #expect(refusal == .wrongPassword) }
        }
        let nora = try LetIn(bar.signIn("nora"))
        #expect(nora.text("role") == "bartender")
        try bar.reopen()
        _ = try LetIn(bar.signIn("nora"))
        try bar.expectTablesOfReplay()
    }

    @Test func `keeps one session when its password is changed in it`() throws {
        let bar = try TestBar()
        let id = try bar.addAccount("nora")
        let own = try LetIn(bar.signIn("nora"))
        let other = try LetIn(bar.signIn("nora"))
        let change = #"{"current_password":"their-own-words","new_password":"quite-other-words"}"#
        _ = try accepted(bar.withPasswords(.changePassword, change, as: own.credential))
        #expect(try bar.refresh(other.refresh) == .refused(.notSignedIn))
        #expect(try bar.signIn("nora") == .refused(.wrongPassword))
        _ = try LetIn(bar.signIn("nora", "quite-other-words"))
        let kept = try LetIn(bar.refresh(own.refresh))
        #expect(
            try bar.withPasswords(.changePassword, change, as: kept.credential)
                == .refused(.wrongPassword))
        // The host's change keeps none.
        _ = try accepted(
            bar.withPasswords(
                .setPassword, #"{"password":"the-hosts-words"}"#, as: bar.host, target: id))
        #expect(try bar.refresh(kept.refresh) == .refused(.notSignedIn))
        _ = try LetIn(bar.signIn("nora", "the-hosts-words"))
        try bar.expectTablesOfReplay()
    }

    @Test func `may not be the last administrator to go`() throws {
        let bar = try TestBar()
        let host = try bar.addAccount("host", role: "admin")
        let nora = try bar.addAccount("nora")
        let session = try LetIn(bar.signIn("nora"))
        #expect(try bar.send(.removeAccount, as: bar.host, target: host) == .refused(.lastAdmin))
        _ = try accepted(bar.send(.removeAccount, as: bar.host, target: nora))
        #expect(try bar.refresh(session.refresh) == .refused(.notSignedIn))
        #expect(
            try bar.send(.acceptOrders, #"{"accepting_orders":true}"#, as: session.credential)
                == .refused(.notSignedIn))
        let second = try bar.addAccount("kim", role: "admin")
        _ = try accepted(bar.send(.removeAccount, as: bar.host, target: host))
        #expect(try bar.send(.removeAccount, as: bar.host, target: second) == .refused(.lastAdmin))
    }

    @Test func `is told from another by more than its accents`() throws {
        let bar = try TestBar()
        _ = try bar.addAccount("Zoë")
        for name in ["zoë", "ZOE\u{308}", "Ｚoë"] {
            let outcome = try bar.withPasswords(
                .addAccount,
                #"{"username":"\#(name)","role":"admin","password":"their-own-words"}"#,
                as: bar.host)
            guard case .refused(.invalid(let errors)) = outcome else {
                Issue.record("\(name) is another account")
                continue
            }
            #expect(errors.map(\.field) == ["username"])
        }
    }

    @Test func `has no word of its password in any file`() throws {
        let bar = try TestBar()
        let password = "correct-horse-battery"
        _ = try bar.addAccount("nora", password: password)
        _ = try LetIn(bar.signIn("nora", password))
        for path in try FileManager.default.subpathsOfDirectory(atPath: bar.directory) {
            let bytes = FileManager.default.contents(atPath: "\(bar.directory)/\(path)") ?? Data()
            #expect(bytes.range(of: Data(password.utf8)) == nil, "\(path)")
        }
    }
}

@Suite("An API key of the vault's") struct VaultKeyTests {
    @Test func `is told once, and again only to who asked under the same key`() throws {
        let bar = try TestBar()
        let request = bar.make(.issueKey, #"{"name":"Phone","plan":"admin"}"#, key: "k")
        let issued = try accepted(bar.handle(request))
        let key = try #require(member("key", of: issued)?.string)
        #expect(key.hasPrefix("barback_") && key.utf8.count == 51)
        try bar.reopen()
        #expect(try member("key", of: accepted(bar.handle(request)))?.string == key)
        let log = try bar.events().map { String(decoding: $0.data, as: UTF8.self) }
        #expect(!log.contains { $0.contains(key.dropFirst(8)) })
        try bar.expectTablesOfReplay()
    }

    @Test func `opens nothing once it is disabled, for whoever sends it`() throws {
        let bar = try TestBar()
        let id = try accepted(bar.handle(bar.make(.issueKey, #"{"name":"Phone"}"#))).id
        var request = bar.make(.acceptOrders, #"{"accepting_orders":true}"#)
        request.apiKey = id
        _ = try accepted(bar.handle(request))
        _ = try accepted(bar.send(.disableKey, as: bar.host, target: id))
        #expect(try bar.handle(request) == .refused(.notSignedIn))
        #expect(
            try bar.send(.disableKey, as: bar.host, target: id)
                == .refused(.notFound("key that is in use")))
        try bar.expectTablesOfReplay()
    }
}

@Suite("The tables of who may come in") struct AccessReplayTests {
    @Test func `hold what a replay of the log gives, after 600 random commands`() throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededRandom(state: seed)
        let bar = try TestBar()
        var codes = [try bar.code().text]
        var guests: [LetIn] = []
        var accounts = [try bar.addAccount("host", role: "admin")]
        var names = ["host"]
        var staff: [LetIn] = []
        var keys: [String] = []
        for number in 1...600 {
            switch Int.random(in: 0..<14, using: &random) {
            case 0: codes.append(try bar.code(uses: Int.random(in: 1...4, using: &random)).text)
            case 1: _ = try bar.send(.revokeCode, as: bar.host, target: pick(codes, &random))
            case 2..<6:
                let name = "Guest \(Int.random(in: 0..<40, using: &random))"
                let outcome = try bar.handle(bar.registration(name, pick(codes, &random)))
                if let guest = try? LetIn(outcome) { guests.append(guest) }
            case 6:
                guard let guest = guests.randomElement(using: &random) else { continue }
                _ = try bar.send(.signOut, as: guest.credential)
            case 7:
                let id = guests.randomElement(using: &random)?.text("user_key") ?? ""
                let route = [CommandRoute.disableGuest, .forgetGuest].randomElement(using: &random)
                _ = try bar.send(route ?? .disableGuest, as: bar.host, target: id)
            case 8, 9:
                // Old tokens are among them, and end their sessions.
                guard let one = (guests + staff).randomElement(using: &random) else { continue }
                guard let next = try? LetIn(bar.refresh(one.refresh)) else { continue }
                if one.document["role"] == nil { guests.append(next) } else { staff.append(next) }
                bar.wait(seconds: Int64.random(in: 0...15, using: &random))
            case 10:
                names.append("staff \(number)")
                accounts.append(try bar.addAccount("staff \(number)"))
            case 11:
                let outcome = try bar.signIn(pick(names, &random))
                if let session = try? LetIn(outcome) { staff.append(session) }
            case 12:
                _ = try bar.send(.removeAccount, as: bar.host, target: pick(accounts, &random))
            default:
                if Bool.random(using: &random) {
                    keys.append(try accepted(bar.handle(bar.make(.issueKey, #"{"name":"k"}"#))).id)
                } else {
                    _ = try bar.send(.disableKey, as: bar.host, target: pick(keys, &random))
                }
            }
            if number % 50 == 0 {
                try bar.expectTablesOfReplay("seed \(seed), \(number)")
                try bar.reopen()
            }
        }
        #expect(guests.count > 20 && !staff.isEmpty && !keys.isEmpty, "seed \(seed)")
        try bar.expectTablesOfReplay("seed \(seed)")
    }

    private func pick(_ texts: [String], _ random: inout SeededRandom) -> String {
        texts.randomElement(using: &random) ?? "nothing"
    }
}
