internal import CCurl

/// The version of the libcurl library, such as `7.88.1`; nil where it is not installed.
public var webClientVersion: String? {
    Library.isLoaded ? String(cString: ccurl_version()) : nil
}

/// libcurl, loaded by whoever asks first.
enum Library {
    static let isLoaded = ccurl_load() == 1
}
