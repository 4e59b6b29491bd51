//! One start and one round of one contender.

use crate::function::{Contender, Function};
use crate::stub::{Stub, Traffic};
use crate::task::Task;
use std::collections::BTreeMap;
use std::time::Duration;

/// Invocations before those that count: compilers at run time have had their turn then.
const WARM_UP: usize = 20;

/// A start of a process, up to its first answer, to the smallest invocation.
pub(crate) struct Start {
    pub(crate) took: Duration,
    /// Of the function's process until then, which other processes and a sleeping core do not lengthen.
    pub(crate) processor: Duration,
}

/// Many invocations of one size, one after the other.
pub(crate) struct Warm {
    pub(crate) took: Vec<Duration>,
    /// How many of what the task counts they had in all.
    pub(crate) count: u64,
    /// Of the function's process.
    pub(crate) processor: Duration,
    pub(crate) traffic: BTreeMap<String, Traffic>,
    /// The most memory that was resident up to here, in bytes: sizes grow, so the largest batch so far had it.
    pub(crate) peak_memory: u64,
}

/// Starts a contender, and ends it once it has answered.
pub(crate) async fn start(
    task: &Task,
    contender: &Contender,
    stub: &Stub,
) -> anyhow::Result<Start> {
    let function = Function::start(contender, stub).await?;
    let smallest = task.sizes.first().copied().unwrap_or(1);
    let (_, took) = function.first((task.payload)(smallest)).await?;
    let processor = function.processor_time()?;
    function.end().await?;
    Ok(Start { took, processor })
}

/// Starts a contender and has it handle so many of what the task counts, in invocations of each size.
pub(crate) async fn round(
    task: &Task,
    contender: &Contender,
    stub: &Stub,
    count: usize,
) -> anyhow::Result<BTreeMap<usize, Warm>> {
    let function = Function::start(contender, stub).await?;
    let mut warm = BTreeMap::new();
    for &size in task.sizes {
        let payload = (task.payload)(size);
        for _ in 0..WARM_UP {
            function.runtime.invoke(payload.clone()).await?;
        }
        stub.take_traffic();
        let before = function.processor_time()?;
        let times = count.div_ceil(size);
        let mut took = Vec::with_capacity(times);
        for _ in 0..times {
            took.push(function.runtime.invoke(payload.clone()).await?.1);
        }
        let processor = function.processor_time()?.saturating_sub(before);
        let (count, traffic) = ((times * size) as u64, stub.take_traffic());
        let peak_memory = function.peak_memory()?;
        warm.insert(size, Warm { took, count, processor, traffic, peak_memory });
    }
    function.end().await?;
    Ok(warm)
}
