//! The lines of a text, as YAML counts them.

/// The lines of a text without their breaks, which are a line feed, a carriage return, or
/// both in this order (YAML 1.2.2, 5.4): places in a file are counted so, whatever wrote it.
pub fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let Some(end) = text.find(['\n', '\r']) else {
            rest = None;
            return (!text.is_empty()).then_some(text);
        };
        let (line, tail) = text.split_at(end);
        let tail = tail.strip_prefix("\r\n").or_else(|| tail.get(1..));
        rest = tail;
        Some(line)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::lines;

    #[test]
    fn each_kind_of_break_ends_a_line() {
        let all = |text: &'static str| lines(text).collect::<Vec<_>>();
        assert_eq!(all("a\nb\r\nc\rd"), ["a", "b", "c", "d"]);
        assert_eq!(all("a\r\r\n\nb\n"), ["a", "", "", "b"]);
        assert_eq!(all(""), [""; 0]);
    }

    proptest! {
        /// Without a lone carriage return they are those of the standard library.
        #[test]
        fn they_are_lines_as_everywhere(text in "([a-zü]{0,3}(\n|\r\n)){0,6}[a-z]{0,2}") {
            prop_assert_eq!(lines(&text).collect::<Vec<_>>(), text.lines().collect::<Vec<_>>());
        }
    }
}
