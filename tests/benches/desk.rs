//! Benchmarks of what a person would feel. Run with `cargo bench`.

fn main() {
    divan::main();
}
