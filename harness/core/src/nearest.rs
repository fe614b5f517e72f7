//! The nearest right spelling of a wrong word.

/// The candidate that was most likely meant, if any is close enough to be worth
/// saying: a third of the word may differ, transpositions counting once.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (word.chars().count().max(3)) / 3;
    candidates
        .into_iter()
        .map(|c| (strsim::damerau_levenshtein(word, c), c))
        .filter(|(distance, c)| *distance <= limit || c.eq_ignore_ascii_case(word))
        .min_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.cmp(b.1)))
        .map(|(_, c)| c)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn finds_a_misspelling_and_leaves_the_unrelated_alone() {
        let hosts = ["macbook-air", "future-nixos-pc", "lars"];
        assert_eq!(nearest("macbok-air", hosts), Some("macbook-air"));
        assert_eq!(nearest("LARS", hosts), Some("lars"));
        assert_eq!(nearest("server", hosts), None);
        assert_eq!(nearest("", hosts), None);
    }
}
