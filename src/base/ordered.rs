//! A macro for types whose own order says when two are equal.

/// Makes a type with an `Ord` equal and comparable by it.
macro_rules! equal_by_order {
    ($Type:ty) => {
        impl PartialOrd for $Type {
            fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
                Some(self.cmp(other))
            }
        }

        impl PartialEq for $Type {
            fn eq(&self, other: &Self) -> bool {
                self.cmp(other).is_eq()
            }
        }

        impl Eq for $Type {}
    };
}
pub(crate) use equal_by_order;
