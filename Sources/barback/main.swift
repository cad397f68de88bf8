// Code at the top level belongs to the main actor, and that would follow every closure made here.
leave(Program.run(CommandLine.arguments.dropFirst().map { $0 }))
