//! What is selected on a page, and where the keyboard stands.

use std::collections::BTreeSet;

use eframe::egui::Modifiers;

/// A selection in an ordered page of items.
#[derive(Debug, Clone)]
pub(crate) struct ItemSelection<T> {
    chosen: BTreeSet<T>,
    cursor: Option<T>,
    anchor: Option<T>,
    /// The cursor was moved by a key and must come into view.
    pub(crate) reveal: bool,
}

impl<T> Default for ItemSelection<T> {
    fn default() -> Self {
        Self { chosen: BTreeSet::new(), cursor: None, anchor: None, reveal: false }
    }
}

impl<T: Copy + Ord> ItemSelection<T> {
    pub(crate) fn contains(&self, item: T) -> bool {
        self.chosen.contains(&item)
    }

    pub(crate) fn len(&self) -> usize {
        self.chosen.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.chosen.is_empty()
    }

    /// The selected items, ascending.
    pub(crate) fn items(&self) -> Vec<T> {
        self.chosen.iter().copied().collect()
    }

    /// The selected item, where it is one.
    pub(crate) fn only_one(&self) -> Option<T> {
        self.chosen.first().copied().filter(|_| self.chosen.len() == 1)
    }

    /// Where the keyboard stands.
    pub(crate) fn cursor(&self) -> Option<T> {
        self.cursor
    }

    pub(crate) fn clear(&mut self) {
        self.chosen.clear();
        self.anchor = None;
    }

    /// Selects one item only.
    pub(crate) fn only(&mut self, item: T) {
        self.chosen = BTreeSet::from([item]);
        self.cursor = Some(item);
        self.anchor = Some(item);
    }

    pub(crate) fn all(&mut self, order: &[T]) {
        self.chosen = order.iter().copied().collect();
    }

    /// A click: alone it selects one, with Ctrl it toggles, with Shift it takes the range
    /// from the item clicked before.
    pub(crate) fn click(&mut self, order: &[T], item: T, modifiers: Modifiers) {
        if modifiers.shift {
            self.extend_to(order, item);
        } else if modifiers.command {
            if !self.chosen.remove(&item) {
                self.chosen.insert(item);
            }
            self.anchor = Some(item);
        } else {
            self.only(item);
        }
        self.cursor = Some(item);
    }

    /// Moves the keyboard cursor by some places; with `extend` the range is selected.
    pub(crate) fn step(&mut self, order: &[T], by: isize, extend: bool) {
        let Some(last) = order.len().checked_sub(1) else { return };
        let at = self.cursor.and_then(|cursor| order.iter().position(|&item| item == cursor));
        let to = at.map_or(0, |at| at.saturating_add_signed(by).min(last));
        if extend {
            self.extend_to(order, order[to]);
        } else {
            self.only(order[to]);
        }
        self.cursor = Some(order[to]);
        self.reveal = true;
    }

    fn extend_to(&mut self, order: &[T], item: T) {
        let place = |item| order.iter().position(|&other| other == item);
        let from = self.anchor.or(self.cursor).unwrap_or(item);
        if let (Some(a), Some(b)) = (place(from), place(item)) {
            self.chosen = order[a.min(b)..=a.max(b)].iter().copied().collect();
        }
        self.anchor = Some(from);
    }

    /// Forgets items that are gone; the cursor goes to the one that took their place.
    pub(crate) fn retain(&mut self, before: &[T], now: &[T]) {
        let alive: BTreeSet<T> = now.iter().copied().collect();
        self.chosen.retain(|item| alive.contains(item));
        self.anchor = self.anchor.filter(|item| alive.contains(item));
        if let Some(cursor) = self.cursor.filter(|cursor| !alive.contains(cursor)) {
            let at = before.iter().position(|&item| item == cursor).unwrap_or(0);
            let next = before[at.min(before.len())..].iter().find(|item| alive.contains(item));
            self.cursor = next.or(now.last()).copied();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORDER: [u32; 5] = [5, 3, 9, 1, 7];

    #[test]
    fn clicks_with_and_without_modifiers() {
        let mut choice = ItemSelection::default();
        choice.click(&ORDER, 3, Modifiers::NONE);
        choice.click(&ORDER, 1, Modifiers::SHIFT);
        assert_eq!(choice.items(), [1, 3, 9]);
        choice.click(&ORDER, 9, Modifiers::COMMAND);
        assert_eq!(choice.items(), [1, 3]);
        choice.click(&ORDER, 7, Modifiers::NONE);
        assert_eq!(choice.items(), [7]);
    }

    #[test]
    fn the_cursor_stays_where_it_was_when_an_item_leaves() {
        let mut choice = ItemSelection::default();
        choice.only(9);
        choice.retain(&ORDER, &[5, 3, 1, 7]);
        assert_eq!((choice.cursor(), choice.len()), (Some(1), 0));
        choice.step(&[5, 3, 1, 7], -1, false);
        assert_eq!(choice.items(), [3]);
    }
}
