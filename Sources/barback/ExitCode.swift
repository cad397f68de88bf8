internal import Supervisor
internal import System

/// How the program ends, as scripts see it.
enum ExitCode: Equatable {
    case done
    /// The question was answered, and the answer is no: damaged, different, not running.
    case no
    case usage
    case failure
    /// To a supervisor: starting this again cannot help.
    case hopeless

    var number: Int32 {
        switch self {
        case .done: 0
        case .no: 1
        case .usage: 2
        case .failure: 3
        case .hopeless: Supervisor.hopelessExit
        }
    }
}

func leave(_ code: ExitCode) -> Never { ChildProcess.exit(code.number) }
