// swift-tools-version: 6.2
import PackageDescription

/// Every Swift room is compiled with these.
let house: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

/// Rooms that touch no C pointer say so to the compiler.
let safe = house + [.strictMemorySafety()]

let package = Package(
    name: "barback",
    targets: [
        // C libraries, and files carried as C arrays.
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3"),
        .systemLibrary(name: "CMicrohttpd", pkgConfig: "libmicrohttpd"),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto"),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib"),
        .systemLibrary(name: "CQRencode", pkgConfig: "libqrencode"),
        .target(name: "CLinux"),
        .target(name: "CCurl"),
        .target(name: "WebApp", exclude: ["openapi.json", "public"]),
        .target(name: "DemoMenu", exclude: ["menu.json"]),

        // Swift over C. Nothing above this line of rooms sees a pointer.
        .target(name: "SQLite", dependencies: ["CSQLite"], swiftSettings: house),
        .target(name: "HTTP", dependencies: ["CMicrohttpd"], swiftSettings: house),
        .target(name: "Crypto", dependencies: ["CCrypto"], swiftSettings: house),
        .target(name: "Compression", dependencies: ["CZlib"], swiftSettings: house),
        .target(name: "QRCode", dependencies: ["CQRencode"], swiftSettings: house),
        .target(name: "System", dependencies: ["CLinux"], swiftSettings: house),
        .target(name: "WebClient", dependencies: ["CCurl"], swiftSettings: house),

        // The heart.
        .target(name: "JSON", swiftSettings: safe),
        .target(name: "Pictures", swiftSettings: safe),
        .target(name: "Domain", swiftSettings: safe),
        .target(
            name: "EventStore", dependencies: ["Crypto", "Domain", "JSON", "SQLite"],
            path: "eventstore", exclude: ["README.md", "catalogue"], sources: ["Sources"],
            resources: [.embedInCode("schema.sql")], swiftSettings: safe),
        .target(
            name: "ReadModels", dependencies: ["Domain", "JSON", "SQLite"],
            sources: ["Sources"], resources: [.embedInCode("SQL")], swiftSettings: safe),
        .target(name: "Wire", dependencies: ["Domain", "JSON"], swiftSettings: safe),

        .target(name: "Tokens", dependencies: ["Crypto", "Domain", "JSON"], swiftSettings: safe),

        // The processes.
        .target(
            name: "Commands",
            dependencies: [
                "Crypto", "DemoMenu", "Domain", "EventStore", "JSON", "Pictures", "SQLite",
                "System", "Tokens",
                "Wire",
            ], swiftSettings: house),
        .target(
            name: "Projectors",
            dependencies: [
                "Crypto", "Domain", "EventStore", "JSON", "ReadModels", "SQLite", "System",
            ], swiftSettings: safe),
        .target(
            name: "Front",
            dependencies: [
                "Compression", "Crypto", "Domain", "HTTP", "JSON", "QRCode", "ReadModels", "SQLite",
                "Supervisor", "System", "Tokens", "WebApp", "Wire",
            ], swiftSettings: house),
        .target(
            name: "Subscribers", dependencies: ["Domain", "JSON", "System", "Tokens", "WebClient"],
            swiftSettings: safe),
        .target(name: "Supervisor", dependencies: ["System"], swiftSettings: safe),
        .target(
            name: "Audit",
            dependencies: [
                "Crypto", "Domain", "EventStore", "JSON", "ReadModels", "SQLite", "System", "Wire",
            ], swiftSettings: safe),
        .executableTarget(
            name: "barback",
            dependencies: [
                "Audit", "Commands", "Compression", "Crypto", "Domain", "EventStore", "Front",
                "HTTP", "JSON", "Projectors", "QRCode", "ReadModels", "SQLite", "Subscribers",
                "Supervisor", "System", "Tokens", "WebClient", "Wire",
            ], swiftSettings: safe),

        // What several of the tests use.
        .target(name: "TestSamples", path: "Tests/TestSamples", swiftSettings: safe),
        .testTarget(name: "JSONTests", dependencies: ["JSON"], swiftSettings: house),
        .testTarget(name: "CryptoTests", dependencies: ["Crypto"], swiftSettings: house),
        .testTarget(
            name: "TokensTests", dependencies: ["Crypto", "Domain", "JSON", "Tokens"],
            swiftSettings: house),
        .testTarget(
            name: "PicturesTests", dependencies: ["Pictures", "TestSamples"], swiftSettings: house),
        .testTarget(name: "DomainTests", dependencies: ["Domain"], swiftSettings: house),
        .testTarget(
            name: "EventStoreTests",
            dependencies: ["Crypto", "Domain", "EventStore", "JSON", "SQLite"],
            swiftSettings: house),
        .testTarget(
            name: "WireTests", dependencies: ["Domain", "JSON", "Wire"], swiftSettings: house),
        .testTarget(
            name: "CommandsTests",
            dependencies: [
                "Commands", "Crypto", "Domain", "EventStore", "JSON", "SQLite", "System",
                "TestSamples", "Wire",
            ], swiftSettings: house),
        .testTarget(
            name: "ProjectorsTests",
            dependencies: [
                "Audit", "Crypto", "Domain", "EventStore", "Front", "JSON", "Projectors",
                "ReadModels", "SQLite", "Wire",
            ], swiftSettings: house),
        .testTarget(
            name: "CatalogueTests", dependencies: ["EventStore", "JSON"], swiftSettings: house),
        .testTarget(
            name: "SystemRoomTests", dependencies: ["Supervisor", "System"], swiftSettings: house),
        .testTarget(
            name: "FrontTests",
            dependencies: [
                "Domain", "Front", "HTTP", "JSON", "Tokens", "WebApp", "Wire",
            ],
            swiftSettings: house),
        .testTarget(
            name: "HTTPTests", dependencies: ["CMicrohttpd", "HTTP", "TestSamples"],
            swiftSettings: house),
        .testTarget(name: "QRCodeTests", dependencies: ["QRCode"], swiftSettings: house),
        .testTarget(
            name: "CompressionTests", dependencies: ["Compression"], swiftSettings: house),
        .testTarget(
            name: "AuditTests", dependencies: ["Audit", "Crypto", "Domain", "EventStore", "JSON"],
            swiftSettings: house),
        .testTarget(
            name: "CommandLineTests",
            dependencies: [
                "Crypto", "Domain", "EventStore", "Front", "HTTP", "QRCode", "Tokens", "barback",
            ],
            swiftSettings: house),
        .testTarget(name: "TidyTests", swiftSettings: house),
        .testTarget(name: "WebClientTests", dependencies: ["WebClient"], swiftSettings: house),
        .testTarget(name: "SubscribersTests", dependencies: ["Subscribers"], swiftSettings: house),
        .testTarget(
            name: "SystemTests",
            dependencies: [
                "Crypto", "Domain", "EventStore", "JSON", "SQLite", "System", "TestSamples",
                "Tokens", "Wire",
            ],
            exclude: ["provider.py", "schemathesis_hooks.py"], swiftSettings: house),
        .testTarget(
            name: "BrowserTests",
            exclude: [
                "bar.py", "drawings", "fonts.py", "journeys", "look.py", "phone.py", "run.py",
                "screenshots.py", "tasks.py",
            ],
            swiftSettings: house),
    ],
    cLanguageStandard: .gnu2x
)
