//! What a matrix hands to jobs.

use serde_json::Value;

use super::configuration::{fixture, is_name, names};
use super::looks::said;
use crate::support::arguments;

#[test]
fn jobs_select_hosts_of_any_name_or_say_that_they_cannot() {
    let refused = fixture(&names()).run(&["matrix"]);
    said("refused", &refused);
    assert_eq!(refused.code(), Some(2), "{}", refused.stderr);
    assert!(
        refused.stderr.contains("cannot be handed to a job"),
        "{}",
        refused.stderr
    );

    let names: Vec<_> = names().into_iter().filter(|text| is_name(text)).collect();
    let fixture = fixture(&names);
    let ran = fixture.run(&["matrix", "--kind", "not:vm", "--shards", "3"]);
    let line = said("matrix", &ran);
    assert_eq!(ran.code(), Some(0), "{}", ran.stderr);
    let matrix: Value = serde_json::from_str(&line).unwrap();
    said("pretty", &fixture.run(&["matrix", "--pretty"]));
    for job in matrix["include"].as_array().unwrap() {
        // As `join(matrix.args, …)` of the workflow makes them, and the script reads them.
        let arguments = arguments(job);
        let joined = arguments.join("\n");
        let read: Vec<_> = ["list"].into_iter().chain(joined.split('\n')).collect();
        let listed = fixture.run(&[&read[..], &["--format", "jsonl"]].concat());
        assert_eq!(listed.code(), Some(0), "{job}: {}", listed.stderr);
        assert_eq!(job["tests"], listed.stdout.lines().count(), "{arguments:?}");
    }
}
