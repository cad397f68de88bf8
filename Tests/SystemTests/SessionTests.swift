import Crypto
import Foundation
import Testing

extension WholeBar {
    @Suite("A session", .serialized, .openBar) struct SessionTests {
        @Test func `lasts as long as its kind, and its access token shorter`() throws {
            let bar = try theBar()
            let guest = try bar.guestSession("Keeps time")
            let host = try bar.hostSession()
            for (session, role, hours) in [(guest, "guest", 4), (host, "admin", 1)] {
                let claims = session.claims
                #expect(claims["role"].string == role)
                #expect((claims["exp"].int ?? 0) - (claims["iat"].int ?? 0) == hours * 3_600)
                #expect(session.document["expires_in"].int == hours * 3_600)
            }
            let rows = try LogRows(data: bar.data).rows
            for (type, session, days) in [
                ("GuestRegistered", guest, 7), ("AccountSignedIn", host, 30),
            ] {
                let row = try #require(
                    rows.last {
                        $0.type == type
                            && $0.data["session_id"].string == session.claims["sid"].string
                    })
                let end = try #require(row.data["expires_at"].string)
                let began = session.claims["iat"].int ?? 0
                let ends = try Date(
                    end,
                    strategy: .iso8601.year().month().day()
                        .time(includingFractionalSeconds: true)
                ).timeIntervalSince1970
                #expect(abs(ends - Double(began + days * 86_400)) < 2)
            }
        }

        @Test func `is believed at once under a signing key that is new`() throws {
            let bar = try theBar()
            let first = try bar.guestSession("Before the new key")
            for _ in 1...4 {
                #expect(try barback("key", "rotate-signing", "--data", bar.data).code == 0)
                let next = try refreshed(first.refresh, bar)
                #expect(try bar.lets(in: next))
            }
            // Under the keys of before too, until it ends.
            #expect(try bar.lets(in: first))
        }

        @Test(arguments: ["guest", "host"])
        func `goes on with a refresh token, which changes each time`(who: String) throws {
            let bar = try theBar()
            let first = try session(of: who, bar)
            let second = try refreshed(first.refresh, bar)
            let third = try refreshed(second.refresh, bar)
            #expect(Set([first.refresh, second.refresh, third.refresh]).count == 3)
            for session in [first, second, third] {
                #expect(session.claims["sid"].string == first.claims["sid"].string)
                #expect(session.claims["sub"].string == first.claims["sub"].string)
                #expect(session.claims["role"].string == first.claims["role"].string)
                #expect(session.claims["name"].string == first.claims["name"].string)
                #expect(try bar.lets(in: session))
            }
        }

        @Test(arguments: ["guest", "host"])
        func `is given the same token again where the answer was lost`(who: String) throws {
            let bar = try theBar()
            let first = try session(of: who, bar)
            let second = try refreshed(first.refresh, bar)
            #expect(try refreshed(first.refresh, bar).refresh == second.refresh)
            let third = try refreshed(second.refresh, bar)
            #expect(try refreshed(second.refresh, bar).refresh == third.refresh)
            #expect(try bar.lets(in: third))
        }

        @Test(arguments: ["guest", "host"])
        func `refreshed by twenty at once has one successor`(who: String) throws {
            let bar = try theBar()
            let first = try session(of: who, bar)
            let answers = Gathered<Answer>()
            inParallel(20) { _ in
                if let answer = try? bar.refresh(first.refresh) { answers.add(answer) }
            }
            #expect(answers.all.map(\.status) == [Int](repeating: 200, count: 20))
            let tokens = Set(answers.all.compactMap { $0.data["refresh_token"].string })
            #expect(tokens.count == 1)
            let next = try refreshed(try #require(tokens.first), bar)
            #expect(try bar.lets(in: next))
        }

        @Test(arguments: ["guest", "host"])
        func `ends where a token from before the last is used`(who: String) throws {
            let bar = try theBar()
            let first = try session(of: who, bar)
            let third = try refreshed(refreshed(first.refresh, bar).refresh, bar)
            #expect(try bar.refresh(first.refresh).code == "bad_token")
            for token in [first.refresh, third.refresh] {
                #expect(try bar.refresh(token).status == 401)
            }
            try bar.untilClosed(to: third)
            try bar.untilClosed(to: first)
            #expect(try reason(of: third, bar) == "token_reused")
        }

        /// The thief and the owner each have a token; whoever comes second shows that one was stolen.
        @Test func `ends where the last token is used again after ten seconds`() throws {
            let bar = try theBar()
            let others = try bar.hostSession()
            let firsts = try [bar.guestSession("Was robbed"), bar.hostSession()]
            let seconds = try firsts.map { try refreshed($0.refresh, bar) }
            // The one wait that has no condition to look for: time itself.
            breathe(milliseconds: 10_500)
            for (first, second) in zip(firsts, seconds) {
                #expect(try bar.lets(in: second))
                #expect(try bar.refresh(first.refresh).code == "bad_token")
                #expect(try bar.refresh(second.refresh).code == "bad_token")
                try bar.untilClosed(to: second)
            }
            #expect(try bar.lets(in: others), "another session of the same account")
            #expect(try bar.refresh(others.refresh).status == 200)
            _ = try bar.guestSession("Was robbed")
        }

        @Test(arguments: ["guest", "host"])
        func `that was signed out is over`(who: String) throws {
            let bar = try theBar()
            for byToken in [true, false] {
                let session = try session(of: who, bar)
                let answer =
                    byToken
                    ? try bar.post("/auth/logout", "{}", session.bearer)
                    : try bar.post(
                        "/auth/logout", "{\"refresh_token\":\"\(session.refresh)\"}")
                #expect(answer.status == 200, "\(answer.text)")
                try bar.untilClosed(to: session)
                #expect(try bar.refresh(session.refresh).status == 401)
                #expect(try bar.post("/auth/logout", "{}", session.bearer).status == 401)
            }
        }

        @Test func `goes on where its password is changed in it, and all others end`() throws {
            let bar = try theBar()
            let staff = try bar.staff("Changes words", role: "admin")
            let other = try bar.staffSession("Changes words", staff.password)
            let stranger = try bar.hostSession()
            let fresh = "another-horse-entirely"
            let wrong = try bar.post(
                "/auth/password",
                "{\"current_password\":\"not-this-one\",\"new_password\":\"\(fresh)\"}",
                staff.session.bearer)
            #expect(wrong.code == "wrong_credentials")
            let body = "{\"current_password\":\"\(staff.password)\",\"new_password\":\"\(fresh)\"}"
            let changed = try bar.post("/auth/password", body, staff.session.bearer)
            #expect(changed.status == 200, "\(changed.text)")
            try bar.untilClosed(to: other)
            #expect(try bar.refresh(other.refresh).status == 401)
            #expect(try bar.lets(in: staff.session))
            #expect(try bar.lets(in: refreshed(staff.session.refresh, bar)))
            #expect(try bar.lets(in: stranger))
            #expect(try bar.signIn("Changes words", staff.password).code == "wrong_credentials")
            _ = try bar.staffSession("Changes words", fresh)

            // Given a new one by somebody else, nobody stays in.
            let given = try Client(bar).request(
                "PUT", "/admin/accounts/\(staff.id)/password", [:],
                #"{"password":"given-by-the-host"}"#)
            #expect(given.status == 200)
            try bar.untilClosed(to: staff.session)
            _ = try bar.staffSession("Changes words", "given-by-the-host")
        }

        @Test func `of an account that was removed or a guest who was put out is over`() throws {
            let bar = try theBar()
            let staff = try bar.staff("Moves on", role: "bartender")
            let guest = try bar.guestSession("Was rude")
            let id = guest.document["user_key"].string ?? ""
            #expect(
                try Client(bar).request("DELETE", "/admin/accounts/\(staff.id)").status == 200)
            #expect(try bar.post("/admin/guests/\(id)/disable", "{}").status == 200)
            for session in [staff.session, guest] {
                try bar.untilClosed(to: session)
                #expect(try bar.refresh(session.refresh).status == 401)
            }
            #expect(try bar.signIn("Moves on", staff.password).code == "wrong_credentials")
        }

        @Test func `is not ended by a token that nobody gave out`() throws {
            let bar = try theBar()
            let session = try bar.guestSession("Is envied")
            let other = try bar.guestSession("Envies")
            let parts = session.refresh.split(separator: ".").map { String($0) }
            let theirs = other.refresh.split(separator: ".").map { String($0) }
            try #require(parts.count == 3 && theirs.count == 3)
            for token in [
                "\(parts[0]).1.\(parts[2])", "\(parts[0]).0.\(theirs[2])",
                "\(parts[0]).-1.\(parts[2])", "\(parts[0]).00.\(parts[2])",
                String(session.refresh.dropLast()), session.refresh + "=", session.refresh + " ",
                session.refresh.uppercased(), "\(parts[0])..", "..", session.access,
                String(repeating: "x", count: 10_000),
            ] {
                #expect(try bar.refresh(token).status == 401, "\(token)")
            }
            #expect(try bar.post("/auth/refresh", #"{"refresh_token":7}"#).status == 422)
            #expect(try bar.post("/auth/refresh", "{}").status == 422)
            #expect(try bar.lets(in: refreshed(session.refresh, bar)))
        }

        @Test func `survives the end of every process`() throws {
            let bar = try theBar()
            var sessions = try [bar.guestSession("Stays all night"), bar.hostSession()]
            let names = bar.children().keys.sorted()
            #expect(names.contains("front") && names.contains("projector access"))
            for name in names {
                try bar.replace(name)
                try bar.untilOpen()
                sessions = try sessions.map { session in
                    let next = try refreshed(session.refresh, bar)
                    #expect(try bar.lets(in: next), "after \(name)")
                    #expect(try bar.lets(in: session), "after \(name)")
                    return next
                }
            }
            try bar.stop()
            try bar.start()
            for session in sessions {
                #expect(try bar.lets(in: session))
                #expect(try bar.lets(in: refreshed(session.refresh, bar)))
            }
        }

        @Test func `keeps its successor through kill -9 of the commands process`() throws {
            let bar = try theBar()
            for who in ["guest", "host"] {
                let first = try session(of: who, bar)
                let second = try refreshed(first.refresh, bar)
                try bar.replace("commands")
                try bar.untilOpen()
                // Well within the ten seconds.
                #expect(try refreshed(first.refresh, bar).refresh == second.refresh)
                let third = try refreshed(second.refresh, bar)
                try bar.replace("commands")
                try bar.untilOpen()
                #expect(try bar.refresh(first.refresh).status == 401, "two before the last")
                #expect(try bar.refresh(third.refresh).status == 401)
                try bar.replace("commands")
                try bar.untilOpen()
                #expect(try bar.refresh(third.refresh).status == 401)
                try bar.untilClosed(to: third)
            }
        }

        private func session(of who: String, _ bar: Bar) throws -> Session {
            who == "guest"
                ? try bar.guestSession("Guest \(UInt32.random(in: 0 ... .max))")
                : try bar.hostSession()
        }

        private func refreshed(_ token: String, _ bar: Bar) throws -> Session {
            try Session(bar.refresh(token), "POST /auth/refresh")
        }

        private func reason(of session: Session, _ bar: Bar) throws -> String? {
            try LogRows(data: bar.data).rows.last {
                $0.type == "SessionEnded"
                    && $0.data["session_id"].string == session.claims["sid"].string
            }?.data["reason"].string
        }
    }
}
