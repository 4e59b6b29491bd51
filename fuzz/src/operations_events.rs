#![no_main]
libfuzzer_sys::fuzz_target!(|input: &[u8]| flightpulse_fuzzing::operations_events(input));
