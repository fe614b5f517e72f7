//! Names in another spelling than the file's own. On a disk that ignores case they lead to
//! the file; here they lead to nothing, and the file must count all the same.

use std::os::unix::fs::symlink;

use nix_parity_testkit::Project;

use super::{state, world};
use crate::depend::{Dependency, Tree, World};

type Of = fn(String) -> Dependency;

const FILES: &[(&str, &str)] = &[
    ("name.txt", "one\n"),
    ("Modules/foo.nix", "{ }\n"),
    ("Modules/deep/part.nix", "{ }\n"),
    // As a Mac writes a name that is typed; below it is asked for as most editors write it.
    ("cafe\u{301}.txt", "one\n"),
    ("stra\u{df}e/a.txt", "one\n"),
];

#[test]
fn the_content_of_a_file_counts_under_each_spelling() {
    let of: [Of; 3] = [
        Dependency::Content,
        Dependency::Evaluated,
        Dependency::Expression,
    ];
    for (file, spellings) in [
        ("name.txt", ["Name.txt", "./NAME.TXT"]),
        ("Modules/foo.nix", ["modules/foo.nix", "MODULES/Foo.nix"]),
        ("Modules/deep/part.nix", ["modules", "Modules/Deep"]),
        ("cafe\u{301}.txt", ["caf\u{e9}.txt", "CAF\u{c9}.txt"]),
        ("stra\u{df}e/a.txt", ["STRASSE/A.txt", "strasse"]),
        ("Modules/foo.nix", ["link/FOO.nix", "Link/foo.nix"]),
        ("name.txt", ["to-name", "To-Name"]),
    ] {
        for spelling in spellings {
            for of in of {
                let project = Project::new(FILES);
                symlink("modules", project.path("link")).unwrap();
                symlink("Name.TXT", project.path("to-name")).unwrap();
                project.git_add_all();
                let dependency = of(spelling.to_owned());
                let before = state(&project, &dependency);
                project.write("other.txt", "other\n");
                assert_eq!(before, state(&project, &dependency), "{dependency:?}");
                project.write(file, "two\n");
                assert_ne!(before, state(&project, &dependency), "{dependency:?}");
                // The same of a folder that is no repository.
                let tree = Tree::of_folder(project.root().as_std_path()).unwrap();
                let plain = World::new(tree, "".into()).state(&dependency);
                project.write(file, "three\n");
                let tree = Tree::of_folder(project.root().as_std_path()).unwrap();
                let changed = World::new(tree, "".into()).state(&dependency);
                assert_ne!(plain, changed, "{dependency:?}");
            }
        }
    }
}

#[test]
fn that_a_file_is_there_counts_under_each_spelling() {
    let of: [Of; 3] = [Dependency::Kind, Dependency::Content, Dependency::Names];
    for (file, spelling) in [
        ("name.txt", "Name.txt"),
        ("Modules/foo.nix", "modules/FOO.nix"),
        ("cafe\u{301}.txt", "Caf\u{e9}.txt"),
        ("Modules/deep/part.nix", "modules/Deep"),
    ] {
        for of in of {
            let project = Project::new(FILES);
            project.commit("all");
            let dependency = of(spelling.to_owned());
            let before = state(&project, &dependency);
            project.git(&["rm", "--quiet", "--", file]);
            project.commit("less");
            assert_ne!(before, state(&project, &dependency), "{dependency:?}");
        }
    }
}

#[test]
fn a_list_of_names_counts_under_each_spelling_of_the_folder() {
    for of in [Dependency::Listing as Of, Dependency::Names] {
        let project = Project::new(FILES);
        let dependency = of("modules".to_owned());
        let before = state(&project, &dependency);
        project.write("Modules/new.nix", "{ }\n");
        project.git_add_all();
        assert_ne!(before, state(&project, &dependency), "{dependency:?}");
    }
}

#[test]
fn a_rename_in_case_only_counts() {
    for (dependency, counts) in [
        (Dependency::Content("name.txt".to_owned()), true),
        (Dependency::Content("Name.txt".to_owned()), true),
        (Dependency::Kind("name.txt".to_owned()), true),
        (Dependency::Kind("NAME.txt".to_owned()), true),
        (Dependency::Listing(String::new()), true),
        (Dependency::Kind("other.txt".to_owned()), false),
    ] {
        let project = Project::new(FILES);
        let before = state(&project, &dependency);
        project.git(&["mv", "name.txt", "Name.txt"]);
        let same = before == state(&project, &dependency);
        assert_eq!(same, !counts, "{dependency:?}");
    }
}

#[test]
fn two_files_that_one_disk_takes_for_one_both_count() {
    for (one, other) in [
        ("a.txt", "A.txt"),
        ("Folder/a.txt", "folder/a.txt"),
        ("caf\u{e9}", "cafe\u{301}"),
    ] {
        for asked in [one, other] {
            for edited in [one, other] {
                let project = Project::new(&[(one, "one\n"), (other, "other\n")]);
                let dependency = Dependency::Content(asked.to_owned());
                let before = state(&project, &dependency);
                project.write(edited, "edited\n");
                let after = state(&project, &dependency);
                assert_ne!(before, after, "{edited}, asked for as {asked}");
            }
        }
    }
}

#[test]
fn two_folders_that_one_disk_takes_for_one_both_count() {
    let project = Project::new(&[("Mods/a.nix", "1\n"), ("mods/b.nix", "1\n")]);
    for path in ["Mods", "mods", "MODS"] {
        for of in [Dependency::Listing as Of, Dependency::Content] {
            for edited in ["Mods/new.nix", "mods/more.nix"] {
                let dependency = of(path.to_owned());
                let before = state(&project, &dependency);
                project.write(edited, &format!("{path} {dependency}\n"));
                project.git_add_all();
                let after = state(&project, &dependency);
                if matches!(dependency, Dependency::Content(_)) {
                    assert_ne!(before, after, "{dependency:?} after {edited}");
                }
            }
        }
    }
}

#[test]
fn a_name_that_is_right_is_taken_before_others() {
    let project = Project::new(&[("a.txt", "one\n"), ("B.txt", "two\n"), ("b.txt", "three\n")]);
    let world = world(&project);
    for (asked, real) in [
        ("a.txt", "a.txt"),
        ("A.txt", "a.txt"),
        ("b.txt", "b.txt"),
        ("B.txt", "B.txt"),
        ("c.txt", "c.txt"),
    ] {
        assert_eq!(world.tree().real(asked), real);
    }
}
