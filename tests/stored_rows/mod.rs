//! Projects with a damaged value in a table, in pages that SQLite itself finds in order.
//!
//! Takes a place; makes a small project in it with something in every table, and gives its values as
//! seeds. Each damaged value is written into the project, which the library then opens in this
//! process: it is as it was, or called damaged. Where a row has a checksum the damage must show; each
//! value is a seed a second time with its row's checksum removed, so that the parsers see it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test ends where something is not as it should be")]

use std::path::PathBuf;

use castlist::base::Fingerprint;
use castlist::embed::{EmbeddingCache as _, TrackEmbedding};
use castlist::project::{ProjectError, StoredDendrogram};
use castlist::review::LogEntry;
use castlist::session::{Run, Session, SessionError};
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use crate::common::{TestDir, face};

/// The tables, and the columns' number of each.
const TABLES: [(&str, usize); 10] = [
    ("meta", 2),
    ("settings", 2),
    ("tracks", 3),
    ("edits", 6),
    ("clusterings", 4),
    ("embeddings", 4),
    ("faces", 3),
    ("dendrograms", 5),
    ("heads", 2),
    ("erased", 1),
];

/// Edits whose fields have all kinds of values.
const EDITS: [&str; 6] = [
    r#"{"edit":"rename","identity":1,"name":"Ada"}"#,
    r#"{"edit":"split-track","track":"v/a","at":2}"#,
    r#"{"edit":"cannot-link","a":"v/b","b":"v/c"}"#,
    r#"{"edit":"all","edits":[{"edit":"confirm","identities":2},{"edit":"reject","tracks":["v/c"]}]}"#,
    r#"{"edit":"move","tracks":["v/c"],"to":1,"override":true}"#,
    r#"{"edit":"split","tracks":["v/b"],"name":"Bea"}"#,
];

type Row = Vec<Value>;

/// A table with its rows as they were written; the checksum is the last column where there is one.
struct Table {
    name: &'static str,
    rows: Vec<Row>,
    has_checksum: bool,
}

/// A value of a table: its table, row and column, and whether the checksum of its row stays.
#[derive(Clone, Copy)]
struct Place {
    table: usize,
    row: usize,
    column: usize,
    checked: bool,
}

/// What a project says.
struct Content {
    entries: Vec<LogEntry>,
    run: Option<Run>,
    dendrogram: Option<StoredDendrogram>,
    embeddings: Vec<Option<TrackEmbedding>>,
    faces: Vec<Option<Vec<u8>>>,
}

impl Content {
    /// Whether the log is as it was, and nothing derived is other than it was or absent.
    fn is_whole(&self, before: &Self) -> bool {
        fn same<T: PartialEq>(now: Option<&T>, before: Option<&T>) -> bool {
            now.is_none() || now == before
        }
        self.entries == before.entries
            && same(self.run.as_ref(), before.run.as_ref())
            && same(self.dendrogram.as_ref(), before.dendrogram.as_ref())
            && self
                .embeddings
                .iter()
                .zip(&before.embeddings)
                .all(|(now, before)| same(now.as_ref(), before.as_ref()))
            && self.faces.iter().zip(&before.faces).all(|(now, before)| same(now.as_ref(), before.as_ref()))
    }
}

/// A project whose values can be damaged, one at a time.
pub(crate) struct StoredRows {
    folder: PathBuf,
    connection: Connection,
    /// How the trigger is made that keeps the log's rows.
    trigger: String,
    tables: Vec<Table>,
    places: Vec<Place>,
    keys: Vec<Fingerprint>,
    whole: Content,
}

impl StoredRows {
    pub(crate) fn new(place: &TestDir) -> Self {
        for (track, name) in [("a", "ada-1"), ("b", "bea-1"), ("c", "cato-1")] {
            for frame in 1..=2 {
                place.file(format!("stored/v/{track}/{frame}.jpg"), face(name));
            }
        }
        place.run_words("cluster stored --set engine=tract --method bcl --set radius=0.3").ok();
        place.apply("stored", &EDITS).ok();
        place.run_words("review undo stored").ok();
        let (folder, file) = (place.path("stored"), place.path("stored/castlist.sqlite"));
        let connection = Connection::open(file).unwrap();
        let prepare = "PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; PRAGMA temp_store = MEMORY;
                       INSERT INTO heads VALUES ('00', x'00112233');
                       INSERT INTO erased VALUES (zeroblob(32));";
        for mode in ["DELETE", "MEMORY"] {
            let set = format!("PRAGMA journal_mode = {mode}");
            connection.query_row(&set, [], |_| Ok(())).unwrap();
        }
        connection.execute_batch(prepare).unwrap();
        let trigger = "SELECT sql FROM sqlite_schema WHERE name = 'edits_last'";
        let trigger = connection.query_row(trigger, [], |row| row.get(0)).unwrap();
        let tables: Vec<Table> =
            TABLES.iter().map(|&(name, columns)| Table::read(&connection, name, columns)).collect();
        let key = |row: &Row| match &row[0] {
            Value::Blob(key) => Fingerprint(key.as_slice().try_into().unwrap()),
            other => panic!("no key: {other:?}"),
        };
        let keys = tables[5].rows.iter().map(key).collect();
        let places = places(&tables);
        let whole = Content {
            entries: Vec::new(),
            run: None,
            dendrogram: None,
            embeddings: Vec::new(),
            faces: Vec::new(),
        };
        let mut project = Self { folder, connection, trigger, tables, places, keys, whole };
        project.whole = project.content().unwrap();
        assert!(project.whole.run.is_some() && project.whole.dendrogram.is_some());
        assert!(project.tables.iter().all(|table| !table.rows.is_empty()), "each table holds something");
        project
    }

    /// Every value as bytes, numbers as text.
    pub(crate) fn seeds(&self) -> Vec<Vec<u8>> {
        let value = |place: &Place| &self.tables[place.table].rows[place.row][place.column];
        let bytes = |value: &Value| match value {
            Value::Null => Vec::new(),
            Value::Integer(number) => number.to_string().into_bytes(),
            Value::Real(number) => number.to_string().into_bytes(),
            Value::Text(text) => text.clone().into_bytes(),
            Value::Blob(bytes) => bytes.clone(),
        };
        self.places.iter().map(|place| bytes(value(place))).collect()
    }

    /// Opens the project with `bytes` in the place of the value with that number, and puts it back.
    pub(crate) fn read_with(&self, at: usize, bytes: &[u8]) {
        let place = self.places[at];
        let table = &self.tables[place.table];
        let mut rows = table.rows.clone();
        // A text stays one whatever its bytes are, and SQLite takes what looks like a number for one;
        // now and then it becomes a blob.
        let was_blob = matches!(rows[place.row][place.column], Value::Blob(_));
        let as_text = !was_blob && bytes.len() % 8 != 7;
        rows[place.row][place.column] = Value::Blob(bytes.to_vec());
        if let Some(checksum) = rows[place.row].last_mut().filter(|_| table.has_checksum && !place.checked) {
            *checksum = Value::Null;
        }
        // What the table itself refuses is in no file.
        if self.write(table, &rows, as_text.then_some((place.row, place.column))).is_err() {
            return;
        }
        let content = self.content();
        self.write(table, &table.rows, None).unwrap();
        let of = format!("{} row {}, column {}", table.name, place.row, place.column);
        match content {
            Ok(content) => {
                assert!(!place.checked || content.is_whole(&self.whole), "{of}: the damage is believed");
            }
            Err(error) => {
                let damage = matches!(*error, SessionError::Project(ProjectError::Damaged { .. }));
                assert!(damage, "{of}: {error}");
            }
        }
    }

    /// Writes all rows of a table anew, or changes nothing.
    fn write(&self, table: &Table, rows: &[Row], as_text: Option<(usize, usize)>) -> rusqlite::Result<()> {
        let is_log = table.name == "edits";
        let transaction = self.connection.unchecked_transaction()?;
        if is_log {
            transaction.execute_batch("DROP TRIGGER edits_last")?;
        }
        transaction.execute(&format!("DELETE FROM {}", table.name), [])?;
        for (at, row) in rows.iter().enumerate() {
            let place = |column: usize| match as_text {
                Some(text) if text == (at, column) => format!("CAST(?{} AS TEXT)", column + 1),
                _ => format!("?{}", column + 1),
            };
            let places: Vec<String> = (0..row.len()).map(place).collect();
            let sql = format!("INSERT INTO {} VALUES ({})", table.name, places.join(", "));
            transaction.prepare_cached(&sql)?.execute(params_from_iter(row))?;
        }
        if is_log {
            transaction.execute_batch(&self.trigger)?;
        }
        transaction.commit()
    }

    /// What the library reads.
    fn content(&self) -> Result<Content, Box<SessionError>> {
        let session = Session::open_read_only(&self.folder)?;
        let project = session.project();
        let run = session.run().map(|run| run.as_ref().clone());
        let vectors = run.as_ref().and_then(|run| run.vectors);
        drop(project.head("00").map_err(|e| Box::new(e.into()))?);
        Ok(Content {
            entries: session.history().entries().to_vec(),
            dendrogram: vectors.and_then(|vectors| project.dendrogram(vectors)),
            run,
            embeddings: self.keys.iter().map(|key| project.get(*key)).collect(),
            faces: self.keys.iter().map(|key| project.faces(*key)).collect(),
        })
    }
}

impl Table {
    fn read(connection: &Connection, name: &'static str, n_columns: usize) -> Self {
        let mut query = connection.prepare(&format!("SELECT * FROM {name}")).unwrap();
        assert_eq!(query.column_count(), n_columns, "{name}");
        let has_checksum = query.column_names().last().is_some_and(|name| name == "checksum");
        let row = |row: &rusqlite::Row<'_>| (0..n_columns).map(|at| row.get(at)).collect();
        let rows = query.query_map([], row).unwrap().collect::<Result<_, _>>().unwrap();
        Self { name, rows, has_checksum }
    }
}

/// Every value, and where its row has a checksum, once more without that.
fn places(tables: &[Table]) -> Vec<Place> {
    let mut places = Vec::new();
    for (at, table) in tables.iter().enumerate() {
        for row in 0..table.rows.len() {
            for column in 0..table.rows[row].len() {
                let variants = if table.has_checksum { &[true, false][..] } else { &[false][..] };
                places.extend(variants.iter().map(|&checked| Place { table: at, row, column, checked }));
            }
        }
    }
    places
}
