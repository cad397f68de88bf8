import Testing

@testable import barback

private let tool = Subcommand(
    "tool", "is tried", operand: "NAME",
    flags: [
        .data, .demo, .maxActiveOrders, .listen, Flag("limit", "N", "a number"),
        Flag("follow", nil, "a switch"),
    ], details: "", run: { _ in .done })

private let limit = tool.flags[4]
private let follow = tool.flags[5]

private func read(
    _ line: String, _ environment: [String: String] = [:]
) throws(UsageError) -> Arguments {
    try Arguments(
        line.split(separator: " ").map(String.init), for: tool, environment: { environment[$0] })
}

private func complaint(
    _ line: String, _ environment: [String: String] = [:],
    _ use: (Arguments) throws(UsageError) -> Void = { _ in }
) -> String? {
    do throws(UsageError) {
        try use(read(line, environment))
        return nil
    } catch {
        return error.sentence
    }
}

@Suite("A command line") struct ArgumentsTests {
    @Test(arguments: [
        "menu --data /srv/bar --follow", "--data=/srv/bar/ menu --follow",
        "--follow --data /srv/bar menu", "--follow --data /tmp --data /srv/bar// -- menu",
    ])
    func `takes flags anywhere and in both forms`(line: String) throws {
        let arguments = try read(line)
        #expect(arguments.operands == ["menu"])
        #expect(arguments.dataDirectory == "/srv/bar")
        #expect(try arguments.isOn(follow))
        #expect(try !arguments.isOn(.demo))
    }

    @Test(arguments: [
        ("menu --limt 3", "there is no flag '--limt'; did you mean --limit?"),
        ("menu --dtaa /x", "there is no flag '--dtaa'; did you mean --data?"),
        ("menu --limited", "there is no flag '--limited'; did you mean --limit?"),
        ("menu --port 3", "there is no flag '--port'"),
        ("menu -x", "there is no flag '-x'"),
        ("menu --limt=3", "there is no flag '--limt'; did you mean --limit?"),
        ("menu --limit", "--limit needs a value: --limit N"),
        ("menu --limit --follow", "--limit needs a value: --limit N"),
        ("menu --limit=", "--limit needs a value: --limit N"),
        ("menu --follow=yes", "--follow takes no value"),
        ("--follow", "NAME is missing"),
        ("menu orders", "'orders' is one word too many"),
        ("-- menu --follow", "'--follow' is one word too many"),
        ("menu --\u{1B}[2J", "there is no flag '--?[2J'"),
    ])
    func `is refused in one sentence`(line: String, sentence: String) {
        #expect(complaint(line) == sentence)
    }

    @Test(arguments: ["three", "-1", "1.5", "99999999999999999999", "0x10", "11"])
    func `takes whole numbers within their bounds`(value: String) {
        #expect(
            complaint("menu --limit=\(value)") { a throws(UsageError) in
                _ = try a.number(limit, in: 0...10)
            } == "--limit takes a whole number from 0 to 10, not '\(value)'")
    }

    @Test func `has no upper bound to tell where there is none`() {
        #expect(
            complaint("menu --limit=x") { a throws(UsageError) in
                _ = try a.number(limit, in: 0...(.max))
            } == "--limit takes a whole number of 0 or more, not 'x'")
    }

    @Test func `comes before the environment, and the environment before what is usual`() throws {
        let set = ["BARBACK_DATA": "/srv/bar", "BARBACK_MAX_ACTIVE_ORDERS": "7"]
        #expect(try read("menu").dataDirectory == "data")
        #expect(try read("menu", set).dataDirectory == "/srv/bar")
        #expect(try read("menu", set).maxActiveOrders() == 7)
        #expect(try read("menu --data here", set).dataDirectory == "here")
        #expect(try read("menu", ["BARBACK_DATA": ""]).dataDirectory == "data")
    }

    @Test(arguments: [("1", true), ("yes", true), ("TRUE", true), ("0", false), ("off", false)])
    func `switches by an environment variable`(value: String, isOn: Bool) throws {
        #expect(try read("menu", ["BARBACK_DEMO": value]).isOn(.demo) == isOn)
    }

    @Test func `names the variable that is wrong`() {
        #expect(
            complaint("menu", ["BARBACK_DEMO": "maybe"]) { a throws(UsageError) in
                _ = try a.isOn(.demo)
            } == "BARBACK_DEMO is yes or no, not 'maybe'")
        #expect(
            complaint("menu", ["BARBACK_LISTEN": "8080"]) { a throws(UsageError) in
                _ = try a.listenAddress()
            }?.hasPrefix("BARBACK_LISTEN takes an address and a port") == true)
    }
}

@Suite("A listen address") struct ListenAddressTests {
    @Test(arguments: [
        ("127.0.0.1:8080", "127.0.0.1", 8080, "http://127.0.0.1:8080/"),
        ("127.1.2.3:1", "127.1.2.3", 1, "http://127.1.2.3:1/"),
        ("localhost:65535", "127.0.0.1", 65_535, "http://127.0.0.1:65535/"),
        ("[::1]:8080", "::1", 8080, "http://[::1]:8080/"),
    ])
    func `of this machine is taken`(text: String, host: String, port: UInt16, url: String) throws {
        let address = try ListenAddress(text)
        #expect(address.host == host)
        #expect(address.port == port)
        #expect(address.url == url)
        #expect(try ListenAddress(address.text) == address)
    }

    @Test(arguments: [
        "0.0.0.0:8080", "192.168.1.5:8080", "[::]:8080", "bar.example:80", "127.1:80",
        "127.0.0.1.example:80", "127.0.0.256:80", "127.0.0.01:80", "128.0.0.1:80",
        "[::ffff:127.0.0.1]:80", "localhost.example:80", "127.0.0.+1:80", "127.0.0.１:80",
    ])
    func `that others could reach is refused with the reason`(text: String) throws {
        let error = #expect(throws: UsageError.self) { try ListenAddress(text) }
        #expect(error?.sentence.contains("could act as the host") == true)
    }

    @Test(arguments: [
        "", "8080", ":8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:65536",
        "127.0.0.1:-1", "127.0.0.1:+80", "::1:8080", "[127.0.0.1]:80", "127.0.0.1:８０",
    ])
    func `in another form is refused with an example`(text: String) throws {
        let error = #expect(throws: UsageError.self) { try ListenAddress(text) }
        #expect(error?.sentence.contains("such as 127.0.0.1:8080") == true)
    }
}
