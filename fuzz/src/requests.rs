#![no_main]
libfuzzer_sys::fuzz_target!(|input: &[u8]| flightpulse_fuzzing::requests(input));
