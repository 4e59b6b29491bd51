//! Which partition a key is in: as Kafka's own Java client has it, so that all records of a flight
//! are in one partition, whoever writes them.
//!
//! Source: `org.apache.kafka.common.utils.Utils.murmur2` and `BuiltInPartitioner`.

const SEED: u32 = 0x9747_b28c;
const MULTIPLIER: u32 = 0x5bd1_e995;
const SHIFT: u32 = 24;

/// The index of a key's partition among `count` of them; 0 where there are none.
pub(crate) fn of(key: &[u8], count: usize) -> usize {
    // The sign bit is cleared, not the sign taken away: so does Java's client.
    let positive = murmur2(key) & 0x7fff_ffff;
    usize::try_from(positive).ok().and_then(|hash| hash.checked_rem(count)).unwrap_or(0)
}

fn murmur2(key: &[u8]) -> u32 {
    let length = u32::try_from(key.len()).unwrap_or(u32::MAX);
    let mut hash = SEED ^ length;
    let (words, rest) = key.as_chunks::<4>();
    for word in words {
        let word = u32::from_le_bytes(*word).wrapping_mul(MULTIPLIER);
        let word = (word ^ (word >> SHIFT)).wrapping_mul(MULTIPLIER);
        hash = hash.wrapping_mul(MULTIPLIER) ^ word;
    }
    if !rest.is_empty() {
        for (at, byte) in rest.iter().enumerate() {
            hash ^= u32::from(*byte) << (8 * at);
        }
        hash = hash.wrapping_mul(MULTIPLIER);
    }
    hash = (hash ^ (hash >> 13)).wrapping_mul(MULTIPLIER);
    hash ^ (hash >> 15)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    // From Apache Kafka's own test, UtilsTest.testMurmur2.
    #[rstest]
    #[case("21", -973_932_308)]
    #[case("foobar", -790_332_482)]
    #[case("a-little-bit-long-string", -985_981_536)]
    #[case("a-little-bit-longer-string", -1_486_304_829)]
    #[case("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58_897_971)]
    #[case("abc", 479_470_107)]
    fn a_key_hashes_as_in_java(#[case] key: &str, #[case] hash: i32) {
        assert_eq!(murmur2(key.as_bytes()).cast_signed(), hash);
    }

    #[test]
    fn a_key_is_in_a_partition_that_there_is() {
        for key in ["SW1234", "SW5678", ""] {
            assert!(of(key.as_bytes(), 3) < 3);
            assert_eq!(of(key.as_bytes(), 0), 0);
        }
    }
}
