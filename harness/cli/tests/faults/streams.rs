//! later
use crate::table::Row;
pub(crate) fn rows() -> Vec<Row> { vec![] }
