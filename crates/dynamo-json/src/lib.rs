//! Items in DynamoDB's JSON, as its API answers with them and as its streams hand them over, read
//! straight into types.
//!
//! Each attribute's value says of what type it is: `{"gate": {"S": "B7"}, "revision": {"N": "4"}}`,
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html>. To read it
//! as the SDK does is a map of names and values for each item, of which the type is then made; here the
//! types are looked through while the text is read, and nothing is kept that the type does not keep.

mod item;
mod tagged;

use serde::Deserialize;

/// Reads an item's text as a type, whose fields are the item's attributes.
///
/// What the type does not have is left out, whatever it is. Our table has no bytes and no sets: bytes are
/// read as their base64, and sets as lists of texts.
///
/// # Errors
/// What is wrong with the text, or with a value for the type. It may quote the value.
pub fn from_str<'de, T: Deserialize<'de>>(item: &'de str) -> Result<T, serde_json::Error> {
    let mut json = serde_json::Deserializer::from_str(item);
    let value = T::deserialize(item::Item(&mut json))?;
    json.end()?;
    Ok(value)
}
