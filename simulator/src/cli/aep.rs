//! What can be asked of the feed of bookings on the command line.

mod export;
mod plan;

pub(crate) use export::{Compression, ExportFormat, ExportOptions};
pub(crate) use plan::PlanOptions;

use crate::aep::Scheme;
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// What `aep` takes.
#[derive(Debug, Args)]
pub(crate) struct AepOptions {
    #[command(subcommand)]
    pub(crate) request: AepRequest,
}

/// What is asked of the feed.
#[derive(Debug, Subcommand)]
pub(crate) enum AepRequest {
    /// Send bookings to the webhook as Adobe Experience Platform does, and hold what came of them
    /// against what was sent
    Send(Box<SendOptions>),
    /// Write bookings as an export of Adobe Experience Platform, and hold what its reconciliation
    /// made of the table against what was said
    Export(Box<ExportOptions>),
    /// See to the sources: who may send bookings, and what each shows who it is with
    Source {
        #[command(subcommand)]
        request: SourceRequest,
    },
}

/// What `aep send` takes.
#[derive(Debug, Args)]
#[command(after_help = SEND_HELP)]
pub(crate) struct SendOptions {
    #[command(flatten)]
    pub(crate) plan: PlanOptions,
    /// Events in a request
    #[arg(long, default_value_t = 50, value_name = "B", value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub(crate) batch: u32,
    /// Bookings a second; 0 is as fast as they are acknowledged
    #[arg(long, default_value_t = 0, value_name = "R", value_parser = clap::value_parser!(u32).range(0..=100_000))]
    pub(crate) rate: u32,
    /// Requests that are under way at once, at most
    #[arg(long, default_value_t = 16, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=512))]
    pub(crate) under_way: u32,
    /// Of a hundred events, so many come twice
    #[arg(long, default_value_t = 0, value_name = "PERCENT", value_parser = clap::value_parser!(u32).range(0..=100))]
    pub(crate) duplicates: u32,
    /// Of a hundred events, so many come one to four requests late
    #[arg(long, default_value_t = 0, value_name = "PERCENT", value_parser = clap::value_parser!(u32).range(0..=100))]
    pub(crate) out_of_order: u32,
    /// Of a hundred events, so many are never sent; the seed says which, and an export can bring them
    /// later (`aep export --sent`)
    #[arg(long, default_value_t = 0, value_name = "PERCENT", value_parser = clap::value_parser!(u32).range(0..=100))]
    pub(crate) lose: u32,
    /// For a hundred events, so many more that nobody can read, and as many requests that must be
    /// refused: forged, truncated, re-encoded, expired
    #[arg(long, default_value_t = 0, value_name = "PERCENT", value_parser = clap::value_parser!(u32).range(0..=100))]
    pub(crate) corrupt: u32,
    /// Names of XDM with their prefix, as in Adobe's examples
    #[arg(long)]
    pub(crate) prefixed: bool,
    #[command(flatten)]
    pub(crate) sender: SenderOptions,
    /// How long to wait until all is to be read
    #[arg(long, default_value_t = 300, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub(crate) drain_seconds: u64,
    /// Write the requests, and what must come of them; send nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Write one JSON document in place of the report; with --dry-run one a line
    #[arg(long)]
    pub(crate) json: bool,
}

/// Who sends.
#[derive(Debug, Args, Default)]
pub(crate) struct SenderOptions {
    /// The source that is played [default: forwarder; with --sign the first that has that scheme]
    #[arg(long, value_name = "NAME")]
    pub(crate) source: Option<String>,
    /// How it shows who it is [default: as the source does]
    #[arg(long, value_name = "SCHEME")]
    pub(crate) sign: Option<Scheme>,
    /// Its secret [default: the first that the stack has for it]
    #[arg(long, value_name = "SECRET", conflicts_with = "secret_file")]
    pub(crate) secret: Option<String>,
    /// The same, out of a file
    #[arg(long, value_name = "FILE")]
    pub(crate) secret_file: Option<PathBuf>,
    /// adobe-io: the private key, in PEM (PKCS#8)
    #[arg(long, value_name = "FILE")]
    pub(crate) private_key: Option<PathBuf>,
    /// adobe-io: where the host of the keys has its public half
    #[arg(long, value_name = "PATH", default_value = "/prod/keys/pub-key-local-1.pem")]
    pub(crate) key_path: String,
    /// adobe-io, adobe-io-legacy: whom the events are meant for [default: the source's]
    #[arg(long, value_name = "ID")]
    pub(crate) client_id: Option<String>,
}

const SEND_HELP: &str = "\
Some bookings are bought again for more, given up, or get money back later; the seed says which. What the
flights must have of them in the end is worked out from what was sent, and every record, the totals of
every flight and every dead letter are held against it. With --lose they are held against what was sent,
and not against what happened: the gap must be exactly what was lost.
Exit status: 0 all as it must be, 1 not, 2 wrong usage, 3 it could not run, 130 interrupted.";

/// What is asked of the sources.
#[derive(Debug, Subcommand)]
pub(crate) enum SourceRequest {
    /// Their names and schemes; no secret is shown
    List,
    /// Add a source, or replace it
    Set {
        /// Its name
        name: String,
        /// How it shows who it is
        #[arg(long, value_name = "SCHEME")]
        scheme: Scheme,
        /// adobe-io, adobe-io-legacy: whom its events are meant for
        #[arg(long, value_name = "ID")]
        client_id: Option<String>,
        #[command(flatten)]
        secret: NewSecret,
    },
    /// Add a new secret before the old one; both hold until --finish takes the old one out
    Rotate {
        /// Its name
        name: String,
        #[command(flatten)]
        secret: NewSecret,
        /// Take the old secret out
        #[arg(long, conflicts_with_all = ["secret", "secret_file", "generate"])]
        finish: bool,
    },
    /// Take a source out
    Remove {
        /// Its name
        name: String,
    },
}

/// A secret that is new.
#[derive(Debug, Args, Default)]
pub(crate) struct NewSecret {
    /// The secret: 16 to 1,024 visible ASCII characters
    #[arg(long, value_name = "SECRET", conflicts_with_all = ["secret_file", "generate"])]
    pub(crate) secret: Option<String>,
    /// The same, out of a file
    #[arg(long, value_name = "FILE", conflicts_with = "generate")]
    pub(crate) secret_file: Option<PathBuf>,
    /// Make one, and show it this once
    #[arg(long)]
    pub(crate) generate: bool,
}

#[cfg(test)]
mod tests {
    use crate::cli::Cli;
    use clap::Parser;
    use rstest::rstest;

    fn parsed(line: &str) -> Result<Cli, clap::Error> {
        Cli::try_parse_from(format!("x aep {line}").split(' '))
    }

    #[rstest]
    #[case("send")]
    #[case("send --bookings 1000 --flights 5 --duplicates 5 --out-of-order 10 --corrupt 1 --json")]
    #[case("send --sign adobe-io --private-key k.pem --client-id C --run ABCDE --prefixed")]
    #[case("send --sign bearer --source destination --secret-file s --dry-run")]
    #[case("send --bookings 200 --lose 5 --as-of 2026-12-01T00:00:00Z --date 2026-12-02")]
    #[case("export")]
    #[case("export --sent --wait --again")]
    #[case("export --bookings 200 --run ABCDE --lost 5 --gaps 3 --spoilt 1 --wait --json")]
    #[case("export --format ndjson --compression none --parts 3 --repeat 10 --out exports")]
    #[case("export --format parquet --compression zstd --row-group-rows 1000 --dry-run")]
    #[case("source list")]
    #[case("source set adobe --scheme adobe-io --client-id C")]
    #[case("source set cdp --scheme flightpulse --generate")]
    #[case("source rotate cdp --secret 0123456789abcdef")]
    #[case("source rotate cdp --finish")]
    #[case("source remove cdp")]
    fn what_makes_sense_is_taken(#[case] line: &str) {
        assert!(parsed(line).is_ok(), "{}", parsed(line).unwrap_err());
    }

    #[rstest]
    #[case("send --bookings 0", "1..=1000000")]
    #[case("send --run abc", "it is 5 of the characters")]
    #[case("send --corrupt 101", "0..=100")]
    #[case("send --sign basic", "adobe-io-legacy")]
    #[case("send --lose 101", "0..=100")]
    #[case("export --format csv", "ndjson")]
    #[case("export --sent --run ABCDE", "cannot be used with")]
    #[case("export --sent --bookings 5", "cannot be used with")]
    #[case("export --out d --wait", "cannot be used with")]
    #[case("export --again", "--wait")]
    #[case("export --dataset a/b", "one folder")]
    #[case("send --secret a --secret-file b", "cannot be used with")]
    #[case("source set cdp", "--scheme")]
    #[case("source rotate cdp --finish --generate", "cannot be used with")]
    fn what_makes_no_sense_gets_a_sentence(#[case] line: &str, #[case] says: &str) {
        let error = parsed(line).unwrap_err().to_string();
        assert!(error.contains(says), "{error}");
    }
}
