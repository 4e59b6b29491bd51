//! The four rings: binary → handler → domain → ports and adapters, dependencies inwards only.

// Helpers of tests fail as tests do: at once and loudly.
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

struct Package {
    folder: String,
    dependencies: BTreeSet<String>,
}

fn packages() -> BTreeMap<String, Package> {
    let mut packages = BTreeMap::new();
    for group in ["crates", "lambdas", "."] {
        for entry in std::fs::read_dir(root().join(group)).unwrap() {
            let folder = entry.unwrap().path();
            let Ok(text) = std::fs::read_to_string(folder.join("Cargo.toml")) else {
                continue;
            };
            let manifest: toml::Table = text.parse().unwrap();
            let Some(package) = manifest.get("package") else {
                continue;
            };
            let name = package["name"].as_str().unwrap().to_owned();
            let dependencies = manifest
                .get("dependencies")
                .and_then(toml::Value::as_table)
                .map(|table| table.keys().cloned().collect())
                .unwrap_or_default();
            let folder = folder.strip_prefix(root()).unwrap().display().to_string();
            let folder = folder.trim_start_matches("./").to_owned();
            packages.insert(name, Package { folder, dependencies });
        }
    }
    packages
}

fn is_aws(dependency: &str) -> bool {
    ["aws", "lambda_", "serde_dynamo", "rdkafka", "rskafka"]
        .iter()
        .any(|start| dependency.starts_with(start))
}

#[test]
fn every_package_is_found() {
    let packages = packages();
    assert!(packages.len() >= 16, "{:?}", packages.keys());
    assert!(
        packages.values().filter(|package| package.folder.starts_with("lambdas/")).count() >= 6
    );
}

#[test]
fn the_domain_knows_nothing_of_the_outside() {
    let allowed = BTreeSet::from(
        [
            "deunicode",
            "iso_currency",
            "jiff",
            "schemars",
            "serde",
            "serde_json",
            "serde_json_borrow",
            "thiserror",
            "uuid",
        ]
        .map(String::from),
    );
    let domain = &packages()["flightpulse-domain"];
    let foreign: Vec<_> = domain.dependencies.difference(&allowed).collect();
    assert!(foreign.is_empty(), "the domain must not depend on {foreign:?}");
}

#[test]
fn contracts_depend_on_the_domain_only() {
    for dependency in &packages()["flightpulse-contracts"].dependencies {
        assert!(
            !is_aws(dependency)
                && (!dependency.starts_with("flightpulse-") || dependency == "flightpulse-domain"),
            "contracts must not depend on {dependency}"
        );
    }
}

#[test]
fn ports_know_the_domain_and_contracts_but_no_other_port_and_no_function() {
    let packages = packages();
    for port in [
        "store",
        "bus",
        "dead-letters",
        "llm",
        "topic",
        "secrets",
        "key-host",
        "booking-queue",
        "booking-history",
    ] {
        let name = format!("flightpulse-{port}");
        for dependency in &packages[&name].dependencies {
            let allowed = ["flightpulse-domain", "flightpulse-contracts"]
                .contains(&dependency.as_str())
                || port == "store" && dependency == "flightpulse-dynamo-json";
            assert!(
                allowed || !dependency.starts_with("flightpulse-"),
                "{name} must not depend on {dependency}"
            );
        }
    }
}

#[test]
fn who_sent_a_request_is_decided_without_the_outside() {
    let foreign: Vec<_> = packages()["flightpulse-authenticity"]
        .dependencies
        .iter()
        .filter(|name| {
            let reaches_out = ["tokio", "futures", "hyper", "reqwest", "flightpulse-"];
            is_aws(name) || reaches_out.iter().any(|start| name.starts_with(start))
        })
        .cloned()
        .collect();
    assert!(foreign.is_empty(), "crates/authenticity must not depend on {foreign:?}");
}

#[test]
fn nothing_depends_on_a_function_and_functions_do_not_know_each_other() {
    let packages = packages();
    let functions: BTreeSet<_> = packages
        .iter()
        .filter(|(_, package)| package.folder.starts_with("lambdas/"))
        .map(|(name, _)| name.clone())
        .collect();
    for (name, package) in &packages {
        let known: Vec<_> = package.dependencies.intersection(&functions).collect();
        assert!(known.is_empty(), "{name} must not depend on {known:?}");
    }
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

#[test]
fn only_main_touches_the_sdk_in_a_function() {
    for package in packages().values().filter(|package| package.folder.starts_with("lambdas/")) {
        for source in sources(&root().join(&package.folder).join("src")) {
            let is_main = source.file_name().is_some_and(|name| name == "main.rs");
            let text = std::fs::read_to_string(&source).unwrap();
            assert!(is_main || !text.contains("aws_sdk_"), "{} uses the AWS SDK", source.display());
            if is_main {
                let lines = text.lines().count();
                assert!(lines <= 45, "{} has {lines} lines: it only wires", source.display());
            }
        }
    }
}

#[test]
fn every_dependency_is_used() {
    let mut unused = Vec::new();
    for (name, package) in packages() {
        // This crate has its test tools for another reason, and a test of its own for that.
        if name == "flightpulse-tidy" {
            continue;
        }
        let sources = sources(&root().join(&package.folder).join("src"));
        let text: String =
            sources.iter().map(|source| std::fs::read_to_string(source).unwrap()).collect();
        for dependency in &package.dependencies {
            let path = dependency.replace('-', "_");
            let used = ["{}::", "use {};", "use {} as _;"].map(|form| form.replace("{}", &path));
            if !used.iter().any(|u| text.contains(u)) {
                unused.push(format!("{name}: {dependency}"));
            }
        }
    }
    assert!(unused.is_empty(), "{unused:#?}");
}

/// Decision 208: all functions have the allocator but one, whose memory it would not give back.
#[test]
fn every_function_but_one_has_the_allocator() {
    let mut without = Vec::new();
    for entry in std::fs::read_dir(root().join("lambdas")).unwrap() {
        let folder = entry.unwrap().path();
        let main = std::fs::read_to_string(folder.join("src/main.rs")).unwrap();
        if !main.contains("use flightpulse_allocator as _;") {
            without.push(folder.file_name().unwrap().to_owned());
        }
    }
    assert_eq!(without, ["s3-reconciliation"]);
}

#[test]
fn an_alarm_watches_a_metric_that_there_is() {
    let mut alarms = String::new();
    for entry in std::fs::read_dir(root().join("infra/lib")).unwrap() {
        let path = entry.unwrap().path();
        if path.display().to_string().contains("alarm") {
            alarms += &std::fs::read_to_string(path).unwrap();
        }
    }
    let metrics = root().join("crates/lambda-kit/src/metrics.rs");
    let metrics = std::fs::read_to_string(metrics).unwrap();
    let names: Vec<_> = alarms.split("ownMetric('").skip(1).collect();
    assert!(names.len() > 3, "{}", names.len());
    for name in names {
        let name = name.split('\'').next().unwrap();
        assert!(metrics.contains(&format!("\"{name}\"")), "nothing counts {name}");
    }
    let namespace = format!("'{}'", flightpulse_lambda_kit::metrics::NAMESPACE);
    assert!(alarms.contains(&format!("namespace: {namespace}")));
}

#[test]
fn the_domain_and_the_rules_of_authenticity_have_no_clock_no_randomness_and_no_io() {
    let folders = ["crates/domain/src", "crates/authenticity/src"];
    for source in folders.iter().flat_map(|folder| sources(&root().join(folder))) {
        let text = std::fs::read_to_string(&source).unwrap();
        for word in ["::now(", "new_v4", "std::fs", "std::env", "std::net", "rand::"] {
            assert!(!text.contains(word), "{} has {word}", source.display());
        }
    }
}

#[test]
fn a_table_key_is_written_in_one_module_only() {
    for group in ["crates", "lambdas", "simulator"] {
        for source in sources(&root().join(group)) {
            let shown = source.display().to_string();
            if shown.contains("/tests") || shown.ends_with("store/src/keys.rs") {
                continue;
            }
            let text = std::fs::read_to_string(&source).unwrap();
            for prefix in [
                "\"FLIGHT#",
                "\"PASSENGER#",
                "\"BOOKING#",
                "\"NOTIFICATION#",
                "\"RESERVATION#",
                "\"RECONCILIATION",
                "\"QUERY_SERVICE#",
            ] {
                assert!(!text.contains(prefix), "{shown} writes a table key ({prefix})");
            }
        }
    }
}

#[test]
fn files_stay_readable() {
    for group in ["crates", "lambdas", "simulator"] {
        for source in sources(&root().join(group)) {
            let lines = std::fs::read_to_string(&source).unwrap().lines().count();
            assert!(lines <= 450, "{} has {lines} lines: it may be two rooms", source.display());
        }
    }
}

#[test]
fn the_test_tools_are_dependencies_of_this_crate() {
    let tidy = &packages()["flightpulse-tidy"];
    for tool in ["insta", "proptest", "rstest", "tempfile"] {
        assert!(
            tidy.dependencies.contains(tool),
            "without {tool} here, bins and tests share no build"
        );
    }
}

#[test]
fn no_function_links_librdkafka_and_its_openssl() {
    // Dev-dependencies do not count: no function ships them.
    let packages = packages();
    let links = |name: &str| {
        let (mut seen, mut open) = (BTreeSet::new(), vec![name.to_owned()]);
        while let Some(next) = open.pop() {
            if let Some(package) = packages.get(&next)
                && seen.insert(next)
            {
                open.extend(package.dependencies.iter().cloned());
                if package.dependencies.contains("rdkafka") {
                    return true;
                }
            }
        }
        false
    };
    assert!(links("flightpulse-simulator") && links("flightpulse-kafka-mapping"));
    for (name, package) in &packages {
        assert!(!package.folder.starts_with("lambdas/") || !links(name), "{name} links rdkafka");
    }
}
