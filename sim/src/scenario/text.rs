//! Words for messages: where a mistake is, what was meant, what was found.

/// Line, from 1, and column in characters, from 1, of a byte offset.
pub(super) fn place(text: &[u8], offset: usize) -> (u32, u32) {
    let before = &text[..offset.min(text.len())];
    let line_start = before.iter().rposition(|&byte| byte == b'\n').map_or(0, |newline| newline + 1);
    let lines = before.iter().filter(|&&byte| byte == b'\n').count();
    // Every byte of a character but the first has the form 10xxxxxx.
    let columns = before[line_start..].iter().filter(|&&byte| byte & 0xC0 != 0x80).count();
    let from_one = |count: usize| u32::try_from(count).unwrap_or(u32::MAX).saturating_add(1);
    (from_one(lines), from_one(columns))
}

/// The text in quotes on one line, cut after 40 characters.
pub(super) fn quoted(text: &str) -> String {
    let mut shown: String = text.chars().take(40).flat_map(char::escape_debug).collect();
    if text.chars().nth(40).is_some() {
        shown.push('…');
    }
    format!("\"{shown}\"")
}

/// The first few of the words, and how many there are if not all of them are shown: `A, B, C`.
pub(super) fn listed<'a>(words: impl ExactSizeIterator<Item = &'a str>) -> String {
    const SHOWN: usize = 32;
    let all = words.len();
    let shown: Vec<&str> = words.take(SHOWN).collect();
    let more = if all > SHOWN { format!(", … ({all} in all)") } else { String::new() };
    shown.join(", ") + &more
}

/// The word of `known` that was most likely meant by `word`.
pub(super) fn meant<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    if length > 64 {
        return None;
    }
    let likely = |&(distance, candidate): &(usize, &str)| {
        let shorter = length.min(candidate.chars().count());
        distance == 0 || (distance < shorter && distance <= (length / 3).max(1))
    };
    let lower = word.to_lowercase();
    known
        .map(|candidate| (distance(&lower, &candidate.to_lowercase()), candidate))
        .filter(likely)
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, candidate)| candidate)
}

/// Insertions, deletions, replacements and exchanges of neighbours that make one word the other.
fn distance(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let width = other.len() + 1;
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..width).collect();
    for row in 1..=one.len() {
        let mut current = vec![row];
        for column in 1..width {
            let same = one[row - 1] == other[column - 1];
            let mut best =
                (last[column - 1] + usize::from(!same)).min(last[column] + 1).min(current[column - 1] + 1);
            if row > 1 && column > 1 && one[row - 1] == other[column - 2] && one[row - 2] == other[column - 1]
            {
                best = best.min(before_last[column - 2] + 1);
            }
            current.push(best);
        }
        before_last = std::mem::replace(&mut last, current);
    }
    last[width - 1]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_characters_not_bytes() {
        let text = "ä = 1\nöö = 2";
        assert_eq!(place(text.as_bytes(), 0), (1, 1));
        assert_eq!(place(text.as_bytes(), text.find("= 2").unwrap()), (2, 4));
        assert_eq!(place(text.as_bytes(), usize::MAX), (2, 7));
    }

    #[test]
    fn guesses_what_was_meant() {
        let known = ["nodes", "n", "r", "w", "read_repair"];
        assert_eq!(meant("nodse", known.into_iter()), Some("nodes"));
        assert_eq!(meant("Nodes", known.into_iter()), Some("nodes"));
        assert_eq!(meant("read-repair", known.into_iter()), Some("read_repair"));
        assert_eq!(meant("W", known.into_iter()), Some("w"));
        assert_eq!(meant("x", known.into_iter()), None, "one letter is like every other");
        assert_eq!(meant("colour", known.into_iter()), None);
    }

    #[test]
    fn long_texts_are_cut_and_stay_on_one_line() {
        assert_eq!(quoted("a\nb"), r#""a\nb""#);
        assert_eq!(quoted(&"x".repeat(41)), format!("\"{}…\"", "x".repeat(40)));
        assert_eq!(listed(["A", "B"].into_iter()), "A, B");
    }
}
