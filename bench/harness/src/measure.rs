//! One round of one contender.

use crate::function::{Contender, Function};
use crate::payload::kafka_batch;
use crate::stub::{Stub, Traffic};
use std::collections::BTreeMap;
use std::time::Duration;

/// Sizes of batches. Kafka's mapping hands over 10,000 records at most, and 6 MB.
pub(crate) const BATCHES: [usize; 5] = [1, 10, 100, 1_000, 5_000];
/// Flights that the records of a batch are about.
const FLIGHTS: usize = 20;
/// Invocations before those that count: compilers at run time have had their turn then.
const WARM_UP: usize = 20;

/// What was measured.
pub(crate) struct Round {
    /// From the start of the process to its first answer, of one record.
    pub(crate) cold: Duration,
    pub(crate) warm: BTreeMap<usize, Warm>,
    /// The most memory that was resident, in bytes.
    pub(crate) peak_memory: u64,
}

/// Many batches of one size, one after the other.
pub(crate) struct Warm {
    pub(crate) took: Vec<Duration>,
    pub(crate) records: u64,
    /// Of the function's process.
    pub(crate) processor: Duration,
    pub(crate) traffic: BTreeMap<String, Traffic>,
}

/// Starts a contender and has it handle so many records in batches of each size.
pub(crate) async fn round(
    contender: &Contender,
    stub: &Stub,
    records: u32,
) -> anyhow::Result<Round> {
    let function = Function::start(contender, stub).await?;
    let (_, cold) = function.first(kafka_batch(1, 1)).await?;
    let mut warm = BTreeMap::new();
    for size in BATCHES {
        let payload = kafka_batch(size, FLIGHTS);
        for _ in 0..WARM_UP {
            function.runtime.invoke(payload.clone()).await?;
        }
        stub.take_traffic();
        let before = function.processor_time()?;
        let times = (records as usize).div_ceil(size);
        let mut took = Vec::with_capacity(times);
        for _ in 0..times {
            took.push(function.runtime.invoke(payload.clone()).await?.1);
        }
        let processor = function.processor_time()?.saturating_sub(before);
        let (records, traffic) = ((times * size) as u64, stub.take_traffic());
        warm.insert(size, Warm { took, records, processor, traffic });
    }
    let peak_memory = function.peak_memory()?;
    function.end().await?;
    Ok(Round { cold, warm, peak_memory })
}
