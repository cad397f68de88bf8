internal import Front

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
        let address = try listenAddress()
        let given = try value(.baseURL, "http:// or https://, a host and perhaps a port") {
            WebOrigin($0)
        }
        return given ?? address.url(isSecure: false)
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
