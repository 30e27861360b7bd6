//! Arguments in, exit code out.

fn main() -> std::process::ExitCode {
    dutydesk::cli::main()
}
