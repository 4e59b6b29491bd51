//! What functions behind the REST API share: answers, and problems in place of answers.

pub mod problem;
