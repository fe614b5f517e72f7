//! From a derivation to the bytes that Nix would write for it.

use crate::derivation::{Derivation, Format, Input, Output, Text};

/// Writes a derivation. What Nix wrote comes out of [`parse`](super::parse) and this
/// byte for byte, which is what the hash in its path is taken of.
pub fn write(derivation: &Derivation<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    out.extend_from_slice(match derivation.format {
        Format::Plain => b"Derive(".as_slice(),
        Format::Dynamic => b"DrvWithVersion(\"xp-dyn-drv\",",
    });
    list(&mut out, &derivation.outputs, output);
    out.push(b',');
    list(&mut out, &derivation.inputs, input);
    out.push(b',');
    list(&mut out, &derivation.sources, |out, path| {
        string(out, path.as_str().as_bytes());
    });
    out.push(b',');
    string(&mut out, &derivation.system);
    out.push(b',');
    string(&mut out, &derivation.builder);
    out.push(b',');
    list(&mut out, &derivation.args, |out, arg| string(out, arg));
    out.push(b',');
    list(&mut out, &derivation.env, |out, (key, value)| {
        tuple(out, &[key, value]);
    });
    out.push(b')');
    out
}

fn output(out: &mut Vec<u8>, output: &Output<'_>) {
    let path = output.path.map_or("", |path| path.as_str());
    tuple(
        out,
        &[
            &output.name,
            path.as_bytes(),
            &output.hash_algo,
            &output.hash,
        ],
    );
}

fn input(out: &mut Vec<u8>, input: &Input<'_>) {
    out.push(b'(');
    string(out, input.path.as_str().as_bytes());
    out.push(b',');
    let mut nodes = input.dynamic.iter().peekable();
    let mut depth = 0;
    let mut outputs = &input.outputs;
    loop {
        let below = nodes.peek().map_or(0, |next| next.depth);
        if below > depth {
            out.push(b'(');
            strings(out, outputs);
            out.extend_from_slice(b",[");
        } else {
            strings(out, outputs);
            // Closes this node and those above it that have no more below them.
            for _ in below..depth {
                out.extend_from_slice(b")])");
            }
            if below > 0 {
                out.extend_from_slice(b"),");
            }
        }
        let Some(node) = nodes.next() else { break };
        out.push(b'(');
        string(out, &node.name);
        out.push(b',');
        depth = node.depth;
        outputs = &node.outputs;
    }
    out.push(b')');
}

fn strings(out: &mut Vec<u8>, texts: &[Text<'_>]) {
    list(out, texts, |out, text| string(out, text));
}

fn list<T>(out: &mut Vec<u8>, items: &[T], item: impl Fn(&mut Vec<u8>, &T)) {
    out.push(b'[');
    for (n, value) in items.iter().enumerate() {
        if n > 0 {
            out.push(b',');
        }
        item(out, value);
    }
    out.push(b']');
}

fn tuple(out: &mut Vec<u8>, texts: &[&[u8]]) {
    for (n, text) in texts.iter().enumerate() {
        out.push(if n == 0 { b'(' } else { b',' });
        string(out, text);
    }
    out.push(b')');
}

fn string(out: &mut Vec<u8>, text: &[u8]) {
    out.push(b'"');
    for &byte in text {
        match byte {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            _ => out.push(byte),
        }
    }
    out.push(b'"');
}
