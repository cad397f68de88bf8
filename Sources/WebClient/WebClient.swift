internal import CCurl

/// Why there was no answer, in words that follow "cannot fetch ADDRESS:".
public struct WebError: Error, Equatable, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}

/// Outgoing HTTP by libcurl.
public enum WebClient {
    /// Fetches what is at an address, waiting for it.
    ///
    /// At most 10 seconds, and at most `mostBytes`; the status must be 200, and a redirect is an error: nobody is
    /// sent on to an address that was not asked for. The certificate must be good and the host's own. `isCancelled`
    /// is asked about once a second.
    ///
    /// - Throws: ``WebError``.
    public static func get(
        _ address: WebAddress, mostBytes: Int, isCancelled: @escaping () -> Bool = { false }
    ) throws(WebError) -> [UInt8] {
        guard Library.isLoaded, let handle = ccurl_make() else {
            throw WebError("libcurl is missing; install the package libcurl4")
        }
        defer { ccurl_free(handle) }
        let transfer = Transfer(mostBytes: mostBytes, isCancelled: isCancelled)
        // Holds it until the handle is gone, which has its address.
        defer { withExtendedLifetime(transfer) {} }
        let context = Unmanaged.passUnretained(transfer).toOpaque()

        var codes = [
            ccurl_set_text(handle, CURLOPT_URL, address.text),
            ccurl_allow_web_only(handle),
            ccurl_set_number(handle, CURLOPT_FOLLOWLOCATION, 0),
            ccurl_set_number(handle, CURLOPT_SSL_VERIFYPEER, 1),
            ccurl_set_number(handle, CURLOPT_SSL_VERIFYHOST, 2),
            ccurl_set_number(handle, CURLOPT_TIMEOUT_MS, timeoutMilliseconds),
            // Time-outs without signals, which would not do in a process with threads.
            ccurl_set_number(handle, CURLOPT_NOSIGNAL, 1),
            ccurl_set_text(handle, CURLOPT_USERAGENT, "barback"),
            ccurl_set_data_function(handle, takeData, context),
            ccurl_set_progress_function(handle, askProgress, context),
        ]
        // No proxy of the environment's comes between this machine and itself.
        if address.isLoopback { codes.append(ccurl_set_text(handle, CURLOPT_PROXY, "")) }
        guard codes.allSatisfy({ $0 == CURLE_OK }) else {
            throw WebError("this libcurl lacks what is needed; install a newer one")
        }

        let code = ccurl_perform(handle)
        guard !transfer.isTooLong else { throw WebError("it has more than \(mostBytes) bytes") }
        guard code == CURLE_OK else {
            throw WebError(String(cString: ccurl_words(code)))
        }
        let status = ccurl_status(handle)
        guard status == 200 else {
            throw WebError(
                (300..<400).contains(status)
                    ? "it redirects (\(status)), which is not followed"
                    : "it answered \(status) instead of 200")
        }
        return transfer.bytes
    }

    private static let timeoutMilliseconds = 10_000
}

/// What libcurl's functions need of one fetch.
private final class Transfer {
    let mostBytes: Int
    let isCancelled: () -> Bool
    var bytes: [UInt8] = []
    var isTooLong = false

    init(mostBytes: Int, isCancelled: @escaping () -> Bool) {
        self.mostBytes = mostBytes
        self.isCancelled = isCancelled
    }

    static func at(_ context: UnsafeMutableRawPointer?) -> Transfer? {
        context.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
    }
}

/// Taking less than was given ends the transfer.
private let takeData:
    @convention(c) (UnsafeMutablePointer<CChar>?, Int, Int, UnsafeMutableRawPointer?) -> Int = {
        data, size, count, context in
        guard let transfer = Transfer.at(context), let data else { return 0 }
        guard transfer.bytes.count + size * count <= transfer.mostBytes else {
            transfer.isTooLong = true
            return 0
        }
        transfer.bytes.append(
            contentsOf: UnsafeRawBufferPointer(start: data, count: size * count))
        return size * count
    }

private let askProgress:
    @convention(c) (UnsafeMutableRawPointer?, curl_off_t, curl_off_t, curl_off_t, curl_off_t) ->
        Int32 = {
            context, _, _, _, _ in Transfer.at(context)?.isCancelled() == true ? 1 : 0
        }
