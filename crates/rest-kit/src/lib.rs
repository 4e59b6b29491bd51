//! What functions behind the REST API share: answers and problems in place of answers, paths,
//! queries, cursors, and who signed a request.

pub mod caller;
pub mod cursor;
pub mod path;
pub mod problem;
pub mod query;
