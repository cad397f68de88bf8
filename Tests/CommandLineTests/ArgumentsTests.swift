import Front
import HTTP
import QRCode
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

@Suite("A list of values") struct ListTests {
    private func proxies(_ words: String, _ environment: [String: String] = [:]) throws -> [Network]
    {
        let arguments = try Arguments(
            words.split(separator: " ").map(String.init), for: .front,
            environment: { environment[$0] })
        return try arguments.trustedProxies()
    }

    private func networks(_ texts: String...) throws -> [Network] {
        try texts.map { try #require(Network($0)) }
    }

    @Test func `is given by repeating its flag, or with commas`() throws {
        let both = try networks("127.0.0.1", "fd00::/8")
        #expect(try proxies("--trusted-proxy 127.0.0.1 --trusted-proxy fd00::/8") == both)
        #expect(try proxies("--trusted-proxy=127.0.0.1,fd00::/8") == both)
        #expect(try proxies("", ["BARBACK_TRUSTED_PROXY": "127.0.0.1, fd00::/8"]) == both)
        #expect(try proxies("") == [])
    }

    @Test func `on the command line stands in for the environment's`() throws {
        let set = ["BARBACK_TRUSTED_PROXY": "10.0.0.0/8"]
        #expect(try proxies("--trusted-proxy ::1", set) == networks("::1"))
        #expect(
            try proxies("--trusted-proxy ::1 --trusted-proxy ::2", set) == networks("::1", "::2"))
    }

    @Test(arguments: ["nonsense", "10.0.0.0/33", "10.0.0.1,", "10.0.0.7/8", ","])
    func `names the item that is wrong`(text: String) throws {
        let error = #expect(throws: UsageError.self) { try proxies("--trusted-proxy \(text)") }
        #expect(error?.sentence.hasPrefix("--trusted-proxy takes addresses and networks") == true)
    }
}

@Suite("A listen address") struct ListenAddressTests {
    @Test(arguments: [
        ("127.0.0.1:8080", "127.0.0.1", 8080, "http://127.0.0.1:8080"),
        ("localhost:65535", "127.0.0.1", 65_535, "http://127.0.0.1:65535"),
        ("[::1]:8080", "::1", 8080, "http://[::1]:8080"),
        ("192.168.1.5:80", "192.168.1.5", 80, "http://192.168.1.5"),
        ("[fd00::5]:81", "fd00::5", 81, "http://[fd00::5]:81"),
    ])
    func `that is one is how others reach the bar`(
        text: String, host: String, port: UInt16, url: String
    ) throws {
        let address = try ListenAddress(text)
        #expect(address.host == host)
        #expect(address.port == port)
        #expect(!address.isAny)
        #expect("\(address.url(isSecure: false))" == url)
        #expect(try ListenAddress(address.text) == address)
    }

    @Test(arguments: ["0.0.0.0:8080", "[::]:8080"])
    func `that is every one of this machine has a link that can be dialled`(text: String) throws {
        let address = try ListenAddress(text)
        #expect(address.isAny)
        let url = address.url(isSecure: true)
        #expect(url.isSecure)
        #expect(url.port == 8080)
        #expect(try !#require(Address(url.host)).isAny)
        #expect(url.host != "0.0.0.0")
    }

    @Test(arguments: [
        "", "8080", ":8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:65536",
        "127.0.0.1:-1", "127.0.0.1:+80", "::1:8080", "[127.0.0.1]:80", "127.0.0.1:８０",
        "bar.example:80", "127.1:80", "127.0.0.256:80", "127.0.0.01:80", "localhost.example:80",
        "127.0.0.+1:80", "*:80",
    ])
    func `in another form is refused with an example`(text: String) throws {
        let error = #expect(throws: UsageError.self) { try ListenAddress(text) }
        #expect(error?.sentence.contains("such as 0.0.0.0:8080") == true)
    }
}

@Suite("The base URL") struct BaseURLTests {
    private func base(_ words: String..., environment: [String: String] = [:]) throws -> String {
        let arguments = try Arguments(words, for: .serve, environment: { environment[$0] })
        return "\(try arguments.baseURL())"
    }

    @Test func `is what somebody says it is`() throws {
        #expect(try base("--base-url", "https://Bar.example.org/") == "https://bar.example.org")
        #expect(
            try base(environment: ["BARBACK_BASE_URL": "http://bar.lan:8080"])
                == "http://bar.lan:8080")
    }

    @Test func `is otherwise where the bar listens`() throws {
        #expect(try base("--listen", "127.0.0.1:9000") == "http://127.0.0.1:9000")
        #expect(
            try base("--listen", "127.0.0.1:443", "--tls-cert", "c", "--tls-key", "k")
                == "https://127.0.0.1")
    }

    @Test(arguments: ["bar.example.org", "https://bar.example.org/menu", "ftp://bar", "https://"])
    func `is no more and no less than scheme, host and port`(text: String) throws {
        let error = #expect(throws: UsageError.self) { try base("--base-url", text) }
        #expect(error?.sentence.hasPrefix("--base-url takes http:// or https://") == true)
    }

    @Test(arguments: ["http://0.0.0.0:8080", "http://[::]:8080", "https://[::ffff:0.0.0.0]"])
    func `is no address that stands for any`(text: String) throws {
        let error = #expect(throws: UsageError.self) { try base("--base-url", text) }
        #expect(
            error?.sentence.hasPrefix("--base-url takes an address that phones can dial") == true)
    }
}

@Suite("The certificate") struct CertificateTests {
    @Test(arguments: ["--tls-cert", "--tls-key"])
    func `comes with its key, or not at all`(flag: String) throws {
        let arguments = try Arguments([flag, "x.pem"], for: .serve, environment: { _ in nil })
        let error = #expect(throws: UsageError.self) { _ = try arguments.identity() }
        #expect(error?.sentence == "--tls-cert and --tls-key come together")
    }
}

@Suite("The greeting") struct GreetingTests {
    private let greeting = Greeting(
        base: WebOrigin(isSecure: false, host: "192.168.1.7", port: 8080), data: "/srv/bar", pid: 7,
        join: "http://192.168.1.7:8080/join/K7QW2MNRT4XB")

    @Test func `says where guests and the host go`() {
        #expect(
            greeting.text(for: .stream) == """
                The bar is open.
                  guests  http://192.168.1.7:8080/
                  host    http://192.168.1.7:8080/host
                  join    http://192.168.1.7:8080/join/K7QW2MNRT4XB
                  data    /srv/bar
                  stop    Ctrl-C, or kill 7

                """)
    }

    @Test func `draws the join link where somebody looks`() throws {
        let code = try #require(QRCode("http://192.168.1.7:8080/join/K7QW2MNRT4XB"))
        #expect(greeting.text(for: .terminal).hasSuffix("\n" + code.terminalText(colours: true)))
        var first = greeting
        first.firstPassword = "abcd-efgh-jkmn-pqrs"
        #expect(first.text(for: .stream).hasSuffix("\n" + code.terminalText(colours: false)))
        var closed = greeting
        closed.join = nil
        #expect(!closed.text(for: .terminal).contains("█"))
        #expect(!closed.text(for: .terminal).contains("join"))
    }

    @Test func `warns where phones have no way to it`() {
        var alone = greeting
        alone.isReachable = false
        #expect(alone.text(for: .journal).contains("phones  do not reach it"))
        #expect(!greeting.text(for: .journal).contains("phones"))
    }

    @Test func `tells a journal nothing that opens a door`() {
        var first = greeting
        first.firstPassword = "abcd-efgh-jkmn-pqrs"
        for reader in [Greeting.Reader.terminal, .stream] {
            #expect(first.text(for: reader).contains("sign in as host with abcd-efgh-jkmn-pqrs,"))
        }
        let text = first.text(for: .journal)
        #expect(!text.contains("abcd") && !text.contains("K7QW"))
        #expect(text.contains("/srv/bar/first-run.json"))
        #expect(text.contains("barback code list"))
    }
}
