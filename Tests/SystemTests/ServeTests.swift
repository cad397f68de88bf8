import Foundation
import Glibc
import System
import Testing

extension WholeBar {
    @Suite("barback serve", .serialized) struct ServeTests {
        @Test(arguments: [SIGTERM, SIGINT])
        func `stops all it has started within two seconds`(signal: Int32) throws {
            let bar = try Bar()
            defer { bar.close() }
            let children = bar.children()
            #expect(
                Set(children.keys) == [
                    "commands", "projector access", "projector menu", "projector notifications",
                    "projector orders", "projector search", "front",
                ])
            // Open connections and a busy writer are no reason to stay.
            let idle = try Client(bar)
            #expect(try idle.request("GET", "/bar").status == 200)
            #expect(try bar.order(try bar.anyDrink()).status == 201)
            let began = seconds()
            bar.supervisor.signal(signal)
            #expect(try bar.supervisor.wait() == 0)
            #expect(seconds() - began < 2)
            for (name, child) in children { #expect(!isAlive(child.pid), "\(name)") }
            #expect(idle.seesEnd())
            #expect(throws: NoAnswer.self) { try Client(bar.port) }
        }

        @Test func `takes everybody with it when it is killed`() throws {
            let bar = try Bar()
            defer { bar.close() }
            let children = bar.children()
            bar.supervisor.end()
            for (name, child) in children {
                try eventually("the end of \(name)", within: 5) { isAlive(child.pid) ? nil : true }
            }
            // At once, and on the same port.
            try bar.start()
            #expect(try bar.order(try bar.anyDrink()).status == 201)
        }

        @Test(arguments: [
            "commands", "projector access", "projector menu", "projector notifications",
            "projector orders", "projector search", "front",
        ])
        func `starts again what was killed`(name: String) throws {
            let bar = try Bar()
            defer { bar.close() }
            let drink = try bar.anyDrink()
            let others = bar.children().filter { $0.key != name }
            try bar.replace(name)
            try bar.untilOpen()
            #expect(bar.children()[name]?.restarts == 1)
            for (other, child) in others { #expect(bar.children()[other]?.pid == child.pid) }
            let placed = try bar.order(drink, key: "after")
            #expect(placed.status == 201)
            let after = ["Barback-After": "\(try #require(placed.position))"]
            #expect(try bar.get(try #require(placed["Location"]), after).status == 200)
            #expect(try bar.get("/drinks", after).status == 200)
        }

        @Test func `is one of its kind in a data directory`() throws {
            let bar = try Bar()
            defer { bar.close() }
            let second = try barback(
                "serve", "--data", bar.data, "--listen", "127.0.0.1:\(try freePort())")
            #expect(second.code == 3)
            #expect(second.errors.contains("already serving"))
            #expect(second.errors.contains("(pid \(bar.supervisor.pid))"))
            #expect(lines(second.errors) == 1)
            #expect(second.seconds < 2)
            let writer = try barback("commands", "--data", bar.data)
            #expect(writer.code == 3)
            #expect(writer.errors.contains("(pid \(try bar.pid(of: "commands")))"))
            #expect(try bar.order(try bar.anyDrink()).status == 201)
        }

        @Test func `says in one sentence that its port is taken`() throws {
            let bar = try Bar()
            defer { bar.close() }
            let scratch = try Scratch()
            let second = try barback(
                "serve", "--data", scratch("data"), "--listen", "127.0.0.1:\(bar.port)")
            #expect(second.code == 3)
            #expect(second.errors.contains("cannot listen on 127.0.0.1:\(bar.port)"))
            #expect(lines(second.errors) == 1)
            #expect(second.seconds < 2)
            #expect(!FileManager.default.fileExists(atPath: scratch("data/log.db")))
        }

        @Test func `answers on every address of this machine, and says one that others can dial`()
            throws
        {
            let scratch = try Scratch()
            let port = try freePort()
            let bar = try Launched(
                ["serve", "--data", scratch("data"), "--listen", "0.0.0.0:\(port)", "--demo"],
                notes: scratch("bar"))
            defer {
                bar.signal(SIGTERM)
                _ = try? bar.wait()
            }
            let said = try eventually("a bar that is open", within: 30) { () throws -> String? in
                bar.output.contains("stop ") ? bar.output : nil
            }
            #expect(said.contains("guests  http://"))
            #expect(said.contains(":\(port)/host\n"))
            #expect(!said.contains("//0.0.0.0"))
            let name = OwnAddress.hostName
            for host in ["localhost", "192.168.1.7:80", "[fd00::1]", name, name + ".local:\(port)"]
            {
                #expect(try health(port, host: host).status == 200, "\(host)")
            }
            #expect(try health(port, host: "evil.example").status == 421)
        }

        @Test func `answers to the name it is told`() throws {
            let bar = try Bar(flags: ["--base-url", "https://bar.example.org"])
            defer { bar.close() }
            #expect(try health(bar.port, host: "bar.example.org").status == 200)
            #expect(try health(bar.port, host: "bar.example.com").code == "misdirected")
        }

        private func health(_ port: UInt16, host: String) throws -> Answer {
            let client = try Client(port)
            try client.send(Array("GET /healthz HTTP/1.1\r\nHost: \(host)\r\n\r\n".utf8))
            return try client.answer()
        }

        @Test(arguments: [
            ["--trusted-proxy", "10.0.0.7/8"], ["--allow-origin", "*"], ["--base-url", "bar"],
            ["--tls-cert", "x.pem"], ["--listen", "bar.example:80"],
        ])
        func `says what is wrong with its flags before it makes anything`(flags: [String]) throws {
            let scratch = try Scratch()
            let said = try barback(["serve", "--data", scratch("data")] + flags)
            #expect(said.code == 2)
            #expect(said.errors.hasPrefix("barback serve: \(flags[0])"))
            #expect(!FileManager.default.fileExists(atPath: scratch("data")))
        }

        @Test func `prints the password that it has made, whatever file of before is there`() throws
        {
            let scratch = try Scratch()
            try FileManager.default.createDirectory(
                atPath: scratch("data"), withIntermediateDirectories: false)
            // As a start leaves it that was killed before the account was in the log.
            try Data(#"{"admin":{"username":"host","password":"0000-0000-0000-0000"}}"#.utf8)
                .write(to: URL(fileURLWithPath: scratch("data/first-run.json")))
            let bar = try Bar(data: scratch("data"), demo: false)
            defer { bar.close() }
            let password = try #require(
                try Door.firstRun(bar.data)["admin"]["password"].string)
            #expect(password != "0000-0000-0000-0000")
            try eventually("the greeting") { bar.supervisor.output.contains("stop ") ? true : nil }
            #expect(bar.supervisor.output.contains("sign in as host with \(password),"))
            #expect(try bar.door.host() != "")
            try bar.stop()
            try bar.start()
            // Its output goes on behind what the first start has said.
            func count(_ words: String) -> Int {
                bar.supervisor.output.components(separatedBy: words).count - 1
            }
            try eventually("the second greeting") { count("stop ") == 2 ? true : nil }
            #expect(count("sign in as host") == 1)
        }

        @Test func `shows how it is doing`() throws {
            let bar = try Bar()
            defer { bar.close() }
            #expect(try barback("status", "--data", bar.data).code == 0)
            try bar.stop()
            #expect(try barback("status", "--data", bar.data).code == 1)
        }

        private func lines(_ text: String) -> Int { text.split(separator: "\n").count }
    }
}
