//! How much of a value must be known. Nix is lazy, and so are we: an option that
//! is only asked for its length need not have members that evaluate, and a
//! member that nobody looks at is not forced.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// How much of a value is looked at.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Demand {
    /// Scalars as they are; of a list its length, of a set its names.
    Shape,
    /// Everything. `paths`: packages with their store path, for which Nix must
    /// instantiate them with all they are built from.
    Full {
        /// See above.
        paths: bool,
    },
    /// The shape, and these members as far as each is demanded.
    Members(BTreeMap<String, Demand>),
    /// The shape, and every element or member as far as this.
    Each(Box<Demand>),
}

impl Demand {
    /// What satisfies both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Shape, d) | (d, Self::Shape) => d,
            (Self::Full { paths: a }, Self::Full { paths: b }) => Self::Full { paths: a || b },
            (Self::Full { paths }, d) | (d, Self::Full { paths }) => Self::Full {
                paths: paths || d.looks_at_paths(),
            },
            (Self::Members(mut a), Self::Members(b)) => {
                for (name, demand) in b {
                    let both = match a.remove(&name) {
                        Some(old) => old.and(demand),
                        None => demand,
                    };
                    a.insert(name, both);
                }
                Self::Members(a)
            }
            (Self::Each(a), Self::Each(b)) => Self::Each(Box::new(a.and(*b))),
            (Self::Members(members), Self::Each(each))
            | (Self::Each(each), Self::Members(members)) => {
                let all = members.into_values().fold(*each, Self::and);
                Self::Each(Box::new(all))
            }
        }
    }

    fn looks_at_paths(&self) -> bool {
        match self {
            Self::Shape => false,
            Self::Full { paths } => *paths,
            Self::Members(members) => members.values().any(Self::looks_at_paths),
            Self::Each(each) => each.looks_at_paths(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Demand::{self, Each, Full, Members, Shape};
    use std::collections::BTreeMap;

    fn member(name: &str, demand: Demand) -> Demand {
        Members(BTreeMap::from([(name.to_owned(), demand)]))
    }

    #[test]
    fn demands_add_up() {
        let full = |paths| Full { paths };
        assert_eq!(Shape.and(full(false)), full(false));
        assert_eq!(full(false).and(full(true)), full(true));
        assert_eq!(
            member("a", Shape).and(member("a", full(true))),
            member("a", full(true))
        );
        assert_eq!(
            member("a", full(false)).and(Each(Box::new(Shape))),
            Each(Box::new(full(false)))
        );
        assert_eq!(member("a", full(true)).and(full(false)), full(true));
    }
}
