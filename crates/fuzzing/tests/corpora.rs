//! Replays what fuzzing has found: every input of every target still ends as it must.

// Helpers of tests fail as tests do: at once and loudly.
#![allow(clippy::unwrap_used)]

use flightpulse_fuzzing::{TARGETS, Target};
use rstest::rstest;
use std::path::{Path, PathBuf};

fn fuzz() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz")
}

/// The files of a folder; none where there is no such folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn target(name: &str) -> Target {
    TARGETS.into_iter().find(|target| target.name == name).unwrap()
}

#[rstest]
#[case("export_rows")]
#[case("booking_events")]
#[case("operations_events")]
#[case("signatures")]
#[case("requests")]
#[case("messages")]
#[case("export_files")]
#[case("stored")]
fn a_corpus_holds(#[case] name: &str) {
    let target = target(name);
    let corpus = files(&fuzz().join("corpus").join(name));
    assert!(!corpus.is_empty(), "{name} has no corpus");
    for input in corpus.into_iter().chain(files(&fuzz().join("regressions").join(name))) {
        // Seen when the test fails: which input it was.
        eprintln!("{}", input.display());
        (target.try_input)(&std::fs::read(&input).unwrap());
    }
}

#[test]
fn each_target_has_a_binary_and_each_folder_a_target() {
    let manifest = std::fs::read_to_string(fuzz().join("Cargo.toml")).unwrap();
    let declared = manifest.matches("[[bin]]").count();
    assert_eq!(declared, TARGETS.len());
    for Target { name, .. } in TARGETS {
        assert!(manifest.contains(&format!("name = \"{name}\"")), "{name} has no binary");
        let source = std::fs::read_to_string(fuzz().join(format!("src/{name}.rs"))).unwrap();
        assert!(source.contains(&format!("flightpulse_fuzzing::{name}(input)")), "{source}");
    }
    for folder in files(&fuzz().join("corpus")).iter().chain(&files(&fuzz().join("regressions"))) {
        let name = folder.file_name().unwrap().to_str().unwrap();
        assert!(TARGETS.iter().any(|target| target.name == name), "{name} is no target's");
    }
}
