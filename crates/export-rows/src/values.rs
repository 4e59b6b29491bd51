//! Rows of columns as JSON values, without their being written as text and read again in between: of the
//! types that exports have. The text is what says how a value looks; a test holds both to be equal.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Float64Type, Int32Type, Int64Type, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType,
};
use arrow_array::{Array, BooleanArray, RecordBatch, StringArray};
use arrow_schema::{DataType, TimeUnit};
use jiff::Timestamp;
use serde_json::{Map, Number, Value};

/// What a value takes beside its content, in bytes of JSON: quotes or brackets, a comma or a colon.
const AROUND: usize = 3;
/// What a number or a flag takes, about.
const SHORT: usize = 6;

/// The columns of some rows.
pub(crate) struct Columns<'a>(Vec<(&'a str, Column<'a>)>);

struct Column<'a> {
    array: &'a dyn Array,
    kind: Kind<'a>,
}

enum Kind<'a> {
    Text(&'a StringArray),
    Whole(&'a [i64]),
    Small(&'a [i32]),
    Decimal(&'a [f64]),
    Flag(&'a BooleanArray),
    Time(&'a [i64], TimeUnit),
    Object(Columns<'a>),
    List(&'a [i32], Box<Column<'a>>),
}

impl<'a> Columns<'a> {
    /// The columns; none where one of them is of a type that is none of these.
    pub(crate) fn of(batch: &'a RecordBatch) -> Option<Self> {
        let fields = batch.schema_ref().fields().iter().map(|field| field.name().as_str());
        Self::named(fields.zip(batch.columns().iter().map(AsRef::as_ref)))
    }

    fn named(columns: impl Iterator<Item = (&'a str, &'a dyn Array)>) -> Option<Self> {
        let columns = columns.map(|(name, array)| Some((name, Column::of(array)?)));
        columns.collect::<Option<_>>().map(Self)
    }

    /// A row, and how many bytes it has as JSON, about. What is null is left out.
    ///
    /// None where a time is none of those that there are.
    pub(crate) fn row(&self, at: usize) -> Option<(Value, usize)> {
        let mut bytes = 0;
        let row = self.object(at, &mut bytes)?;
        Some((row, bytes))
    }

    fn object(&self, at: usize, bytes: &mut usize) -> Option<Value> {
        let mut object = Map::new();
        *bytes += AROUND;
        for (name, column) in &self.0 {
            if column.array.is_valid(at) {
                *bytes += name.len() + AROUND;
                object.insert((*name).to_owned(), column.value(at, bytes)?);
            }
        }
        Some(Value::Object(object))
    }
}

impl<'a> Column<'a> {
    fn of(array: &'a dyn Array) -> Option<Self> {
        let kind = match array.data_type() {
            DataType::Utf8 => Kind::Text(array.as_string()),
            DataType::Int64 => Kind::Whole(array.as_primitive::<Int64Type>().values()),
            DataType::Int32 => Kind::Small(array.as_primitive::<Int32Type>().values()),
            DataType::Float64 => Kind::Decimal(array.as_primitive::<Float64Type>().values()),
            DataType::Boolean => Kind::Flag(array.as_boolean()),
            DataType::Timestamp(unit, Some(zone)) if &**zone == super::parquet_file::UTC => {
                Kind::Time(times(array, *unit), *unit)
            }
            DataType::Struct(fields) => {
                let names = fields.iter().map(|field| field.name().as_str());
                let columns = array.as_struct().columns().iter().map(AsRef::as_ref);
                Kind::Object(Columns::named(names.zip(columns))?)
            }
            DataType::List(_) => {
                let list = array.as_list::<i32>();
                Kind::List(list.value_offsets(), Box::new(Self::of(list.values().as_ref())?))
            }
            _ => return None,
        };
        Some(Self { array, kind })
    }

    fn value(&self, at: usize, bytes: &mut usize) -> Option<Value> {
        *bytes += SHORT;
        Some(match &self.kind {
            Kind::Text(texts) => {
                let text = texts.value(at);
                *bytes += text.len();
                text.into()
            }
            Kind::Whole(numbers) => numbers[at].into(),
            Kind::Small(numbers) => numbers[at].into(),
            // What is no number is none in JSON either.
            Kind::Decimal(numbers) => Number::from_f64(numbers[at]).into(),
            Kind::Flag(flags) => flags.value(at).into(),
            Kind::Time(times, unit) => {
                let time = time(times[at], *unit)?;
                *bytes += time.len();
                time.into()
            }
            Kind::Object(columns) => columns.object(at, bytes)?,
            Kind::List(offsets, items) => {
                let range =
                    usize::try_from(offsets[at]).ok()?..usize::try_from(offsets[at + 1]).ok()?;
                let item = |at| match items.array.is_valid(at) {
                    true => items.value(at, bytes),
                    false => Some(Value::Null),
                };
                range.map(item).collect::<Option<Vec<_>>>()?.into()
            }
        })
    }
}

fn times(array: &dyn Array, unit: TimeUnit) -> &[i64] {
    match unit {
        TimeUnit::Second => array.as_primitive::<TimestampSecondType>().values(),
        TimeUnit::Millisecond => array.as_primitive::<TimestampMillisecondType>().values(),
        TimeUnit::Microsecond => array.as_primitive::<TimestampMicrosecondType>().values(),
        TimeUnit::Nanosecond => array.as_primitive::<TimestampNanosecondType>().values(),
    }
}

/// A time as text, with no decimals, three, six or nine.
fn time(count: i64, unit: TimeUnit) -> Option<String> {
    let time = match unit {
        TimeUnit::Second => Timestamp::from_second(count),
        TimeUnit::Millisecond => Timestamp::from_millisecond(count),
        TimeUnit::Microsecond => Timestamp::from_microsecond(count),
        TimeUnit::Nanosecond => Timestamp::from_nanosecond(count.into()),
    };
    let time = time.ok()?;
    Some(match time.subsec_nanosecond() {
        0 => format!("{time:.0}"),
        nanos if nanos % 1_000_000 == 0 => format!("{time:.3}"),
        nanos if nanos % 1_000 == 0 => format!("{time:.6}"),
        _ => format!("{time:.9}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parquet_file::lines;
    use arrow_json::ReaderBuilder;
    use arrow_schema::{Field, Schema};
    use serde_json::json;
    use std::sync::Arc;

    fn field(name: &str, kind: DataType) -> Field {
        Field::new(name, kind, true)
    }

    fn time_of(unit: TimeUnit) -> DataType {
        DataType::Timestamp(unit, Some("+00:00".into()))
    }

    fn batch() -> RecordBatch {
        let item = DataType::Struct(
            vec![field("quantity", DataType::Int64), field("small", DataType::Int32)].into(),
        );
        let schema = Schema::new(vec![
            field("text", DataType::Utf8),
            field("number", DataType::Float64),
            field("flag", DataType::Boolean),
            field("seconds", time_of(TimeUnit::Second)),
            field("millis", time_of(TimeUnit::Millisecond)),
            field("micros", time_of(TimeUnit::Microsecond)),
            field("nanos", time_of(TimeUnit::Nanosecond)),
            field("items", DataType::List(Arc::new(field("element", item)))),
            field("object", DataType::Struct(vec![field("name", DataType::Utf8)].into())),
        ]);
        let rows = [
            json!({
                "text": "Núñez \"Z\"\n", "number": 30000, "flag": true, "seconds": "2026-11-30T06:00:00Z",
                "millis": "2026-11-30T06:00:00.120Z", "micros": "1969-11-30T06:00:00.000120Z",
                "nanos": "2026-11-30T06:00:00.000000120Z",
                "items": [{"quantity": 1, "small": -1}, null, {}], "object": {"name": "x"},
            }),
            json!({"number": -0.25, "millis": "2026-11-30T06:00:00Z", "items": [], "object": {}}),
            json!({"text": "", "number": 1e300, "nanos": "2026-11-30T06:00:00.5Z", "flag": false}),
            json!({}),
        ];
        let text: String = rows.iter().map(|row| format!("{row}\n")).collect();
        let mut reader = ReaderBuilder::new(schema.into()).build(text.as_bytes()).unwrap();
        reader.next().unwrap().unwrap()
    }

    #[test]
    fn values_are_what_the_text_says() {
        let batch = batch();
        let text = lines(&batch).unwrap();
        let lines = text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        let columns = Columns::of(&batch).unwrap();
        assert_eq!(batch.num_rows(), lines.clone().count());
        for (at, line) in lines.enumerate() {
            let (row, bytes) = columns.row(at).unwrap();
            assert_eq!(row, serde_json::from_slice::<Value>(line).unwrap());
            assert!(bytes <= 2 * line.len() && 2 * bytes >= line.len(), "{bytes}, {}", line.len());
        }
    }

    #[test]
    fn a_time_that_is_none_is_no_time() {
        assert_eq!(time(i64::MAX, TimeUnit::Second), None);
    }
}
