internal import CMicrohttpd

/// The version of the libmicrohttpd library in use, such as `0.9.75`.
public var httpVersion: String { String(cString: MHD_get_version()) }
