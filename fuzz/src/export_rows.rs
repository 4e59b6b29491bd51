#![no_main]
// The Parquet library panics at broken pages, which is caught and is a fault of the file: only a panic that
// nobody catches ends the fuzzer, and not, as by its own hook, each.
libfuzzer_sys::fuzz_target!(
    init: std::panic::set_hook(Box::new(|panic| {
        let file = panic.location().map_or("", |at| at.file());
        if !file.contains("/parquet-") && !file.contains("/arrow-") {
            eprintln!("{panic}");
        }
    })),
    |input: &[u8]| flightpulse_fuzzing::export_rows(input)
);
