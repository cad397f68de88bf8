internal import CZlib

/// The version of the zlib library in use, such as `1.2.13`.
public var compressionVersion: String { String(cString: zlibVersion()) }
