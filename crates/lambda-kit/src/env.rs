//! Settings from the environment.

/// A setting that must be there and is not.
#[derive(Debug, thiserror::Error)]
#[error("the environment variable {0} must be set; the CDK app sets it")]
pub struct Missing(String);

/// The setting of this name.
///
/// # Errors
/// [`Missing`] when it is not set or empty.
pub fn required(name: &str) -> Result<String, Missing> {
    std::env::var(name).ok().filter(|value| !value.is_empty()).ok_or_else(|| Missing(name.into()))
}
