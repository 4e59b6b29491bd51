//! Orders, under which flights of a reservation are bought.

use serde::{Deserialize, Serialize};

/// An order of a reservation, as a key: the feed may name none.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", from = "String")]
pub struct Order(Option<String>);

/// How an order that is named is told from one that is not, whatever its name.
const NAMED: char = '=';

impl Order {
    /// The order of this id; none for the one without.
    #[must_use]
    pub fn new(id: Option<String>) -> Self {
        Self(id)
    }

    /// Its id, when the feed names it.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.0.as_deref()
    }

    /// Whether what is said of one concerns the other: where one of them is not named, it may be the
    /// other.
    pub(super) fn concerns(&self, other: &Self) -> bool {
        self.0.is_none() || other.0.is_none() || self == other
    }
}

impl From<Order> for String {
    fn from(order: Order) -> Self {
        order.0.map_or_else(|| "*".to_owned(), |id| format!("{NAMED}{id}"))
    }
}

impl From<String> for Order {
    fn from(text: String) -> Self {
        Self(text.strip_prefix(NAMED).map(str::to_owned))
    }
}
