//! Rebuilds the crate when a sentence of the catalogue changes: the catalogue is read by a macro, which Cargo cannot see.
fn main() {
    println!("cargo:rerun-if-changed=assets/locales");
}
