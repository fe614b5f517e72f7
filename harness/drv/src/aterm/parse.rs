//! From bytes to a derivation. Total: any bytes give a derivation or an error, in time
//! and memory linear in their number, and nothing recurses.

use super::cursor::Cursor;
use super::error::{Expected, ParseError};
use crate::derivation::{Derivation, DynamicOutput, Format, Input, Output, Text};

/// Reads a `.drv` file.
pub fn parse(bytes: &[u8]) -> Result<Derivation<'_>, ParseError> {
    let mut cursor = Cursor::new(bytes);
    let derivation = cursor.derivation()?;
    cursor.end()?;
    Ok(derivation)
}

/// Reads no further than the outputs.
pub(crate) fn parse_outputs(bytes: &[u8]) -> Result<(Format, Vec<Output<'_>>), ParseError> {
    let mut cursor = Cursor::new(bytes);
    Ok((cursor.format()?, cursor.list(Cursor::output)?))
}

impl<'a> Cursor<'a> {
    fn derivation(&mut self) -> Result<Derivation<'a>, ParseError> {
        let format = self.format()?;
        let outputs = self.list(Self::output)?;
        self.expect(",")?;
        let inputs = self.list(|cursor| cursor.input(format))?;
        self.expect(",")?;
        let sources = self.list(Self::path)?;
        self.expect(",")?;
        let system = self.string()?;
        self.expect(",")?;
        let builder = self.string()?;
        self.expect(",")?;
        let args = self.list(Self::string)?;
        self.expect(",")?;
        let env = self.list(Self::variable)?;
        self.expect(")")?;
        Ok(Derivation {
            format,
            outputs,
            inputs,
            sources,
            system,
            builder,
            args,
            env,
        })
    }

    pub(super) fn format(&mut self) -> Result<Format, ParseError> {
        if self.eat("Derive(") {
            return Ok(Format::Plain);
        }
        if !self.eat("DrvWithVersion(") {
            return Err(self.error(Expected::Derivation));
        }
        let at = self.at();
        if *self.string()? != *b"xp-dyn-drv" {
            return Err(ParseError {
                offset: at,
                expected: Expected::Version,
            });
        }
        self.expect(",")?;
        Ok(Format::Dynamic)
    }

    pub(super) fn output(&mut self) -> Result<Output<'a>, ParseError> {
        self.expect("(")?;
        let name = self.string()?;
        self.expect(",")?;
        let path = if self.eat("\"\"") {
            None
        } else {
            Some(self.path()?)
        };
        self.expect(",")?;
        let hash_algo = self.string()?;
        self.expect(",")?;
        let hash = self.string()?;
        self.expect(")")?;
        Ok(Output {
            name,
            path,
            hash_algo,
            hash,
        })
    }

    fn variable(&mut self) -> Result<(Text<'a>, Text<'a>), ParseError> {
        self.expect("(")?;
        let key = self.string()?;
        self.expect(",")?;
        let value = self.string()?;
        self.expect(")")?;
        Ok((key, value))
    }

    fn input(&mut self, format: Format) -> Result<Input<'a>, ParseError> {
        self.expect("(")?;
        let path = self.path()?;
        self.expect(",")?;
        let (mut outputs, mut dynamic) = (Vec::new(), Vec::new());
        match format {
            Format::Plain => outputs = self.list(Self::string)?,
            Format::Dynamic => self.wanted(&mut outputs, &mut dynamic)?,
        }
        self.expect(")")?;
        Ok(Input {
            path,
            outputs,
            dynamic,
        })
    }

    /// Goes past what is wanted of an input.
    pub(super) fn skip_wanted(&mut self, format: Format) -> Result<(), ParseError> {
        // Both notations have the plain list, most often only that.
        if format == Format::Plain || self.rest().starts_with(b"[") {
            return self.each(|cursor| cursor.raw().map(drop));
        }
        self.wanted(&mut Vec::new(), &mut Vec::new())
    }

    /// What is wanted of an input: `["out"]`, or where outputs of it are derivations
    /// `(["out"],[("out",…)])` with the same again at the dots, however deep.
    fn wanted(
        &mut self,
        of_input: &mut Vec<Text<'a>>,
        dynamic: &mut Vec<DynamicOutput<'a>>,
    ) -> Result<(), ParseError> {
        let mut depth = 0;
        'node: loop {
            let nested = self.eat("(");
            let outputs = self.list(Self::string)?;
            match dynamic.last_mut() {
                Some(node) => node.outputs = outputs,
                None => *of_input = outputs,
            }
            if nested {
                self.expect(",[")?;
                if !self.eat("])") {
                    depth += 1;
                    dynamic.push(self.dynamic(depth)?);
                    continue;
                }
            }
            while depth > 0 {
                self.expect(")")?;
                if self.eat(",") {
                    dynamic.push(self.dynamic(depth)?);
                    continue 'node;
                }
                self.expect("])")?;
                depth -= 1;
            }
            return Ok(());
        }
    }

    /// The start of an output that is a derivation, up to what is wanted of it.
    fn dynamic(&mut self, depth: u32) -> Result<DynamicOutput<'a>, ParseError> {
        self.expect("(")?;
        let name = self.string()?;
        self.expect(",")?;
        Ok(DynamicOutput {
            depth,
            name,
            outputs: Vec::new(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::write;
    use super::parse;
    use crate::derivation::{Format, OutputKind};

    const P: &str = "/nix/store/8f35d0z7gbvqiv05iqr2s0bqv63mx23n-x";

    #[test]
    fn each_kind_of_output() {
        for (output, kind) in [
            (
                format!(r#"("out","{P}","","")"#),
                OutputKind::InputAddressed,
            ),
            (
                format!(r#"("out","{P}","r:sha256","00")"#),
                OutputKind::Fixed,
            ),
            (format!(r#"("out","{P}","sha1","00")"#), OutputKind::Fixed),
            (r#"("out","","r:sha256","")"#.into(), OutputKind::Floating),
            (r#"("out","","","")"#.into(), OutputKind::Deferred),
            (
                r#"("out","","r:sha256","impure")"#.into(),
                OutputKind::Impure,
            ),
        ] {
            let text = format!(r#"Derive([{output}],[],[],"s","b",[],[])"#);
            let derivation = parse(text.as_bytes()).unwrap();
            assert_eq!(derivation.outputs[0].kind(), kind, "{output}");
            assert_eq!(derivation.is_fixed_output(), kind == OutputKind::Fixed);
            assert_eq!(write(&derivation), text.as_bytes());
        }
    }

    #[test]
    fn strings_are_bytes_with_escapes() {
        let text = b"Derive([],[],[],\"s\",\"b\",[\"\\n\\r\\t\\\\\\\"\",\"\xff\\x\"],[])";
        let derivation = parse(text).unwrap();
        assert_eq!(*derivation.args[0], *b"\n\r\t\\\"");
        assert_eq!(*derivation.args[1], *b"\xffx");
    }

    #[test]
    fn dynamic_outputs_are_a_tree() {
        let text = format!(
            r#"DrvWithVersion("xp-dyn-drv",[("out","","","")],[("{P}.drv",(["a"],[("b",(["c"],[("d",["e"]),("f",["g"])])),("h",["i"])])),("{P}.drv",["out"])],[],"s","b",[],[])"#
        );
        let derivation = parse(text.as_bytes()).unwrap();
        assert_eq!(derivation.format, Format::Dynamic);
        let nodes: Vec<_> = derivation.inputs[0]
            .dynamic
            .iter()
            .map(|node| (node.depth, &*node.name, &*node.outputs[0]))
            .collect();
        let node = |depth, name: &'static str, output: &'static str| {
            (depth, name.as_bytes(), output.as_bytes())
        };
        assert_eq!(
            nodes,
            [
                node(1, "b", "c"),
                node(2, "d", "e"),
                node(2, "f", "g"),
                node(1, "h", "i")
            ]
        );
        assert_eq!(write(&derivation), text.as_bytes());
    }

    #[test]
    fn depth_of_dynamic_outputs_is_no_depth_of_ours() {
        let depth = 100_000;
        let text = format!(
            r#"DrvWithVersion("xp-dyn-drv",[],[("{P}.drv",{}["x"]{})],[],"s","b",[],[])"#,
            r#"([],[("out","#.repeat(depth),
            ")])".repeat(depth)
        );
        let derivation = parse(text.as_bytes()).unwrap();
        assert_eq!(derivation.inputs[0].dynamic.len(), depth);
        assert_eq!(write(&derivation), text.as_bytes());
    }

    #[test]
    fn errors_say_where_and_what() {
        for (text, message) in [
            ("", "at byte 0: expected `Derive(` or `DrvWithVersion(`"),
            (
                r#"DrvWithVersion("xp-2",[]"#,
                "at byte 15: expected the version `xp-dyn-drv`",
            ),
            ("Derive([],", "at byte 10: expected `[`"),
            ("Derive([(", "at byte 9: expected `\"`"),
            (
                r#"Derive([("out"#,
                "at byte 13: expected the quote that ends a string",
            ),
            (
                "Derive([],[],[],\"s\\",
                "at byte 19: expected the quote that ends a string",
            ),
            (
                r#"Derive([],[],["x"],"#,
                "at byte 15: expected a store path (a store path is absolute)",
            ),
            (r#"Derive([],[],[],"s" "#, "at byte 19: expected `,`"),
            (
                r#"Derive([],[],[],"s","b",["a" "#,
                "at byte 28: expected `]`",
            ),
            (
                r#"Derive([],[],[],"s","b",[],[])x"#,
                "at byte 30: expected the end of the file",
            ),
        ] {
            assert_eq!(parse(text.as_bytes()).unwrap_err().to_string(), message);
        }
        // Only the dynamic notation has nested inputs.
        let nested = format!(r#"Derive([],[("{P}.drv",([],[]))],[],"s","b",[],[])"#);
        assert!(parse(nested.as_bytes()).is_err());
    }
}
