//! Every dependency is licensed so that it can be shipped.

// Helpers of tests fail as tests do: at once and loudly.
#![allow(clippy::unwrap_used)]

use serde_json::Value;
use std::path::Path;
use std::process::Command;

const ALLOWED: [&str; 13] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Whether an SPDX expression of AND, OR and parentheses one level deep can be met.
fn is_allowed(expression: &str) -> bool {
    let expression = expression.replace('/', " OR ");
    let expression = expression.trim();
    if let Some((inner, rest)) = expression.strip_prefix('(').and_then(|e| e.split_once(')')) {
        return match rest.trim().split_once(' ') {
            None => is_allowed(inner),
            Some(("AND", rest)) => is_allowed(inner) && is_allowed(rest),
            Some((_, rest)) => is_allowed(inner) || is_allowed(rest),
        };
    }
    // A part in parentheses stays whole: `A AND (B OR C)`.
    if let Some((first, rest)) = expression.split_once(" AND (") {
        return is_allowed(first) && is_allowed(&format!("({rest}"));
    }
    if let Some((first, rest)) = expression.split_once(" OR ") {
        return is_allowed(first) || is_allowed(rest);
    }
    expression
        .split(" AND ")
        .all(|licence| ALLOWED.contains(&licence.trim()))
}

#[test]
fn expressions_are_understood() {
    assert!(is_allowed("MIT OR GPL-3.0"));
    assert!(is_allowed("MIT/Apache-2.0"));
    assert!(is_allowed("(MIT OR GPL-3.0) AND Unicode-3.0"));
    assert!(is_allowed("Apache-2.0 AND (MIT OR GPL-3.0)"));
    assert!(!is_allowed("Apache-2.0 AND (GPL-2.0 OR GPL-3.0)"));
    assert!(!is_allowed("MIT AND GPL-3.0"));
    assert!(!is_allowed("GPL-3.0"));
    assert!(!is_allowed(""));
}

#[test]
fn every_dependency_has_a_licence_that_is_allowed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked"])
        .current_dir(root)
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    assert!(packages.len() > 200, "{}", packages.len());
    let refused: Vec<_> = packages
        .iter()
        .filter(|package| !is_allowed(package["license"].as_str().unwrap_or_default()))
        .map(|package| format!("{} ({})", package["name"], package["license"]))
        .collect();
    assert!(refused.is_empty(), "{refused:#?}");
}
