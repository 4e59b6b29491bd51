//! `watch`: the system at a glance, looked at again and again.
//!
//! (What a scenario looks at, the consequences of one event, is in [`crate::watch`].)

mod look;
mod view;

use crate::cli::WatchOptions;
use crate::interrupt::Interrupt;
use crate::place::Place;
use crate::terminal::{self, Paint};
use look::Looker;
use std::io::IsTerminal;
use std::time::Duration;

/// Looks until it is ended; that is a good end.
pub(crate) async fn run(aws: bool, options: &WatchOptions) -> anyhow::Result<()> {
    let place = Place::find(aws).await?;
    let looker = Looker::new(&place, aws, options);
    let mut interrupt = Interrupt::listen();
    let in_place = std::io::stdout().is_terminal() && !options.once && !options.json;
    let paint = Paint::for_stdout();
    loop {
        let view = tokio::select! {
            view = looker.look() => view,
            () = interrupt.asked() => return Ok(()),
        };
        if options.json {
            terminal::line(serde_json::to_string(&view)?);
        } else if in_place {
            terminal::redraw(&view.lines(paint));
        } else {
            view.lines(paint).iter().for_each(terminal::line);
        }
        if options.once {
            return Ok(());
        }
        if !options.json && !in_place {
            terminal::line("");
        }
        tokio::select! {
            () = tokio::time::sleep(Duration::from_secs(options.interval)) => {}
            () = interrupt.asked() => return Ok(()),
        }
    }
}
