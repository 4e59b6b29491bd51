//! One checked text per cohort.
