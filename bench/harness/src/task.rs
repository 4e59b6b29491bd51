//! What is measured: one function, who has it, and how much work an invocation brings.

use crate::function::Contender;
use crate::tasks;
use anyhow::Context;
use bytes::Bytes;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// A function that contenders have, each in its own way.
pub(crate) struct Task {
    /// Its name: that of our binary without its prefix, and of the peers' files.
    pub(crate) name: &'static str,
    /// What an invocation has many of, in the plural.
    pub(crate) unit: &'static str,
    /// How many of them an invocation has: each is measured.
    pub(crate) sizes: &'static [usize],
    /// An invocation with so many of them.
    pub(crate) payload: fn(usize) -> Bytes,
    /// What all are compared by, in this order, before anything is measured.
    pub(crate) compared: &'static [Compared],
    /// Whether there are programs for what the function does without its calls: see [`crate::own_work`].
    pub(crate) has_own_work: bool,
    /// What of an answer must be equal.
    pub(crate) comparable: fn(Value) -> Value,
    /// Whether events are published one call after the other: then their order must be equal too.
    pub(crate) in_order: bool,
}

/// An invocation that all contenders are compared by.
pub(crate) struct Compared {
    /// What it is, for whoever reads that contenders differ at it.
    pub(crate) what: &'static str,
    /// The invocation. It may go on from what came of the one before: what of its answer must be equal, null
    /// at first.
    pub(crate) payload: fn(&Value) -> Bytes,
    /// The calls of AWS that it needs: no contender may make others.
    pub(crate) needed: &'static [(&'static str, u64)],
}

/// All that there are.
pub(crate) const ALL: [Task; 3] =
    [tasks::kafka_consumer::TASK, tasks::stream_handler::TASK, tasks::api::TASK];

/// Where the contenders' programs are.
pub(crate) struct Places {
    binaries: PathBuf,
    peers: PathBuf,
    python: PathBuf,
    packages: PathBuf,
}

impl Places {
    /// Our binaries, the folder of the peers, the Python that has what they need, and the packages of all.
    ///
    /// # Errors
    /// When one of them is no path.
    pub(crate) fn new(
        binaries: &Path,
        peers: &Path,
        python: &Path,
        packages: &Path,
    ) -> anyhow::Result<Self> {
        let whole = |path: &Path| {
            // Symbolic links stay: a virtual environment is found by its own.
            std::path::absolute(path).with_context(|| format!("{} is no path", path.display()))
        };
        let [binaries, peers] = [whole(binaries)?, whole(peers)?];
        Ok(Self { binaries, peers, python: whole(python)?, packages: whole(packages)? })
    }

    /// Who is measured at a task. Ours is the first.
    pub(crate) fn contenders(&self, task: &Task) -> [Contender; 3] {
        self.contenders_of(task.name)
    }

    /// Who has the function of this name. Ours is the first.
    pub(crate) fn contenders_of(&self, name: &str) -> [Contender; 3] {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        let module = format!("{}.handler", name.replace('-', "_"));
        let packages = self.packages.join(name);
        let bundle = packages.join("node").join("index.mjs");
        [
            Contender {
                name: "Rust",
                program: self.binaries.join(format!("flightpulse-{name}")),
                arguments: Vec::new(),
                folder: self.binaries.clone(),
                package: packages.join("rust.zip"),
            },
            Contender {
                name: "Python",
                program: self.python.clone(),
                arguments: words(&["-m", "awslambdaric", &module]),
                folder: self.peers.join("python"),
                package: packages.join("python.zip"),
            },
            Contender {
                name: "Node",
                program: PathBuf::from("node"),
                arguments: words(&["runtime.mjs", &bundle.to_string_lossy()]),
                folder: self.peers.join("node"),
                package: packages.join("node.zip"),
            },
        ]
    }

    /// The programs that do a task's own work, in the order of its contenders; none where it has none.
    pub(crate) fn own_work(&self, task: &Task) -> Vec<Contender> {
        let [ours, python, node] = self.contenders(task);
        let ours = Contender { program: self.binaries.join("examples/own_work"), ..ours };
        let python = Contender { arguments: vec!["own_work.py".to_owned()], ..python };
        let node = Contender { arguments: vec!["own-work.mjs".to_owned()], ..node };
        if task.has_own_work { vec![ours, python, node] } else { Vec::new() }
    }
}
