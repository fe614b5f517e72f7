//! Reading graphs: what is shared, what is missing, how deep.

use nix_parity_drv::{Graph, Memory, ReadError, Source, StoreFolder, StorePath};

fn path(n: usize) -> String {
    format!("/nix/store/{n:032}-link-{n}.drv")
}

/// A derivation that refers to these.
fn file(inputs: &[usize]) -> String {
    let inputs: Vec<String> = inputs
        .iter()
        .map(|&n| format!("(\"{}\",[\"out\"])", path(n)))
        .collect();
    format!(
        "Derive([(\"out\",\"\",\"\",\"\")],[{}],[],\"s\",\"b\",[],[])",
        inputs.join(",")
    )
}

fn store(files: &[(usize, &[usize])]) -> Memory {
    let mut store = Memory::default();
    for (n, inputs) in files {
        store.insert(path(*n), file(inputs));
    }
    store
}

fn read(source: &impl Source, roots: &[usize]) -> Result<Graph, ReadError> {
    let roots: Vec<String> = roots.iter().map(|&n| path(n)).collect();
    let roots: Vec<_> = roots.iter().map(|r| StorePath::parse(r).unwrap()).collect();
    Graph::read(source, &roots)
}

fn chain(graph: &Graph, to: usize) -> Option<Vec<String>> {
    let chain = graph.chain(graph.roots()[0], graph.find(&path(to))?)?;
    let names = chain
        .iter()
        .map(|&n| graph.path(n).derivation_name().into());
    Some(names.collect())
}

#[test]
fn a_chain_of_100_000_is_read_and_walked() {
    let depth = 100_000;
    let mut store = Memory::default();
    for n in 0..depth {
        let next = [n + 1];
        let inputs = if n + 1 < depth { &next[..] } else { &[] };
        store.insert(path(n), file(inputs));
    }
    let graph = read(&store, &[0]).unwrap();
    assert_eq!(graph.len(), depth);
    assert_eq!(chain(&graph, depth - 1).unwrap().len(), depth);
}

#[test]
fn what_two_toplevels_share_is_one_node() {
    let store = store(&[(0, &[2, 3]), (1, &[3, 4]), (2, &[]), (3, &[]), (4, &[])]);
    let graph = read(&store, &[0, 1, 0]).unwrap();
    assert_eq!(graph.len(), 5);
    let [a, b, again] = graph.roots() else {
        panic!("three toplevels")
    };
    assert_eq!(a, again);
    assert_eq!(graph.references(*a)[1], graph.references(*b)[0]);
}

#[test]
fn chains_are_the_shortest() {
    let store = store(&[
        (0, &[1, 2]),
        (1, &[3]),
        (2, &[4]),
        (3, &[4]),
        (4, &[5]),
        (5, &[]),
    ]);
    let graph = read(&store, &[0]).unwrap();
    assert_eq!(
        chain(&graph, 5).unwrap(),
        ["link-0", "link-2", "link-4", "link-5"]
    );
    assert_eq!(chain(&graph, 0).unwrap(), ["link-0"]);
    let [five, one] = [5, 1].map(|n| graph.find(&path(n)).unwrap());
    assert_eq!(graph.chain(five, one), None);
}

/// No store has one, since hashes cannot; files made by hand can.
#[test]
fn a_circle_ends() {
    let store = store(&[(0, &[1]), (1, &[0])]);
    let graph = read(&store, &[0]).unwrap();
    assert_eq!(graph.len(), 2);
    assert_eq!(chain(&graph, 1).unwrap(), ["link-0", "link-1"]);
}

#[test]
fn a_derivation_among_the_sources_is_referred_to() {
    let source = "/nix/store/00000000000000000000000000000009-plain";
    let text = format!(
        "Derive([],[],[\"{}\",\"{source}\"],\"s\",\"b\",[],[])",
        path(1)
    );
    let mut store = store(&[(1, &[])]);
    store.insert(path(0), text);
    let graph = read(&store, &[0]).unwrap();
    assert_eq!(graph.references(graph.roots()[0]).len(), 1);
}

#[test]
fn errors_name_the_path_and_its_referrer() {
    let mut store = store(&[(0, &[1, 2]), (1, &[]), (2, &[3])]);
    let error = read(&store, &[0]).unwrap_err();
    assert!(matches!(error, ReadError::Missing { .. }));
    assert_eq!(
        error.to_string(),
        format!(
            "{} is not in the store (referred to by {})",
            path(3),
            path(2)
        )
    );

    store.insert(path(3), "Derive(");
    let error = read(&store, &[0]).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("{} is no derivation (referred to by {})", path(3), path(2))
    );
    let source = std::error::Error::source(&error).unwrap();
    assert_eq!(source.to_string(), "at byte 7: expected `[`");

    let error = read(&store, &[7]).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("{} is not in the store", path(7))
    );

    let plain = path(0).replace(".drv", "");
    let roots = [StorePath::parse(&plain).unwrap()];
    let error = Graph::read(&store, &roots).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("{plain} is not the path of a derivation")
    );
}

#[test]
fn a_folder_in_the_place_of_a_file_is_unreadable() {
    let root = std::env::temp_dir().join(format!("nix-parity-drv-{}", std::process::id()));
    let folder = root.join(path(0).trim_start_matches('/'));
    std::fs::create_dir_all(&folder).unwrap();
    let result = read(&StoreFolder::below(&root), &[0]);
    std::fs::remove_dir(&folder).unwrap();
    std::fs::write(&folder, file(&[])).unwrap();
    let second = read(&StoreFolder::below(&root), &[0]);
    std::fs::remove_dir_all(&root).unwrap();
    assert!(matches!(
        result.unwrap_err(),
        ReadError::Unreadable { referrer: None, .. }
    ));
    assert_eq!(second.unwrap().len(), 1);
}
