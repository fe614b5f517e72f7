//! The commands of a shell script, as far as a line of it says them: words, quotes,
//! comments, redirections and what `$( )` runs. What a variable holds is not known.

/// A word of a command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Word {
    /// Its text without quotes; variables stand there as they are written.
    pub(super) text: String,
    /// Whether the shell puts something else in the place of a part of it.
    pub(super) is_expanded: bool,
}

/// A line of a script with those that continue it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Line {
    /// As it is written.
    pub(super) text: String,
    /// What it runs, from left to right; what `$( )` runs stands before the command that
    /// it is part of.
    pub(super) commands: Vec<Vec<Word>>,
    /// Whether it ends within a quote, so that its words are not known.
    pub(super) is_open: bool,
}

/// The lines of a script that `is_meant` picks by their text.
pub(super) fn lines(script: &str, is_meant: impl Fn(&str) -> bool) -> Vec<Line> {
    let mut found = Vec::new();
    let mut rest = script.lines();
    while let Some(line) = rest.next() {
        let mut text = line.to_owned();
        while continues(&text) {
            text.pop();
            match rest.next() {
                Some(next) => text.push_str(next),
                None => break,
            }
        }
        if is_meant(&text) {
            found.push(read(text));
        }
    }
    found
}

/// Whether the line goes on in the next one.
fn continues(line: &str) -> bool {
    let backslashes = line.chars().rev().take_while(|c| *c == '\\').count();
    backslashes % 2 == 1 && !line.trim_start().starts_with('#')
}

fn read(text: String) -> Line {
    let mut reader = Reader {
        rest: text.chars().collect::<Vec<_>>().into_iter().peekable(),
        commands: Vec::new(),
        is_open: false,
    };
    reader.commands(None);
    Line {
        commands: reader.commands,
        is_open: reader.is_open,
        text,
    }
}

struct Reader {
    rest: std::iter::Peekable<std::vec::IntoIter<char>>,
    commands: Vec<Vec<Word>>,
    is_open: bool,
}

/// A command that is being read.
#[derive(Default)]
struct Command {
    words: Vec<Word>,
    word: Option<Word>,
    /// Whether the next word is where a redirection goes.
    is_target: bool,
}

impl Command {
    fn word(&mut self) -> &mut Word {
        self.word.get_or_insert_default()
    }

    fn end_word(&mut self) {
        if let Some(word) = self.word.take() {
            if self.is_target {
                self.is_target = false;
            } else {
                self.words.push(word);
            }
        }
    }
}

impl Reader {
    /// Reads up to `end`, or to the end of the line.
    fn commands(&mut self, end: Option<char>) {
        let mut command = Command::default();
        let mut depth = 0_usize;
        loop {
            let Some(c) = self.rest.next() else {
                self.is_open |= end.is_some();
                break;
            };
            match c {
                ')' if end == Some(')') && depth == 0 => break,
                '`' if end == Some('`') => break,
                ' ' | '\t' => command.end_word(),
                '#' if command.word.is_none() => {
                    // A comment, up to the end of the line.
                    while self.rest.next().is_some() {}
                    self.is_open |= end.is_some();
                    break;
                }
                '>' | '<' => self.redirection(&mut command),
                '&' if self.rest.peek() == Some(&'>') => {
                    self.rest.next();
                    self.redirection(&mut command);
                }
                ';' | '&' | '|' | '(' | ')' => {
                    match c {
                        '(' => depth += 1,
                        ')' => depth = depth.saturating_sub(1),
                        _ => {}
                    }
                    self.end(&mut command);
                }
                _ => self.part(c, &mut command),
            }
        }
        self.end(&mut command);
    }

    fn end(&mut self, command: &mut Command) {
        command.end_word();
        let words = std::mem::take(&mut command.words);
        *command = Command::default();
        if !words.is_empty() {
            self.commands.push(words);
        }
    }

    /// `2>&1`, `>&2 `, `> FILE`
    fn redirection(&mut self, command: &mut Command) {
        let is_number = |word: &Word| word.text.chars().all(|c| c.is_ascii_digit());
        if command.word.as_ref().is_some_and(is_number) {
            command.word = None;
        }
        command.end_word();
        while self
            .rest
            .next_if(|c| matches!(c, '>' | '<' | '&' | '|'))
            .is_some()
        {}
        command.is_target = true;
    }

    /// A part of a word.
    fn part(&mut self, c: char, command: &mut Command) {
        match c {
            '\'' => {
                command.word();
                loop {
                    match self.rest.next() {
                        None => {
                            self.is_open = true;
                            break;
                        }
                        Some('\'') => break,
                        Some(c) => command.word().text.push(c),
                    }
                }
            }
            '"' => {
                command.word();
                loop {
                    match self.rest.next() {
                        None => {
                            self.is_open = true;
                            break;
                        }
                        Some('"') => break,
                        Some('\\') => {
                            let next = self.rest.next_if(|c| matches!(c, '"' | '\\' | '$' | '`'));
                            command.word().text.push(next.unwrap_or('\\'));
                        }
                        Some(c @ ('$' | '`')) => self.expansion(c, command),
                        Some(c) => command.word().text.push(c),
                    }
                }
            }
            '\\' => {
                if let Some(c) = self.rest.next() {
                    command.word().text.push(c);
                }
            }
            '$' if self.rest.peek() == Some(&'\'') => {
                // Which escapes stand in it is not looked at.
                self.rest.next();
                command.word().is_expanded = true;
                self.part('\'', command);
            }
            '$' | '`' => self.expansion(c, command),
            '*' | '?' | '~' | '{' | '[' => {
                let word = command.word();
                // `{` and `[` alone are words.
                word.is_expanded |= !matches!(c, '{' | '[');
                word.text.push(c);
            }
            _ => command.word().text.push(c),
        }
    }

    /// A variable stays as it is written; what `$( )` runs is read as commands.
    fn expansion(&mut self, c: char, command: &mut Command) {
        command.word().is_expanded = true;
        if c == '`' {
            self.commands(Some('`'));
        } else if self.rest.next_if_eq(&'(').is_some() {
            self.commands(Some(')'));
        } else {
            command.word().text.push(c);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::lines;

    #[track_caller]
    fn check(script: &str, expected: &[&[&str]]) {
        let lines = lines(script, |_| true);
        let commands: Vec<Vec<&str>> = lines
            .iter()
            .flat_map(|line| &line.commands)
            .map(|words| words.iter().map(|word| word.text.as_str()).collect())
            .collect();
        assert_eq!(commands, expected, "{script}");
    }

    #[test]
    fn lines_are_read_as_a_shell_reads_them() {
        check("echo >&2 \"a b...\"", &[&["echo", "a b..."]]);
        check(
            "a 'b c'd \"e\\\"f\" g\\ h # i",
            &[&["a", "b cd", "e\"f", "g h"]],
        );
        check("# a b", &[]);
        check("a#b", &[&["a#b"]]);
        check("a \\\n  b \\\n  c\nd", &[&["a", "b", "c"], &["d"]]);
        check(
            "a 2>&1 | b > c && d; (e)",
            &[&["a"], &["b"], &["d"], &["e"]],
        );
        check("a &> b", &[&["a"]]);
        check(
            "x=$(P=\"q:$P\" a b 2>&1) || c=$?",
            &[&["P=q:$P", "a", "b"], &["x="], &["c=$?"]],
        );
        check(
            "a \"$(b 'c')\" `d e`",
            &[&["b", "c"], &["d", "e"], &["a", "", ""]],
        );
        check("a ''", &[&["a", ""]]);
        // A comment goes on in no other line.
        check("# a \\\nb", &[&["b"]]);
    }

    #[test]
    fn what_is_not_all_there_is_open() {
        for (script, is_open) in [
            ("a 'b", true),
            ("a \"b", true),
            ("a $(b", true),
            ("a `b", true),
            ("a 'b'", false),
            ("a $'b'", false),
        ] {
            assert_eq!(lines(script, |_| true)[0].is_open, is_open, "{script}");
        }
        let word = |script: &str| lines(script, |_| true)[0].commands[0][0].clone();
        for (script, is_expanded) in [("a$b", true), ("~/a", true), ("a*", true), ("'$a'", false)] {
            assert_eq!(word(script).is_expanded, is_expanded, "{script}");
        }
    }
}
