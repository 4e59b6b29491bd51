//! The manifest of an export: the list of its files, and whether they are what was delivered.
//!
//! <https://experienceleague.adobe.com/en/docs/experience-platform/destinations/ui/activate/export-datasets>

use super::export::{ExportFile, ExportKind};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The most files that are named in a reason.
const MOST_NAMED: usize = 5;

/// A file that was delivered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivered {
    /// Its key.
    pub key: String,
    /// Its size in bytes.
    pub size: u64,
}

/// A manifest, as far as it is needed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Manifest {
    /// Its files.
    #[serde(rename = "exportResults")]
    files: Vec<Listed>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct Listed {
    name: String,
    #[serde(default)]
    size: Option<u64>,
}

impl Manifest {
    /// Reads a manifest.
    ///
    /// # Errors
    /// A sentence that says what is wrong with it.
    pub fn read(bytes: &[u8]) -> Result<Self, String> {
        serde_json::from_slice(bytes)
            .map_err(|error| format!("the manifest cannot be read: {error}"))
    }

    /// How many files it lists.
    #[must_use]
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether it lists none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Holds what the manifest lists against what is in its folder. Where the folder is of this
    /// export alone, all that is in it must be listed.
    ///
    /// # Errors
    /// A sentence that names what is missing, of another size, or not listed.
    pub fn hold(&self, delivered: &[Delivered], own_folder: bool) -> Result<(), String> {
        let name = |key: &str| key.rsplit('/').next().unwrap_or_default().to_owned();
        let there: BTreeMap<String, u64> =
            delivered.iter().map(|file| (name(&file.key), file.size)).collect();
        let listed: BTreeMap<String, Option<u64>> =
            self.files.iter().map(|file| (name(&file.name), file.size)).collect();
        let missing = listed.keys().filter(|name| !there.contains_key(*name)).cloned();
        let other_size = listed.iter().filter_map(|(name, size)| {
            let (size, there) = ((*size)?, *there.get(name)?);
            (size != there).then(|| format!("{name} ({there} bytes, listed with {size})"))
        });
        let is_part = |name: &str| {
            let file = ExportFile::at(name).ok().flatten();
            own_folder && file.is_some_and(|file| file.kind != ExportKind::Manifest)
        };
        let unlisted =
            there.keys().filter(|name| is_part(name) && !listed.contains_key(*name)).cloned();
        let faults = [
            ("files of the manifest are not there", missing.collect::<Vec<_>>()),
            ("files are of another size than the manifest says", other_size.collect()),
            ("files are there that the manifest does not list", unlisted.collect()),
        ];
        let said: Vec<_> =
            faults.into_iter().filter(|(_, files)| !files.is_empty()).map(sentence).collect();
        if said.is_empty() { Ok(()) } else { Err(said.join("; ")) }
    }
}

fn sentence((what, files): (&str, Vec<String>)) -> String {
    let named = files.iter().take(MOST_NAMED).cloned().collect::<Vec<_>>().join(", ");
    let more = match files.len().saturating_sub(MOST_NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("{what}: {named}{more}")
}
