//! Properties of the notation: what is written is read back, and any bytes end in a
//! derivation or an error.

use std::borrow::Cow;

use nix_parity_drv::{
    Derivation, DynamicOutput, Format, Graph, Input, Memory, Output, ReadError, StorePath, Text,
    parse, write,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// Paths live as long as the tests, so that derivations can borrow them.
const PATHS: [&str; 4] = [
    "/nix/store/8f35d0z7gbvqiv05iqr2s0bqv63mx23n-bash-5.3p3.drv",
    "/nix/store/aidsgwc227ry37zzi0zb2i62zkr9ycy2-setup.sh",
    "/home/lars/store/iicjfzbgnmzprfbwpc6b2yqazk9z042m-x",
    "/nix/store/00000000000000000000000000000000-a+b_c?d=e.drv",
];

/// What has a meaning in the notation.
const PIECES: [&[u8]; 10] = [
    b"\\",
    b"\"",
    b"\n",
    b"\r",
    b"\t",
    b"\\n",
    b"\0",
    b"\xff\xfe",
    b"\",\"",
    b"])",
];

fn path() -> impl Strategy<Value = StorePath<'static>> {
    select(PATHS.as_slice()).prop_map(|text| StorePath::parse(text).unwrap())
}

/// Any bytes, with more of what has a meaning than chance would bring.
fn text() -> impl Strategy<Value = Text<'static>> {
    let piece = prop_oneof![
        vec(any::<u8>(), 0..6),
        select(PIECES.as_slice()).prop_map(<[u8]>::to_vec),
    ];
    vec(piece, 0..4).prop_map(|pieces| Cow::Owned(pieces.concat()))
}

fn output() -> impl Strategy<Value = Output<'static>> {
    (text(), proptest::option::of(path()), text(), text()).prop_map(
        |(name, path, hash_algo, hash)| Output {
            name,
            path,
            hash_algo,
            hash,
        },
    )
}

/// Nodes in preorder: each at most one below the one in front.
fn dynamic() -> impl Strategy<Value = Vec<DynamicOutput<'static>>> {
    vec((any::<Index>(), text(), vec(text(), 0..3)), 0..6).prop_map(|nodes| {
        let mut depth = 0;
        let mut node = |(index, name, outputs): (Index, _, _)| {
            depth = 1 + u32::try_from(index.index(depth as usize + 1)).unwrap();
            DynamicOutput {
                depth,
                name,
                outputs,
            }
        };
        nodes.into_iter().map(&mut node).collect()
    })
}

fn derivation() -> impl Strategy<Value = Derivation<'static>> {
    let format = select([Format::Plain, Format::Dynamic].as_slice());
    let input = (path(), vec(text(), 0..3), dynamic()).prop_map(|(path, outputs, dynamic)| Input {
        path,
        outputs,
        dynamic,
    });
    (
        format,
        vec(output(), 0..4),
        vec(input, 0..4),
        vec(path(), 0..3),
        (text(), text()),
        vec(text(), 0..4),
        vec((text(), text()), 0..6),
    )
        .prop_map(
            |(format, outputs, mut inputs, sources, (system, builder), args, env)| {
                if format == Format::Plain {
                    for input in &mut inputs {
                        input.dynamic.clear();
                    }
                }
                Derivation {
                    format,
                    outputs,
                    inputs,
                    sources,
                    system,
                    builder,
                    args,
                    env,
                }
            },
        )
}

#[derive(Debug, Clone)]
enum Mutation {
    Cut(Index),
    Replace(Index, u8),
    Remove(Index),
    Insert(Index, u8),
    Swap(Index, Index),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let byte = || prop_oneof![any::<u8>(), select(&b"\"\\()[],-/r"[..])];
    let at = any::<Index>;
    prop_oneof![
        at().prop_map(Mutation::Cut),
        (at(), byte()).prop_map(|(i, b)| Mutation::Replace(i, b)),
        at().prop_map(Mutation::Remove),
        (at(), byte()).prop_map(|(i, b)| Mutation::Insert(i, b)),
        (at(), at()).prop_map(|(i, j)| Mutation::Swap(i, j)),
    ]
}

fn mutate(bytes: &mut Vec<u8>, mutation: &Mutation) {
    if bytes.is_empty() {
        return;
    }
    let at = |index: &Index| index.index(bytes.len());
    match mutation {
        Mutation::Cut(i) => bytes.truncate(at(i)),
        Mutation::Replace(i, byte) => {
            let at = at(i);
            bytes[at] = *byte;
        }
        Mutation::Remove(i) => {
            bytes.remove(at(i));
        }
        Mutation::Insert(i, byte) => bytes.insert(at(i), *byte),
        Mutation::Swap(i, j) => {
            let (i, j) = (at(i), at(j));
            bytes.swap(i, j);
        }
    }
}

/// Graphs are read without taking their files apart; they accept the same files, and
/// refuse others for the same reason.
fn a_graph_reads_what_is_parsed(bytes: &[u8]) {
    const ROOT: &str = "/nix/store/11111111111111111111111111111111-root.drv";
    let mut store = Memory::default();
    store.insert(ROOT, bytes);
    let root = StorePath::parse(ROOT).unwrap();
    match (parse(bytes), Graph::read(&store, &[root])) {
        (Ok(derivation), Ok(graph)) => {
            assert_eq!(graph.derivation(graph.roots()[0]), derivation);
        }
        (Ok(derivation), Err(error)) => {
            // Other files are not there, or are no derivations by their names.
            let (ReadError::Missing { path, .. } | ReadError::NoDerivation { path, .. }) = error
            else {
                unreachable!("{derivation:?}, but {error}");
            };
            let inputs = derivation.inputs.iter().map(|input| &input.path);
            let mut mentioned = inputs.chain(&derivation.sources);
            assert!(mentioned.any(|other| other.as_str() == path), "{path}");
        }
        (Err(expected), read) => {
            let Err(ReadError::Corrupt { path, source, .. }) = read else {
                unreachable!("read, but {expected}");
            };
            assert_eq!((path.as_str(), source), (ROOT, expected));
        }
    }
}

/// Whatever the bytes, an error lies within them, and what is read is written and read
/// again as the same.
fn holds(bytes: &[u8]) {
    a_graph_reads_what_is_parsed(bytes);
    match parse(bytes) {
        Ok(derivation) => {
            let written = write(&derivation);
            assert_eq!(parse(&written).unwrap(), derivation);
        }
        Err(error) => assert!(error.offset <= bytes.len(), "{error}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1_000) })]

    #[test]
    fn what_is_written_is_read_back(derivation in derivation()) {
        let bytes = write(&derivation);
        let read = parse(&bytes).unwrap();
        prop_assert_eq!(&read, &derivation);
        prop_assert_eq!(write(&read), bytes.as_slice());
        a_graph_reads_what_is_parsed(&bytes);
    }

    #[test]
    fn what_is_cut_short_is_refused_alike(derivation in derivation(), at in any::<Index>()) {
        let bytes = write(&derivation);
        let cut = &bytes[..at.index(bytes.len())];
        prop_assert!(parse(cut).is_err());
        a_graph_reads_what_is_parsed(cut);
    }

    #[test]
    fn any_bytes_end(bytes in vec(any::<u8>(), 0..200)) {
        holds(&bytes);
        holds(&[b"Derive(", &bytes[..]].concat());
    }

    #[test]
    fn nearly_right_bytes_end(
        derivation in derivation(),
        mutations in vec(mutation(), 1..4),
    ) {
        let mut bytes = write(&derivation);
        for mutation in &mutations {
            mutate(&mut bytes, mutation);
        }
        holds(&bytes);
    }

    #[test]
    fn any_text_is_a_store_path_or_not(text in any::<String>()) {
        for text in [text.clone(), format!("/nix/store/{text}"), format!("{}{text}", PATHS[0])] {
            if let Ok(path) = StorePath::parse(&text) {
                let whole = format!("{}/{}-{}", path.folder(), path.hash_part(), path.name());
                prop_assert_eq!(whole, text);
            }
        }
    }
}
