//! What has no field of its own is kept in the note.

/// Lines put together into as few texts of at most `limit` characters as it takes.
pub(super) fn pack(lines: Vec<String>, limit: usize) -> Vec<String> {
    let mut texts: Vec<String> = Vec::new();
    let mut used = limit;
    for line in lines {
        let chars: Vec<char> = line.chars().collect();
        for part in chars.chunks(limit) {
            if used + part.len() + 1 > limit {
                texts.push(part.iter().collect());
                used = part.len();
            } else if let Some(text) = texts.last_mut() {
                text.push('\n');
                text.extend(part);
                used += part.len() + 1;
            }
        }
    }
    texts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_packed_without_losing_a_character() {
        let lines = vec!["a".repeat(6), "b".repeat(3), "c".repeat(12), "d".into()];
        let packed = pack(lines, 10);
        assert_eq!(packed, ["aaaaaa\nbbb", "cccccccccc", "cc\nd"]);
        assert!(pack(Vec::new(), 10).is_empty());
    }
}
