//! States of a tree in a real repository: which edits change which of them.

mod recorded;
mod spelling;

use std::path::PathBuf;

use nix_parity_testkit::Project;

use super::{Dependency, State, Tree, World};

fn world(project: &Project) -> World {
    let dir = project.root().as_std_path();
    let tree = Tree::of_flake(&format!("git+file://{dir}", dir = project.root()), dir);
    World::new(tree.unwrap(), PathBuf::new())
}

/// The state of something now.
#[track_caller]
fn state(project: &Project, dependency: &Dependency) -> State {
    world(project).state(dependency).unwrap()
}
