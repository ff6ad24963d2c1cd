//! Lines about the collection of tombstones.

use super::Writer;
use ringside_core::Note;
use serde_json::{Value as Json, json};

impl Writer<'_> {
    /// What was asked, refused or forgotten; null for any other note.
    pub(super) fn collection(&self, note: &Note) -> Json {
        if let Note::CollectionBegins { key } = note {
            return json!({ "note": "collection-begins", "key": key.as_str() });
        }
        if let Note::CollectionRefused { key, by } = note {
            return json!({ "note": "collection-refused", "key": key.as_str(), "by": self.node(*by) });
        }
        if let Note::Collected { key, versions } = note {
            return json!({ "note": "collected", "key": key.as_str(), "versions": self.dots(versions) });
        }
        Json::Null
    }
}
