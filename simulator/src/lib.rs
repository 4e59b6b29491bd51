//! The tester's command line: seed, produce, scenario.
