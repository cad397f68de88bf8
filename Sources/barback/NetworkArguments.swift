internal import Front
internal import HTTP
internal import System

// What the flags say about the network.
extension Arguments {
    func listenAddress() throws(UsageError) -> ListenAddress {
        guard let (text, source) = textAndSource(.listen) else {
            return try ListenAddress(ListenAddress.usual)
        }
        return try ListenAddress(text, from: source)
    }

    /// How guests reach the bar: as they were told, or by the address it listens on.
    func baseURL() throws(UsageError) -> WebOrigin {
        let isSecure = try certificateFiles() != nil
        let address = try listenAddress()
        let given = try value(.baseURL, "http:// or https://, a host and perhaps a port") {
            WebOrigin($0)
        }
        if let given, Address(given.host)?.isAny == true {
            throw UsageError(
                "\(textAndSource(.baseURL)?.source ?? "") takes an address that phones can dial, not \(given.host)"
            )
        }
        return given ?? address.url(isSecure: isSecure)
    }

    /// The files of `--tls-cert` and `--tls-key`; nil where there is neither.
    private func certificateFiles() throws(UsageError) -> (certificate: String, key: String)? {
        switch (text(.certificate), text(.certificateKey)) {
        case (let certificate?, let key?): return (certificate, key)
        case (nil, nil): return nil
        default: throw UsageError("--tls-cert and --tls-key come together")
        }
    }

    /// What the front speaks HTTPS with; nil where it speaks plain HTTP.
    ///
    /// - Throws: where a file cannot be read, or the two do not belong together.
    func identity() throws -> TLSIdentity? {
        guard let files = try certificateFiles() else { return nil }
        return try TLSIdentity(
            certificate: try Files.readAll(files.certificate, limit: 1_000_000),
            key: try Files.readAll(files.key, limit: 1_000_000))
    }

    func trustedProxies() throws(UsageError) -> [Network] {
        try values(.trustedProxy, "addresses and networks such as 10.0.0.0/8") { Network($0) }
    }

    func allowedOrigins() throws(UsageError) -> [WebOrigin] {
        try values(.allowOrigin, "origins such as https://menu.example.org") { WebOrigin($0) }
    }

    func maxActiveOrders() throws(UsageError) -> Int {
        Int(try number(.maxActiveOrders, in: 0...1_000) ?? 3)
    }
}
