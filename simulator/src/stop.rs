//! Why the simulator stops without having done what was asked.

/// A reason that decides the exit status; any other error is one of not being able to run.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Stop {
    /// What was asked makes no sense.
    #[error("{0}")]
    Usage(String),
    /// Something that it needs is not there.
    #[error("{0}")]
    CannotRun(String),
    /// Somebody ended it before it was done (Ctrl-C).
    #[error("{0}")]
    Interrupted(String),
}

impl Stop {
    /// The exit status of an error.
    pub(crate) fn exit_status(error: &anyhow::Error) -> u8 {
        match error.downcast_ref::<Self>() {
            Some(Self::Usage(_)) => 2,
            Some(Self::CannotRun(_)) | None => 3,
            // What a shell says of a process that SIGINT has ended.
            Some(Self::Interrupted(_)) => 130,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_usage_and_not_being_able_to_run_are_told_apart() {
        let usage = anyhow::Error::from(Stop::Usage("no".into()));
        let cannot = anyhow::Error::from(Stop::CannotRun("no".into())).context("while seeding");
        assert_eq!(Stop::exit_status(&usage), 2);
        let interrupted = anyhow::Error::from(Stop::Interrupted("no".into()));
        assert_eq!(Stop::exit_status(&cannot), 3);
        assert_eq!(Stop::exit_status(&interrupted), 130);
        assert_eq!(Stop::exit_status(&anyhow::anyhow!("anything")), 3);
    }
}
